"""What a handler declares is kept as it is said, and a slip of the pen is refused at once."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from functools import wraps
from typing import Any

import pytest
from aiohttp import web
from marshmallow import Schema, fields

from contactsvc.accounts.users.model import Role
from contactsvc.web.operation import (
    DATA,
    PUBLIC,
    SIGNED_IN,
    Access,
    Answer,
    Operation,
    only,
    operation,
    operation_of,
)
from contactsvc.web.schemas import JSON, BodySchema, QuerySchema, StrictSchema
from contactsvc.web.throttled import LOGIN, MAIL
from contactsvc.web.vocabulary import METRICS_SCHEME

DONE = Answer(204, "Done")


class Body(BodySchema):
    email = fields.String()


class Path(StrictSchema):
    id = fields.Integer()


class Query(QuerySchema):
    q = fields.String()


class Thing(Schema):
    id = fields.Integer()


def make(**changed: Any) -> Operation:
    """Return an operation that says the least it may, and what is changed."""
    said: dict[str, Any] = {"tag": "contacts", "id": "try_it", "summary": "Try it"}
    return Operation(**(said | {"answers": [DONE]} | changed))


def new_handler() -> Callable[..., Any]:
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    return handler


def test_what_says_nothing_of_access_is_for_the_signed_in() -> None:
    assert make().access == SIGNED_IN == Access(public=False, roles=frozenset())


def test_what_says_the_least_takes_nothing_and_answers_json() -> None:
    least = make()

    assert (least.path, least.query, least.body, least.upload) == (None, None, None, None)
    assert (least.throttles, least.body_limit, least.problems) == ((), None, ())
    assert least.media_types == (JSON,)
    assert (least.any_accept, least.any_query) == (False, False)
    assert (least.needs_database, least.documented) == (True, True)


def test_roles_are_strings() -> None:
    assert only(Role.ADMIN) == only("admin") == Access(roles=frozenset({"admin"}))
    assert Role.USER not in only(Role.ADMIN).roles


def test_no_role_is_not_everybody() -> None:
    with pytest.raises(ValueError, match="needs a role"):
        only()


def test_nobody_changes_what_was_declared() -> None:
    headers, problems = ["Link"], ["not_found"]
    declared = make(answers=[Answer(200, "It", Thing, headers=headers)], problems=problems)
    headers.append("Nonsense")
    problems.append("nonsense")

    assert declared.answers[0].headers == ("Link",)
    assert declared.problems == ("not_found",)
    with pytest.raises(FrozenInstanceError):
        declared.access = PUBLIC  # type: ignore[misc]


NEEDS_WORDS = "it needs an id that is an identifier, and a summary"
NEEDS_ANSWERS = "it needs an answer, and of each the status is 200 to 399"
MISTAKES: list[tuple[str, dict[str, Any]]] = [
    (NEEDS_WORDS, {"id": ""}),
    (NEEDS_WORDS, {"id": "try it"}),
    (NEEDS_WORDS, {"summary": ""}),
    ("the tag 'contact' is unknown", {"tag": "contact"}),
    ("the problem 'not_fuond' is unknown", {"problems": ["not_found", "not_fuond"]}),
    ("the header 'Etag' is unknown", {"request_headers": ["Etag"]}),
    ("the header 'Etag' is unknown", {"answers": [Answer(204, "Done", headers=["Etag"])]}),
    ("the security scheme 'metrics' is unknown", {"security": [{}, {"metrics": []}]}),
    (NEEDS_ANSWERS, {"answers": []}),
    (NEEDS_ANSWERS, {"answers": [Answer(199, "Done")]}),
    (NEEDS_ANSWERS, {"answers": [Answer(200, "Done"), Answer(400, "Undone")]}),
    ("a status is answered in two ways", {"answers": [DONE, Answer(204, "Gone")]}),
    ("what is public is for every role", {"access": Access(True, frozenset({"admin"}))}),
    (
        "a role is for access tokens alone",
        {"access": Access(roles=frozenset({"admin"}), credentials=DATA.credentials)},
    ),
    ("it needs a way to sign in", {"access": Access(credentials=frozenset())}),
    ("it needs a media type, or any_accept", {"media_types": []}),
    ("a body is either validated or an upload", {"body": Body, "upload": Body}),
    ("it is throttled by the e-mail of a body, and has none", {"throttles": [LOGIN]}),
    ("an idempotency key is for a body", {"idempotency_key": True}),
    (
        "an idempotency key is a user's",
        {"idempotency_key": True, "body": Body, "access": PUBLIC},
    ),
    ("a query is either validated or anything", {"query": Query, "any_query": True}),
    ("the tag 'x' is unknown; the problem 'y' is unknown", {"tag": "x", "problems": "y"}),
]


@pytest.mark.parametrize(("complaint", "changed"), MISTAKES)
def test_a_mistake_in_a_declaration_is_named(complaint: str, changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Operation") as told:
        make(**changed)

    assert str(told.value) == f"Operation {changed.get('id', 'try_it')!r}: {complaint}."


@pytest.mark.parametrize(
    "changed",
    [
        {"problems": ("not_found", "conflict")},
        {"answers": (Answer(200, "It", Thing, headers=["ETag"]), Answer(399, "Elsewhere"))},
        {"security": ({METRICS_SCHEME: []}, {})},
        {"throttles": (LOGIN, MAIL), "body": Body},
        {"media_types": (), "any_accept": True},
        {"idempotency_key": True, "body": Body},
    ],
)
def test_what_is_known_is_declared(changed: dict[str, Any]) -> None:
    declared = make(**changed)

    assert {name: getattr(declared, name) for name in changed} == changed


@pytest.mark.parametrize("name", ["tag", "id", "summary", "answers"])
def test_what_every_operation_has_cannot_be_left_out(name: str) -> None:
    said = {"tag": "contacts", "id": "try_it", "summary": "Try it", "answers": [DONE]}
    del said[name]

    with pytest.raises(TypeError, match=name):
        operation(**said)  # type: ignore[arg-type]


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="operationId"):
        operation(operationId="try_it")  # type: ignore[call-arg]


def test_the_decorator_returns_the_handler_itself() -> None:
    # A wrapper would hide the schemas that aiohttp-apispec wrote on the handler.
    handler = new_handler()

    declare = operation(tag="users", id="try_it", summary="Try it", access=PUBLIC, answers=[DONE])

    assert declare(handler) is handler
    assert operation_of(handler).access is PUBLIC


def test_aiohttp_apispec_hears_of_all_that_it_has_words_for() -> None:
    handler: Any = new_handler()

    operation(
        tag="users",
        id="try_it",
        summary="Try it",
        description="Or not.",
        path=Path,
        query=Query,
        body=Body,
        answers=[
            Answer(200, "It", Thing),
            Answer(203, "Text", {"type": "string"}),
            Answer(304, "The same"),
        ],
        media_types=["text/plain"],
    )(handler)

    notes = handler.__apispec__
    # The body is validated first, whatever the order in which things are declared.
    places = [(note["location"], type(note["schema"])) for note in handler.__schemas__]
    assert places == [("json", Body), ("querystring", Query), ("match_info", Path)]
    assert (notes["tags"], notes["operationId"]) == (["users"], "try_it")
    assert (notes["summary"], notes["description"]) == ("Try it", "Or not.")
    assert notes["produces"] == ["text/plain"]
    whole, text, same = (notes["responses"][status] for status in ("200", "203", "304"))
    assert (whole["description"], type(whole["schema"])) == ("It", Thing)
    assert text == {"description": "Text", "schema": {"type": "string"}}
    assert same == {"description": "The same"}


def test_a_handler_is_declared_once() -> None:
    handler = new_handler()
    declare = operation(tag="users", id="try_it", summary="Try it", answers=[DONE])
    declare(handler)

    with pytest.raises(TypeError, match="declared before"):
        declare(handler)


@pytest.mark.parametrize("thing", [web.View, lambda request: web.Response()])
def test_what_is_no_coroutine_function_is_no_handler(thing: Any) -> None:
    with pytest.raises(TypeError, match="no coroutine function"):
        operation(tag="users", id="try_it", summary="Try it", answers=[DONE])(thing)


def test_what_is_not_declared_or_is_wrapped_has_no_operation() -> None:
    handler = operation(tag="users", id="try_it", summary="Try it", answers=[DONE])(new_handler())

    @wraps(handler)
    async def wrapper(request: web.Request) -> web.Response:
        return web.Response()

    for bare in (new_handler(), wrapper):
        with pytest.raises(TypeError, match=r"handler needs @operation\(\.\.\.\)"):
            operation_of(bare)
