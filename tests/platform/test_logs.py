"""Log lines as people and programs read them."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest

from contactsvc.platform import logs
from tests.support.log_lines import log_lines


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def record() -> logging.LogRecord:
    """The record of a request's line, of a known time."""
    extra = {"method": "GET", "route": "/x/{id}", "status": 200, "request_id": "abc", "user_id": 7}
    record = logging.getLogger("aiohttp.access").makeRecord(
        "aiohttp.access", logging.INFO, "", 0, "%s %s %d", ("GET", "/x/{id}", 200), None,
        extra=extra,
    )  # fmt: skip
    record.created = datetime(2026, 1, 31, 12, 0, 0, 250000, UTC).timestamp()
    return record


def test_the_line_of_a_request_as_text(record: logging.LogRecord) -> None:
    with log_lines("text") as stream:
        logging.getLogger().handle(record)

    assert stream.getvalue() == (
        "2026-01-31T12:00:00.250000Z [info     ] GET /x/{id} 200 [aiohttp.access] "
        "request_id=abc user_id=7\n"
    )


def test_the_line_of_a_request_as_json(record: logging.LogRecord) -> None:
    with log_lines("json") as stream:
        logging.getLogger().handle(record)

    assert stream.getvalue() == (
        '{"event":"GET /x/{id} 200","level":"info","logger":"aiohttp.access",'
        '"timestamp":"2026-01-31T12:00:00.250000Z","method":"GET","route":"/x/{id}",'
        '"status":200,"request_id":"abc","user_id":7}\n'
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_time_of_a_whole_second_has_no_fraction(record: logging.LogRecord, form: str) -> None:
    record.created = datetime(2026, 1, 31, 12, 0, 0, 0, UTC).timestamp()
    with log_lines(form) as stream:
        logging.getLogger().handle(record)

    assert "2026-01-31T12:00:00Z" in stream.getvalue()


def test_the_line_of_a_request_on_a_terminal(record: logging.LogRecord) -> None:
    with log_lines("text", stream=Terminal()) as stream:
        logging.getLogger().handle(record)

    assert stream.getvalue() == (
        "\x1b[2m2026-01-31T12:00:00.250000Z\x1b[0m [\x1b[32m\x1b[1minfo     \x1b[0m] "
        "\x1b[1mGET /x/{id} 200\x1b[0m [\x1b[0m\x1b[1m\x1b[34maiohttp.access\x1b[0m]\x1b[0m "
        "\x1b[36mrequest_id\x1b[0m=\x1b[35mabc\x1b[0m \x1b[36muser_id\x1b[0m=\x1b[35m7\x1b[0m\n"
    )


def fail() -> None:
    password = "correct horse"  # a local variable, which no log line may show
    raise ValueError(f"of {len(password)} letters")


def fail_again() -> None:
    try:
        fail()
    except ValueError as error:
        raise OSError(28, "No space left on device", f"/mail/{chr(97)}da@x") from error


def test_a_program_gets_an_object_a_line() -> None:
    logs.bind_request_id("abc")
    logs.bind_user_id(7)

    extra = {"method": "GET", "route": "/x/{id}", "status": 200, "duration_ms": 1.5, "password": 1}
    with log_lines("json") as stream:
        logging.getLogger("contactsvc.a").info("Hello\n%s", "you", extra=extra)
        logging.getLogger("contactsvc.a").debug("Not this")

    entry = json.loads(stream.getvalue())
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "level": "info",
        "logger": "contactsvc.a",
        "event": "Hello\nyou",
        "method": "GET",
        "route": "/x/{id}",
        "status": 200,
        "duration_ms": 1.5,
        "request_id": "abc",
        "user_id": 7,
    }
    assert stream.getvalue().count("\n") == 1


def test_a_person_gets_a_line_that_cannot_be_forged() -> None:
    logs.bind_request_id("abc")

    with log_lines("text") as stream:
        logging.getLogger("contactsvc.a").warning("Hello\nyou\x1b[31m\u2028")

    (line,) = stream.getvalue().splitlines()
    assert r"Hello\nyou\x1b[31m\u2028" in line
    for part in ("warning", "contactsvc.a", "request_id=abc"):
        assert part in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_shows_neither_variables_nor_words(form: str) -> None:
    with log_lines(form) as stream:
        try:
            fail_again()
        except OSError:
            logging.getLogger("contactsvc.a").exception("It failed")

    told = stream.getvalue()
    assert "in fail" in told
    assert told.index("ValueError") < told.index("OSError: No space left on device")
    for secret in ("of 13 letters", "ada@x", "correct horse"):
        assert secret not in told.replace('password = "correct horse"', "")


def test_libraries_tell_nothing_of_what_they_were_given(subtests: pytest.Subtests) -> None:
    """Whatever LOG_LEVEL is: what is theirs to tell is known to nobody here."""
    canary = "eyJhbGciOiJIUzI1NiJ9.canary"
    told = {
        "Error handling request from %s": (canary,),
        f"Task exception was never retrieved\nfuture: <Task exception=ValueError({canary!r})>": (),
        f"Exception in callback RequestHandler.data_received(b'GET /?q={canary}')": (),
        "Can not load cookies: Illegal cookie name %r": (canary,),
        "Took %d s, for %(x)s": ({"x": canary},),
    }
    for name in ("aiohttp.server", "aiohttp.internal", "asyncio", "redis", "urllib3.connectionpool",
                 "webargs.core", "PIL.TiffImagePlugin"):  # fmt: skip
        for level in ("DEBUG", "INFO", "WARNING"):
            with subtests.test(name=name, level=level), log_lines("text", level) as stream:
                logger = logging.getLogger(name)
                logger.debug("Tag %s", canary)
                logger.info("Redirecting %s -> %s", canary, canary)
                for message, args in told.items():
                    logger.warning(message, *args)
                try:
                    raise UnicodeError(canary)
                except UnicodeError as error:
                    logger.error(error, exc_info=error)

                assert canary not in stream.getvalue()
                assert "Task exception was never retrieved" in stream.getvalue()
                assert stream.getvalue().endswith("\nUnicodeError\n")
                assert "Redirecting" not in stream.getvalue()
                assert logging.getLogger("contactsvc.x").isEnabledFor(getattr(logging, level))


def test_numbers_of_libraries_are_told() -> None:
    with log_lines("json") as stream:
        logging.getLogger("asyncpg.pool").warning("It takes %d of %s seconds.", 60, "ada")

    assert json.loads(stream.getvalue())["event"] == "It takes 60 of ... seconds."
