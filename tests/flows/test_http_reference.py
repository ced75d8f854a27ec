"""The pages of the HTTP API, built as `make html` builds them, hold the whole OpenAPI document."""

import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import orjson
import pytest

from contactsvc.routes import ROUTES
from contactsvc.web.openapi import build_document

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "reference" / "http"
SECTION = re.compile(r'<section class="http-operation" id="([^"]+)">')
CONF = """
import sys
sys.path.insert(0, {docs!r})
extensions = ["_ext.http_api"]
html_theme = "basic"
smartquotes = False
suppress_warnings = ["toc.not_included", "ref.doc"]
"""

Json = dict[str, Any]
Operations = list[tuple[str, str, Json]]


@pytest.fixture(scope="module")
def document() -> Json:
    built: Json = orjson.loads(build_document(ROUTES))
    return built


@pytest.fixture
def operations(document: Json) -> Operations:
    """Every operation of the document, as method, path and what is said about it."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_every_tag_has_its_page(operations: Operations) -> None:
    directive = re.compile(r"^\.\. http-operations:: (\S+)$", re.MULTILINE)
    shown = {page.stem: directive.findall(page.read_text()) for page in PAGES.glob("*.rst")}

    tags = {tag for _, _, operation in operations for tag in operation["tags"]}
    assert shown == {tag: [tag] for tag in tags} | {"objects": []}


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of each operation as it is read on the built page, by its anchor."""
    pytest.importorskip("sphinx", reason="Sphinx is in the extra docs")
    folder = tmp_path_factory.mktemp("http")
    shutil.copytree(PAGES, folder / "reference" / "http")
    (folder / "conf.py").write_text(CONF.format(docs=str(ROOT / "docs")))
    (folder / "index.rst").write_text("HTTP\n====\n\n``GET /livez``\n")
    out = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(folder), str(out)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert built.returncode == 0, built.stderr
    found = {"index": (out / "index.html").read_text()}
    for page in (out / "reference" / "http").glob("*.html"):
        _, *parts = SECTION.split(page.read_text())
        found |= {
            f"{page.stem}#{anchor}": plain(text)
            for anchor, text in zip(parts[::2], parts[1::2], strict=True)
        }
    return found


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_every_operation_has_a_section(sections: dict[str, str], operations: Operations) -> None:
    expected = {
        f"{operation['tags'][0]}#{operation['operationId']}" for *_, operation in operations
    }
    assert set(sections) - {"index"} == expected


def test_a_section_tells_everything_about_its_operation(
    sections: dict[str, str], document: Json, operations: Operations
) -> None:
    for method, path, operation in operations:
        text = sections[f"{operation['tags'][0]}#{operation['operationId']}"]
        description = operation.get("description", "").replace("`", "")
        expected = [f"{method} {path}", description, *operation["responses"]]
        expected += [parameter["name"] for parameter in operation["parameters"]]
        for body in operation.get("requestBody", {}).get("content", {}).values():
            name = body["schema"].get("$ref", "").rpartition("/")[2]
            # A body that is a file has no fields, but a description.
            told = operation["requestBody"].get("description")
            expected += document["components"]["schemas"][name]["properties"] if name else [told]
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                expected += content.get("examples", ())
        assert [part for part in expected if part not in text] == [], f"{method} {path}"


def test_bounds_defaults_and_access_are_told(sections: dict[str, str]) -> None:
    listing, register = sections["contacts#list_contacts"], sections["auth#register"]
    assert "limit query integer, 1 to 200, default 50" in listing
    assert "sort query one of last_name, -last_name," in listing
    assert "For signed-in users, and programs with an app password." in listing
    assert "For signed-in users." in sections["users#get_me"]
    assert "email string, up to 254 characters, required" in register
    assert "Public." in register
    assert "For administrators." in sections["admin#list_users"]


def test_a_call_that_a_page_names_is_a_link(sections: dict[str, str]) -> None:
    assert 'href="reference/http/service.html#check_liveness"' in sections["index"]
