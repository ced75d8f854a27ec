"""How log lines look: one line for people, or one JSON object for programs, for each event.

Everything logs through the standard library's ``logging``; structlog only formats the lines.

No line may repeat what a client sent (ASVS 5.0, 16.2.5). The service's own messages are written so.
What libraries say is not ours to write: they are heard from WARNING on whatever LOG_LEVEL says, of
their messages the fixed part is shown, and of every exception its kind and place.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor

FIELDS: Final = ("method", "route", "status", "duration_ms", "request_id", "user_id")
"""What a record may carry as ``extra`` beside its message; JSON lines show it."""

OWN: Final = ("contactsvc", "aiohttp.access", "tortoise.db_client")
"""Loggers that LOG_LEVEL is about: their messages are ours, or known to have no values in them."""

QUIET: Final = "gunicorn"
"""A logger like those in OWN, but never below INFO: at DEBUG it lists its configuration."""

_FIXED: Final = re.compile(r"[^\n(<\[{'\"`]*")
"""The beginning of a message, up to what may be the repr of something."""

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(level: str, form: str, stream: TextIO | None = None) -> None:
    """Send every log line to ``stream``.

    Args:
        level: The lowest level that is logged, such as ``INFO``.
        form: ``text`` or ``json``.
        stream: Where lines are written; None is stderr.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_json() if form == "json" else _text(handler.stream))
    wanted = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(wanted, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger(QUIET).setLevel(max(wanted, logging.INFO))
    for name in OWN:
        logging.getLogger(name).setLevel(wanted)


def bind_request_id(request_id: str) -> None:
    """Add the request's id to every line that this task logs from now on."""
    structlog.contextvars.bind_contextvars(request_id=request_id)


def bind_user_id(user_id: int) -> None:
    """Add the user's id to every line that this task logs from now on."""
    structlog.contextvars.bind_contextvars(user_id=user_id)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats records; those of libraries lose the values in their messages."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record if _is_own(record.name) else _without_values(record))


def _is_own(name: str) -> bool:
    return any(name == own or name.startswith(f"{own}.") for own in (*OWN, QUIET))


def _without_values(record: logging.LogRecord) -> logging.LogRecord:
    """Return a copy whose message is its fixed part and its numbers.

    asyncio, for one, puts the repr of tasks, callbacks and so of their errors into its messages.
    """
    copy = logging.makeLogRecord(vars(record))
    text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if isinstance(record.args, tuple) and record.args:
        shown = tuple(a if isinstance(a, int | float) else "..." for a in record.args)
        try:
            text %= shown
        except (TypeError, ValueError):
            text = record.msg
    found = _FIXED.match(text)
    copy.msg, copy.args = (found[0].rstrip() if found else ""), ()
    copy.stack_info = None
    return copy


def _json() -> logging.Formatter:
    return _Formatter(
        foreign_pre_chain=[*_COMMON, structlog.stdlib.ExtraAdder(allow=FIELDS)],
        processors=[
            structlog.processors.ExceptionRenderer(cast(Any, _traceback)),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
    )


def _text(stream: TextIO) -> logging.Formatter:
    return _Formatter(
        foreign_pre_chain=[*_COMMON, _one_line, structlog.stdlib.ExtraAdder(allow=FIELDS[-2:])],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(),
                pad_event_to=0,
                exception_formatter=_write_traceback,
            ),
        ],
    )


def _traceback(info: _ExcInfo) -> str:
    """Return a traceback without the messages of its errors.

    Messages repeat the value that was at fault: a header line, what is no number, the key that is
    there twice. Local variables are no better. The kind of error, what the system or PostgreSQL
    calls it, and where it was raised find the fault as well.
    """
    errors = reversed(list(_chain(info[1])))
    return "\nwhich led to:\n".join("\n".join(_frames(error)) for error in errors)


def _write_traceback(out: TextIO, info: _ExcInfo) -> None:
    out.write(f"\n{_traceback(info)}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error, what it was raised from, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield describe(error)
    if isinstance(error, BaseExceptionGroup):
        yield from (f"  holds {describe(member)}" for member in error.exceptions)


def describe(error: BaseException) -> str:
    """Return an error's kind and code, without its message.

    The code is the system's (``ENOSPC`` as "No space left on device"), or PostgreSQL's SQLSTATE and
    the constraint that was violated, which are asyncpg's ``sqlstate`` and ``constraint_name``.
    """
    kind = type(error)
    own = kind.__module__ == "builtins"
    name = kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}"
    codes = [getattr(error, name, None) for name in ("strerror", "sqlstate", "constraint_name")]
    return ": ".join([name, *(str(code) for code in codes if code)])


def _one_line(_: Any, __: str, event: EventDict) -> EventDict:
    """Escape what would begin a new line, lest a forged one be taken for ours (CWE-117)."""
    event["event"] = _CONTROL.sub(lambda found: repr(found[0])[1:-1], str(event["event"]))
    return event


def _dump(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


_COMMON: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
