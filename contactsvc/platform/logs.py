"""How log lines look: one line for people, or one JSON object for programs, for each event.

Everything logs through the standard library's ``logging``; the formatters here write the lines.

No line may repeat what a client sent (ASVS 5.0, 16.2.5). The service's own messages are written so.
What libraries say is not ours to write: they are heard from WARNING on whatever LOG_LEVEL says, of
their messages the fixed part is shown, and of every exception its kind and place.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TextIO

import orjson

FIELDS: Final = ("method", "route", "status", "duration_ms", "request_id", "user_id")
"""What a record may carry as ``extra`` beside its message; JSON lines show it."""

_SUBJECTS: Final = ("request_id", "user_id")
"""The fields that text lines show."""

OWN: Final = ("contactsvc", "aiohttp.access", "tortoise.db_client")
"""Loggers that LOG_LEVEL is about: their messages are ours, or known to have no values in them."""

QUIET: Final = "gunicorn"
"""A logger like those in OWN, but never below INFO: at DEBUG it lists its configuration."""

_OWN_PREFIXES: Final = tuple(f"{name}." for name in (*OWN, QUIET))

_FIXED: Final = re.compile(r"[^\n(<\[{'\"`]*")
"""The beginning of a message, up to what may be the repr of something."""

CONTEXT: Final[ContextVar[Mapping[str, Any]]] = ContextVar(
    "log_context", default=MappingProxyType({})
)
"""The fields of every line that this task logs: ``request_id`` and ``user_id``, once known."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(level: str, form: str, stream: TextIO | None = None) -> None:
    """Send every log line to ``stream``.

    Args:
        level: The lowest level that is logged, such as ``INFO``.
        form: ``text`` or ``json``.
        stream: Where lines are written; None is stderr.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    colours = _TERMINAL if handler.stream.isatty() else _Colours()
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines(colours))
    wanted = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(wanted, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger(QUIET).setLevel(max(wanted, logging.INFO))
    for name in OWN:
        logging.getLogger(name).setLevel(wanted)


def bind_request_id(request_id: str) -> None:
    """Add the request's id to every line that this task logs from now on."""
    CONTEXT.set({**CONTEXT.get(), "request_id": request_id})


def bind_user_id(user_id: int) -> None:
    """Add the user's id to every line that this task logs from now on."""
    CONTEXT.set({**CONTEXT.get(), "user_id": user_id})


class _Lines(logging.Formatter):
    """Formats records; those of libraries lose the values in their messages."""

    def format(self, record: logging.LogRecord) -> str:
        return self._line(record if _is_own(record.name) else _without_values(record))

    def _line(self, record: logging.LogRecord) -> str:
        raise NotImplementedError


class _JsonLines(_Lines):
    """One JSON object for each event."""

    def _line(self, record: logging.LogRecord) -> str:
        entry = {
            "event": record.getMessage(),
            **CONTEXT.get(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC),
        }
        extra = vars(record)
        for name in FIELDS:
            if name in extra:
                entry[name] = extra[name]
        if error := _error(record):
            entry["exception"] = _traceback(error)
        return orjson.dumps(entry, default=str, option=orjson.OPT_UTC_Z).decode()


class _Colours(NamedTuple):
    """Escape sequences of a terminal (ECMA-48, 8.3.117), or nothing elsewhere."""

    reset: str = ""
    bright: str = ""
    time: str = ""
    logger: str = ""
    name: str = ""
    value: str = ""
    levels: Mapping[str, str] = MappingProxyType({})


_RED, _YELLOW, _GREEN = "\x1b[31m\x1b[1m", "\x1b[33m\x1b[1m", "\x1b[32m\x1b[1m"
_TERMINAL: Final = _Colours(
    reset="\x1b[0m",
    bright="\x1b[1m",
    time="\x1b[2m",
    logger="\x1b[34m",
    name="\x1b[36m",
    value="\x1b[35m",
    levels={
        "critical": _RED,
        "error": _RED,
        "warning": _YELLOW,
        "info": _GREEN,
        "debug": _GREEN,
    },
)


class _TextLines(_Lines):
    """One line for each event, with the traceback of an error below it."""

    def __init__(self, colours: _Colours) -> None:
        super().__init__()
        self._colours = colours

    def _line(self, record: logging.LogRecord) -> str:
        c, level = self._colours, record.levelname.lower()
        parts = [
            f"{c.time}{_time(record)}{c.reset}",
            f"[{c.levels.get(level, '')}{level:<9}{c.reset}]",
            f"{c.bright}{_one_line(record.getMessage())}{c.reset}",
            f"[{c.reset}{c.bright}{c.logger}{record.name}{c.reset}]{c.reset}",
        ]
        context, extra = CONTEXT.get(), vars(record)
        for name in _SUBJECTS:
            value = extra.get(name, context.get(name))
            if value is not None:
                parts.append(f"{c.name}{name}{c.reset}={c.value}{value}{c.reset}")
        line = " ".join(filter(None, parts))
        error = _error(record)
        return line if error is None else f"{line}\n{_traceback(error)}"


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _is_own(name: str) -> bool:
    return f"{name}.".startswith(_OWN_PREFIXES)


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


def _traceback(error: BaseException) -> str:
    """Return a traceback without the messages of its errors.

    Messages repeat the value that was at fault: a header line, what is no number, the key that is
    there twice. Local variables are no better. The kind of error, what the system or PostgreSQL
    calls it, and where it was raised find the fault as well.
    """
    errors = reversed(list(_chain(error)))
    return "\nwhich led to:\n".join("\n".join(_frames(each)) for each in errors)


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


def _one_line(text: str) -> str:
    """Escape what would begin a new line, lest a forged one be taken for ours (CWE-117)."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
