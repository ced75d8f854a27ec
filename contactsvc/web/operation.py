"""What a handler takes, answers and allows: declared once, beside it, and read everywhere else.

``@operation(...)`` makes an Operation, a frozen record, and returns the handler as it is: a wrapper
would hide the schemas from the validation. Access that is not declared is for signed-in users, so
forgetting it locks out rather than lets in; a handler without an operation keeps the service from
starting.
"""

from collections.abc import (
    Awaitable,
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import KW_ONLY, dataclass
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

from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.problems import PROBLEMS
from contactsvc.web.schemas import JSON, BodySchema
from contactsvc.web.vocabulary import HEADERS, SECURITY_SCHEMES, TAGS


@dataclass(frozen=True)
class Access:
    """Who may call a handler.

    Args:
        public: Everybody, signed in or not.
        roles: Of the signed-in, those who have one of these roles; empty is all of them.
    """

    public: bool = False
    roles: frozenset[str] = frozenset()


PUBLIC: Final = Access(public=True)
SIGNED_IN: Final = Access()


def only(*roles: str) -> Access:
    """Return the access of those signed-in users who have one of the roles.

    Raises:
        ValueError: There is no role, which would let every user in.
    """
    if not roles:
        raise ValueError("only() needs a role.")
    return Access(roles=frozenset(roles))


@dataclass(frozen=True)
class Throttled:
    """How the calls of a handler are counted, besides those of each signed-in user.

    Args:
        address: The policy for the client's address.
        account: The policy for the e-mail, whether or not it has an account.
    """

    address: Policy
    account: Policy


LOGIN: Final = Throttled(Policy.LOGIN_ADDRESS, Policy.LOGIN_ACCOUNT)
"""A password is tried: of the signed-in user, or else of the body's ``email``."""

MAIL: Final = Throttled(Policy.MAIL_ADDRESS, Policy.MAIL_ACCOUNT)
"""A mail may go to the body's ``email``."""


@dataclass(frozen=True)
class Answer:
    """An answer that is no problem.

    Args:
        status: The HTTP status, 200 to 399.
        description: What it means.
        schema: The body; a mapping is JSON Schema, for what is no JSON object. None is no body.
        headers: That it carries, by names of HEADERS.
    """

    status: int
    description: str
    schema: type[Schema] | Mapping[str, str] | None = None
    _: KW_ONLY
    headers: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Keep a copy of the headers that nobody can change."""
        _freeze(self, "headers")


@dataclass(frozen=True, eq=False, kw_only=True)
class Operation:
    """One method of one resource, in all that is known before a request comes.

    Args:
        tag: The section of the documentation; a key of TAGS.
        id: A name that no other operation has; programs made from the document call it so.
        summary: A few words, as a heading.
        description: More, as Markdown.
        access: Who may call it.
        throttles: As what its calls are counted, besides the limit of each user.
        path: Schema of the path's place holders.
        query: Schema of the query. Without one a query is refused.
        body: Schema of the body that is validated.
        upload: Schema of a form that the handler reads itself, as a stream.
        body_limit: Bytes that a body may announce; None is the setting. The handler counts what it
            reads.
        answers: What it answers when all is well, each status once.
        problems: Codes of PROBLEMS besides those that follow from the other fields.
        request_headers: That it reads, by names of HEADERS.
        media_types: Of its answers. Any other Accept is 406.
        any_accept: Accept is disregarded (RFC 9110, section 12.5.1): links that are mailed are
            opened by previews, scanners and old mail programs, which name all kinds of types.
        any_query: The query may be anything and is not read: links that are mailed come back with
            what mail programs have added to count the clicks.
        needs_database: It answers 503 while PostgreSQL is away.
        security: OpenAPI's security requirements, where they are not those of ``access``.
        documented: It is in the OpenAPI document.

    Raises:
        ValueError: Something is unknown, missing or said twice.
    """

    tag: str
    id: str
    summary: str
    description: str = ""
    access: Access = SIGNED_IN
    throttles: Sequence[Throttled] = ()
    path: type[Schema] | None = None
    query: type[Schema] | None = None
    body: type[BodySchema] | None = None
    upload: type[BodySchema] | None = None
    body_limit: int | None = None
    answers: Sequence[Answer]
    problems: Sequence[str] = ()
    request_headers: Sequence[str] = ()
    media_types: Sequence[str] = (JSON,)
    any_accept: bool = False
    any_query: bool = False
    needs_database: bool = True
    security: Sequence[Mapping[str, Sequence[str]]] | None = None
    documented: bool = True

    def __post_init__(self) -> None:
        """Refuse a slip of the pen where it is made, when the view is imported."""
        _freeze(self, "throttles", "answers", "problems", "request_headers", "media_types")
        if faults := "; ".join(_faults(self)):
            raise ValueError(f"Operation {self.id!r}: {faults}.")


def _freeze(record: object, *names: str) -> None:
    """Make tuples of the sequences of a frozen record, which views write as lists."""
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
    if declared.access.public and declared.access.roles:
        yield "what is public is for every role"
    if not (declared.media_types or declared.any_accept):
        yield "it needs a media type, or any_accept"
    if declared.body and declared.upload:
        yield "a body is either validated or an upload"
    if declared.throttles and not declared.body:
        yield "it is throttled by the e-mail of a body, and has none"
    if declared.query and declared.any_query:
        yield "a query is either validated or anything"


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
"""Declares the operation of a handler; takes what Operation takes.

Raises:
    TypeError: It is no handler, or it has an operation already.
    ValueError: Something is unknown, missing or said twice.
"""


def _apispec_decorators(declared: Operation) -> Iterator[Callable[[Any], Any]]:
    """Give aiohttp-apispec's decorators; it validates in their order, so the body comes first."""
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
    """Return what a handler declares.

    Raises:
        TypeError: Nothing. A decorator that wraps a handler hides its declaration, too.
    """
    declared = _declared.get(handler)
    if declared is None:
        raise TypeError(
            f"{handler.__qualname__} needs @operation(...), as the outermost decorator."
        )
    return declared


OPERATION: Final[web.RequestKey[Operation | None]] = web.RequestKey("OPERATION")
"""The operation that a request asks for; None where 404 or 405 is all there is to answer."""
