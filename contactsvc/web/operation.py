"""Declares in one place, beside a handler, its access, limits, schemas and answers.

``@operation(...)`` makes an Operation, a frozen record that middleware, validation and the OpenAPI
document read. It returns the handler unchanged, because a wrapper would hide the schemas from
aiohttp-apispec. The default access is signed-in users, so forgetting it lets nobody in, and the
service does not start with a handler that has no operation.
"""

from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from aiohttp import web
from aiohttp_apispec import (
    docs,
    json_schema,
    match_info_schema,
    querystring_schema,
    response_schema,
)
from marshmallow import Schema

from contactsvc.web.problems import PROBLEMS
from contactsvc.web.schemas import JSON, BodySchema, FileBody, QuerySchema
from contactsvc.web.throttled import Throttled
from contactsvc.web.vocabulary import HEADERS, SECURITY_SCHEMES, TAGS


class Credential(StrEnum):
    """How a user signs in for one request."""

    ACCESS_TOKEN = "access_token"  # noqa: S105 - a kind of credential
    """An access token as bearer token (RFC 6750)."""
    APP_PASSWORD = "app_password"  # noqa: S105
    """An app password as bearer token."""
    BASIC = "basic"
    """E-mail and app password with HTTP Basic (RFC 7617)."""


APP_PASSWORDS: Final = frozenset({Credential.APP_PASSWORD, Credential.BASIC})
"""The credentials of programs, which may have a scope."""


@dataclass(frozen=True)
class Access:
    """Who may call a handler.

    Args:
        public: Whether everybody may, signed in or not.
        roles: The roles that may, of signed-in users; empty is every role.
        credentials: How they may sign in. An app password of the scope ``read`` is good for safe
            methods alone.
    """

    public: bool = False
    roles: frozenset[str] = frozenset()
    credentials: frozenset[Credential] = frozenset({Credential.ACCESS_TOKEN})


PUBLIC: Final = Access(public=True)

SIGNED_IN: Final = Access()
"""For the account and what is administered: programs with an app password are kept out."""

DATA: Final = Access(credentials=frozenset({Credential.ACCESS_TOKEN, Credential.APP_PASSWORD}))
"""For the address book: signed-in users, and programs with an app password as bearer token."""

APP_PASSWORD: Final = Access(credentials=frozenset({Credential.BASIC}))
"""For CardDAV: programs that send e-mail and app password with HTTP Basic."""


def only(*roles: str) -> Access:
    """Return the access of those signed-in users who have one of the roles.

    Raises:
        ValueError: No role is given; that would let every user in.
    """
    if not roles:
        raise ValueError("only() needs a role.")
    return Access(roles=frozenset(roles))


@dataclass(frozen=True)
class Answer:
    """A successful answer.

    Args:
        status: The HTTP status, 200 to 399.
        description: What the status means here; for the OpenAPI document.
        schema: The body: a marshmallow schema, or JSON Schema for what is no JSON object; None
            without a body.
        headers: The names of its headers; keys of HEADERS.
        others: Media types of the operation that have another body, each as OpenAPI's Media Type
            Object.
    """

    status: int
    description: str
    schema: type[Schema] | Mapping[str, str] | None = None
    _: KW_ONLY
    headers: Sequence[str] = ()
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make a tuple of the headers."""
        _freeze(self, "headers")


@dataclass(frozen=True, eq=False, kw_only=True)
class Operation:
    """The declaration of one method of one resource.

    Args:
        tag: The section of the documentation; a key of TAGS.
        id: A unique identifier, OpenAPI's operationId; generated clients name their methods so.
        summary: A heading of a few words.
        description: More text, as Markdown.
        access: Who may call it.
        throttles: The rate limits besides the one of each user.
        path: Schema of the path's parameters.
        query: Schema of the query; without one, any query parameter is refused.
        body: Schema of the body, which the validation reads.
        upload: Schema of a form, or a file, that the handler reads itself.
        body_limit: The most bytes that Content-Length may announce; None is MAX_BODY_SIZE. A body
            without a length is counted while it is read.
        answers: The successful answers, each status once.
        problems: Error codes besides those that follow from the other fields; keys of PROBLEMS.
        idempotency_key: Whether it takes an Idempotency-Key. With one, a handler whose body is
            validated runs in one transaction; one with an upload calls ``answer_once`` itself.
        request_headers: The names of the headers it reads; keys of HEADERS.
        media_types: The media types of its answers; an Accept that admits none of them gets 406.
        any_accept: Whether Accept is ignored (RFC 9110, section 12.5.1). Links in mails are opened
            by previews, scanners and old mail programs, which ask for all kinds of types, and so do
            clients of CardDAV.
        any_query: Whether any query is allowed and ignored. Mail programs add parameters to links,
            to count clicks.
        needs_database: Whether it answers 503 while PostgreSQL is away.
        security: OpenAPI's security requirements, where they do not follow from ``access``.
        documented: Whether it is in the OpenAPI document.

    Raises:
        ValueError: A name is unknown, something required is missing, or two fields contradict.
    """

    tag: str
    id: str
    summary: str
    description: str = ""
    access: Access = SIGNED_IN
    throttles: Sequence[Throttled] = ()
    path: type[Schema] | None = None
    query: type[QuerySchema] | None = None
    body: type[BodySchema] | None = None
    upload: type[BodySchema] | FileBody | None = None
    body_limit: int | None = None
    answers: Sequence[Answer]
    problems: Sequence[str] = ()
    idempotency_key: bool = False
    request_headers: Sequence[str] = ()
    media_types: Sequence[str] = (JSON,)
    any_accept: bool = False
    any_query: bool = False
    needs_database: bool = True
    security: Sequence[Mapping[str, Sequence[str]]] | None = None
    documented: bool = True

    def __post_init__(self) -> None:
        """Check the declaration, at the time the view is imported."""
        _freeze(self, "throttles", "answers", "problems", "request_headers", "media_types")
        if faults := "; ".join(_faults(self)):
            raise ValueError(f"Operation {self.id!r}: {faults}.")


def _freeze(record: object, *names: str) -> None:
    """Replace the lists that views write by tuples, so that the record is immutable."""
    for name in names:
        object.__setattr__(record, name, tuple(getattr(record, name)))


def _faults(declared: Operation) -> Iterator[str]:
    if not (declared.id.isidentifier() and declared.summary):
        yield "it needs an id that is an identifier, and a summary"
    yield from _unknown("tag", [declared.tag], TAGS)
    yield from _unknown("problem", declared.problems, PROBLEMS)
    yield from _unknown("header", declared.request_headers, HEADERS)
    for answer in declared.answers:
        yield from _unknown("header", answer.headers, HEADERS)
    for requirement in declared.security or ():
        yield from _unknown("security scheme", requirement, SECURITY_SCHEMES)
    statuses = [answer.status for answer in declared.answers]
    if not statuses or not all(200 <= status < 400 for status in statuses):
        yield "it needs an answer, and of each the status is 200 to 399"
    if len(set(statuses)) < len(statuses):
        yield "a status is answered in two ways"
    yield from _contradictions(declared)


def _unknown(kind: str, names: Iterable[str], known: Container[str]) -> Iterator[str]:
    yield from (f"the {kind} {name!r} is unknown" for name in names if name not in known)


def _contradictions(declared: Operation) -> Iterator[str]:
    access, has_body = declared.access, bool(declared.body or declared.upload)
    role_by_others = access.roles and access.credentials != SIGNED_IN.credentials
    contradictions: Sequence[tuple[object, str]] = (
        (access.public and access.roles, "what is public is for every role"),
        (role_by_others, "a role is for access tokens alone"),
        (not access.credentials, "it needs a way to sign in"),
        (not (declared.media_types or declared.any_accept), "it needs a media type, or any_accept"),
        (declared.body and declared.upload, "a body is either validated or an upload"),
        (
            declared.throttles and not declared.body,
            "it is throttled by the e-mail of a body, and has none",
        ),
        (declared.idempotency_key and not has_body, "an idempotency key is for a body"),
        (declared.idempotency_key and access.public, "an idempotency key is a user's"),
        (declared.query and declared.any_query, "a query is either validated or anything"),
    )
    yield from (fault for is_so, fault in contradictions if is_so)


P = ParamSpec("P")
Handler = TypeVar("Handler", bound=Callable[..., Awaitable[web.StreamResponse]])

_declared: Final[WeakKeyDictionary[Callable[..., Any], Operation]] = WeakKeyDictionary()


def _decorator(make: Callable[P, Operation]) -> Callable[P, Callable[[Handler], Handler]]:
    """Return the decorator that takes what ``make`` takes."""

    def declare(*args: P.args, **kwargs: P.kwargs) -> Callable[[Handler], Handler]:
        declared = make(*args, **kwargs)

        def annotate(handler: Handler) -> Handler:
            answers: bool = iscoroutinefunction(handler)  # mypy would take it for another type
            if not answers or handler in _declared:
                raise TypeError(f"{handler!r} is no coroutine function, or declared before.")
            for decorate in _apispec_decorators(declared):
                decorate(handler)
            _declared[handler] = declared
            return handler

        return annotate

    return declare


operation = _decorator(Operation)
"""Declares the operation of a handler, with the arguments of Operation.

Raises:
    TypeError: It is no coroutine function, or it has an operation already.
    ValueError: As Operation.
"""


def _apispec_decorators(declared: Operation) -> Iterator[Callable[[Any], Any]]:
    """Yield aiohttp-apispec's decorators; they validate in this order, the body first."""
    if declared.body:
        yield json_schema(declared.body)
    if declared.query:
        yield querystring_schema(declared.query)
    if declared.path:
        yield match_info_schema(declared.path)
    others: dict[str, dict[str, Any]] = {}
    for answer in declared.answers:
        if isinstance(answer.schema, type):
            yield response_schema(answer.schema, answer.status, description=answer.description)
        else:
            body = {} if answer.schema is None else {"schema": answer.schema}
            others[str(answer.status)] = {"description": answer.description, **body}
    yield docs(
        tags=[declared.tag],
        operationId=declared.id,
        summary=declared.summary,
        description=declared.description,
        produces=list(declared.media_types),
        responses=others,
    )


def operation_of(handler: Callable[..., Any]) -> Operation:
    """Return the operation of a handler.

    Raises:
        TypeError: The handler has none, or another decorator wraps it and hides its operation.
    """
    declared = _declared.get(handler)
    if declared is None:
        raise TypeError(
            f"{handler.__qualname__} needs @operation(...), as the outermost decorator."
        )
    return declared


OPERATION: Final[web.RequestKey[Operation | None]] = web.RequestKey("OPERATION")
"""The operation of the requested handler; None where the answer is 404 or 405."""
