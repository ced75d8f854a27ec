"""The page of ASVS 5.0 has each item of level 1 once, and names tests that there are."""

import ast
import asyncio
import os
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.platform.database.migrations import migrate
from contactsvc.platform.settings import SETTINGS
from contactsvc.platform.settings.checks import not_a_limit
from contactsvc.routes import ROUTES
from contactsvc.web.openapi import build_document
from tests.conftest import PASSWORD, Client, Person, pointers
from tests.flows.test_attacks_on_tokens import ATTACKS
from tests.flows.test_threats import NAME, TEST, TESTS
from tests.support import engines
from tests.support.mailbox import Mailbox

ROOT = TESTS.parent
DOCS = ROOT / "docs" / "explanation"
PAGE = (DOCS / "asvs.rst").read_text()
SOURCES = sorted((ROOT / "contactsvc").rglob("*.py"))

_NUMBERS = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1
2.1.1 2.2.1 2.2.2 2.3.1
3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3
4.1.1 4.4.1
5.2.1 5.2.2 5.3.1 5.3.2
6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2
8.1.1 8.2.1 8.2.2 8.3.1
9.1.1 9.1.2 9.1.3 9.2.1
10.4.1 10.4.2 10.4.3 10.4.4 10.4.5
11.3.1 11.3.2 11.4.1
12.1.1 12.2.1 12.2.2
13.4.1
14.2.1 14.3.1
15.1.1 15.2.1 15.3.1
"""
LEVEL_1 = _NUMBERS.split()
"""The requirements of level 1 in OWASP ASVS 5.0.0."""

VERDICTS = {"Met", "Deviates", "Operator", "Not applicable"}
COMMON = "Password@123"
"""Among the most used of 2025, and long enough."""


def rows() -> Iterator[tuple[str, list[str]]]:
    """Yield each row of the page's tables: the number of its item, and the other cells."""
    for row in PAGE.split("\n   * - v5.0.0-")[1:]:
        before_what_follows = re.split(r"\n(?=\S)", row)[0]
        number, *cells = before_what_follows.split("\n     - ")
        yield number, [" ".join(cell.split()) for cell in cells]


ROWS = dict(rows())


def verdict(cells: list[str]) -> str:
    """Return the word with which an answer begins."""
    found = re.match(r"\*\*(.+?)\.\*\* \S", cells[1])
    return found[1] if found else ""


def test_every_item_of_level_1_is_on_the_page_once() -> None:
    assert [number for number, _ in rows()] == LEVEL_1
    assert len(LEVEL_1) == 70


@pytest.mark.parametrize("number", LEVEL_1)
def test_an_item_is_answered_and_names_tests_that_there_are(number: str) -> None:
    asked, answer, shown = ROWS[number]
    named = NAME.findall(shown)

    assert asked
    assert answer
    assert verdict(ROWS[number]) in VERDICTS
    assert named or (shown == "none" and verdict(ROWS[number]) in {"Operator", "Not applicable"})
    assert len(named) == shown.count("::")
    for path, name, which in named:
        assert name in TEST.findall((TESTS / path).read_text()), f"{path}::{name}"
        assert not which or which in ATTACKS


def test_what_deviates_is_told_as_such() -> None:
    """Whoever brings another one in says so here, too."""
    deviating = {number for number in ROWS if verdict(ROWS[number]) == "Deviates"}

    assert deviating == {"3.5.3", "7.2.2", "7.2.4", "10.4.4", "10.4.5", "14.2.1"}


def fields_of(schema: Any, schemas: Any) -> Iterator[str]:
    """Yield the fields of a body, and those of what it has within."""
    if "$ref" in schema:
        yield from fields_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for name, field in schema.get("properties", {}).items():
        yield name
        yield from fields_of(field, schemas)
    yield from fields_of(schema["items"], schemas) if "items" in schema else ()


def test_the_rules_name_every_field_and_parameter() -> None:
    document = orjson.loads(build_document(ROUTES))
    schemas, names = document["components"]["schemas"], set()
    for item in document["paths"].values():
        for operation in item.values():
            names |= {parameter["name"] for parameter in operation.get("parameters", ())}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                names |= set(fields_of(content["schema"], schemas))
    table = (DOCS / "rules.rst").read_text().partition("What may come in")[2]
    cells = re.findall(r"^   \* - (``.+(?:\n       ``.+)*)", table, re.MULTILINE)
    told = set(re.findall(r"``(.+?)``", " ".join(cells)))

    assert {"postal_code", "version"} < names
    assert told == names


def test_the_rules_name_every_limit() -> None:
    rules = (DOCS / "rules.rst").read_text()

    limits = [setting.variable for setting in SETTINGS if setting.check is not_a_limit]
    assert len(limits) == 7
    assert [name for name in limits if f"``{name}``" not in rules] == []


def test_the_policy_gives_every_severity_its_time() -> None:
    policy = (DOCS / "security-policy.rst").read_text()
    times = re.findall(r"^   \* - (\w+)\n     - .+\n     - (\d+) days$", policy, re.MULTILINE)

    assert [severity for severity, _ in times] == ["Critical", "High", "Medium", "Low"]
    days = [int(number) for _, number in times]
    assert days == sorted(days)


@pytest.mark.slow
def test_no_code_starts_programs_or_runs_text() -> None:
    modules, calls = set(), set()
    for source in SOURCES:
        if source.parent.name == "cli":
            continue  # where no client's value comes
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("xml."):
                modules.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Call):
                calls.add(ast.unparse(node.func))

    assert {"asyncio", "orjson"} <= modules
    assert not modules & {"subprocess", "pickle", "marshal", "shelve", "yaml", "xml", "lxml", "pty"}
    assert not calls & {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
    assert not [call for call in calls if call.startswith(("os.exec", "os.spawn"))]
    assert not [call for call in calls if "create_subprocess" in call or "from_string" in call]


@pytest.mark.slow
def test_no_code_parses_xml_but_by_the_parser_that_refuses_document_types() -> None:
    """Of the standard library come types and escaping, and nothing that reads."""
    taken: dict[str, set[str]] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xml"):
                taken.setdefault(source.name, set()).update(alias.name for alias in node.names)

    assert set().union(*taken.values()) == {"Element", "ParseError", "TreeBuilder", "quoteattr"}
    reader = (ROOT / "contactsvc" / "contacts" / "dav" / "xml" / "reader.py").read_text()
    assert "forbid_dtd=True" in reader


def test_no_weak_hash_is_in_the_code() -> None:
    weak = re.compile(r"\b(md[245]|sha1|sha_1|des|rc4)\b")

    # The public lists of breached passwords are of SHA-1, and Redis knows scripts by it.
    # A German "des" is no cipher.
    found = {source.name for source in SOURCES if weak.search(source.read_text())}
    assert found == {"blocklist.py", "breaches.py", "pipelining.py", "german.py"}


def test_a_new_database_has_nobody_in_it(postgres_url: str) -> None:
    async def count(url: str) -> int:
        await migrate(url)
        connection = await asyncpg.connect(url)
        users: int = await connection.fetchval("SELECT count(*) FROM users")
        await connection.close()
        return users

    with engines.scratch_database(postgres_url, f"contactsvc_new_{os.getpid()}") as url:
        assert asyncio.run(count(url)) == 0


async def test_a_common_password_is_refused_wherever_one_is_set(
    client: Client, grace: Person, mailbox: Mailbox
) -> None:
    body = {"email": "ada@example.com", "password": COMMON}
    assert await pointers(await client.post("/api/auth/register", json=body)) == {"/password"}

    change = {"current_password": PASSWORD, "new_password": COMMON}
    response = await grace.put("/api/users/me/password", json=change)
    assert await pointers(response) == {"/new_password"}

    await client.post("/api/auth/update_password", json={"email": grace.email})
    response = await client.post(await mailbox.link(grace.email), json={"password": COMMON})
    assert await pointers(response) == {"/password"}
