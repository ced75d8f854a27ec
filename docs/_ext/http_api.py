"""Writes the reference of the HTTP API out of the service's own OpenAPI document.

``.. http-operations:: contacts`` shows every operation with that tag, each in a section whose
anchor is its operationId; ``.. http-objects::`` shows what is answered. Wherever a page says
``GET /api/contacts`` as code, that becomes a link to the section.

sphinxcontrib-openapi 0.10 was tried first: it shows neither the fields of a body nor any bounds.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from contactsvc.routes import ROUTES
from contactsvc.web.openapi import build_document

from .http_schemas import fields_table, link_to, listed, markup, table, type_of

PAGE: Final = "reference/http/{tag}"
BY_PROGRAMS: Final = frozenset({"app_password", "basic"})
"""The security schemes of programs that sign in with an app password."""
PROBLEM: Final = "application/problem+json"

logger = logging.getLogger(__name__)


@functools.cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    loaded: dict[str, Any] = orjson.loads(build_document(ROUTES))
    return loaded


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every operation after its method, in upper case, and its path."""
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


@functools.cache
def places() -> dict[str, tuple[str, str]]:
    """Return the page and the anchor of each call, as ``GET /livez``."""
    return {
        f"{method} {path}": (PAGE.format(tag=operation["tags"][0]), operation["operationId"])
        for method, path, operation in operations()
    }


class HttpOperations(SphinxDirective):
    """Shows the operations of one tag."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each."""
        [tag] = self.arguments
        found = [found for found in operations() if found[2]["tags"] == [tag]]
        if not found:
            raise self.error(f"no operation has the tag {tag}")
        return [self._section(*call) for call in found]

    def _section(self, method: str, path: str, operation: dict[str, Any]) -> nodes.section:
        title = nodes.title("", operation["summary"])
        section = nodes.section("", title, ids=[operation["operationId"]])
        section["classes"].append("http-operation")
        section += _call(method, path)
        text = "\n\n".join(_operation(operation))
        section += self.parse_text_to_nodes(text)
        return section


class HttpObjects(SphinxDirective):
    """Shows the fields of every object that is answered."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each, in the order of the alphabet."""
        schemas = document()["components"]["schemas"]
        return [
            self._section(name, schema)
            for name, schema in sorted(schemas.items())
            if not name.endswith("Input")  # those stand at the operations that take them
        ]

    def _section(self, name: str, schema: Mapping[str, Any]) -> nodes.section:
        section = nodes.section("", nodes.title("", name), ids=[name.lower()])
        section += self.parse_text_to_nodes(fields_table(schema))
        return section


class CallLinks(SphinxPostTransform):
    """Makes a link of every call that a page names."""

    default_priority = 100

    def run(self, **_: Any) -> None:
        """Wrap what is written as a call, and nothing that is a link already."""
        builder = self.env.app.builder
        for literal in list(self.document.findall(nodes.literal)):
            place = places().get(literal.astext())
            if place is None or builder.format != "html" or _is_linked(literal):
                continue
            page, anchor = place
            uri = f"{builder.get_relative_uri(self.env.docname, page)}#{anchor}"
            link = nodes.reference("", "", internal=True, refuri=uri)
            literal.replace_self(link)
            link += literal


def _is_linked(node: nodes.Node) -> bool:
    while node.parent is not None:
        if isinstance(node, nodes.reference):
            return True
        node = node.parent
    return False


def _call(method: str, path: str) -> nodes.paragraph:
    verb = nodes.inline("", method, classes=["http-method", f"http-{method.lower()}"])
    where = nodes.inline("", path, classes=["http-path"])
    return nodes.paragraph("", "", verb, nodes.Text(" "), where, classes=["http-call"])


def _operation(operation: dict[str, Any]) -> Iterator[str]:
    """Give the paragraphs of one operation, as reStructuredText."""
    yield f"*{_who(operation)}*"
    if description := operation.get("description"):
        yield markup(description)
    if parameters := operation["parameters"]:
        yield ".. rubric:: Parameters"
        yield table(
            ("Name", "In", "Type", "Meaning"), (18, 13, 31, 38), map(_parameter, parameters)
        )
    if body := operation.get("requestBody"):
        yield ".. rubric:: Body"
        yield from _body(body)
    yield ".. rubric:: Answers"
    good = {status: a for status, a in operation["responses"].items() if status < "400"}
    for status, answer in good.items():
        yield from _answer(status, answer)
    problems = {status: a for status, a in operation["responses"].items() if status >= "400"}
    yield "Or a problem, whose code decides (:doc:`/reference/errors`):"
    rows = (_problem(status, problems[status]) for status in sorted(problems))
    yield table(("Status", "Code", "When"), (12, 36, 52), rows)


def _who(operation: Mapping[str, Any]) -> str:
    if {} in operation["security"]:
        return "Public, or for who has the token."
    if not operation["security"]:
        return "Public."
    if any(scheme in BY_PROGRAMS for each in operation["security"] for scheme in each):
        return "For signed-in users, and programs with an app password."
    refusals = operation["responses"]["403"]["content"][PROBLEM]["examples"]
    return "For administrators." if "forbidden" in refusals else "For signed-in users."


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    kind = type_of(parameter["schema"]) + (", required" if parameter.get("required") else "")
    name, where = parameter["name"], parameter["in"]
    return f"``{name}``", where, kind, markup(parameter.get("description", ""))


def _body(body: Mapping[str, Any]) -> Iterator[str]:
    shown = None
    for media_type, content in body["content"].items():
        schema = _resolved(content["schema"])
        if schema == shown:
            yield f"Or the same as ``{media_type}``."
            continue
        optional = "" if body["required"] else " It may be left out."
        yield f"As ``{media_type}``:{optional}" if shown is None else f"Or as ``{media_type}``:"
        is_object = "properties" in schema
        yield fields_table(schema, takes=True) if is_object else markup(body["description"]) + "."
        if media_type.endswith("json"):
            yield _json(content["example"])
        shown = schema


def _answer(status: str, answer: Mapping[str, Any]) -> Iterator[str]:
    content = answer.get("content", {})
    schemas = {link_to(c["schema"]) for c in content.values() if "$ref" in c["schema"]}
    what = f", with {listed(schemas)}" if schemas else ""
    others = {m for m, c in content.items() if "$ref" not in c["schema"]}
    what += f", as {listed(f'``{media_type}``' for media_type in others)}" if others else ""
    yield f"``{status}`` {markup(answer['description'])}{what}."
    if headers := answer.get("headers"):
        yield "\n".join(
            f"- ``{name}``: {markup(header['description'])}" for name, header in headers.items()
        )
    for media_type, shown in content.items():
        if media_type.endswith("json") and "example" in shown:
            yield _json(shown["example"])


def _problem(status: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    examples = answer["content"][PROBLEM]["examples"]
    codes = listed(f"``{code}``" for code in examples)
    return f"``{status}``", codes, markup(answer["description"])


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = document()["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return found


def _json(value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return ".. code-block:: json\n\n" + "\n".join(f"   {line}" for line in text.splitlines())


def _always(_: Sphinx, env: BuildEnvironment, *__: object) -> list[str]:
    """Name the pages that are made from code, which Sphinx does not watch."""
    return sorted(name for name in env.found_docs if name.startswith("reference/http/"))


def _complete(_: Sphinx, env: BuildEnvironment) -> None:
    """Warn about operations that no page shows."""
    for call, (page, _anchor) in places().items():
        if page not in env.found_docs:
            logger.warning("%s is shown nowhere: there is no page %s", call, page)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("http-operations", HttpOperations)
    app.add_directive("http-objects", HttpObjects)
    app.add_post_transform(CallLinks)
    app.connect("env-get-outdated", _always)
    app.connect("env-check-consistency", _complete)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
