"""Log lines as people and programs read them."""

import json
import logging

import pytest

from contactsvc import logs
from tests.support.log_lines import log_lines


def fail() -> None:
    password = "correct horse"  # a local variable, which no log line may show
    raise ValueError(f"of {len(password)} letters")


def test_a_program_gets_an_object_a_line() -> None:
    logs.about_request("abc")
    logs.about_user(7)

    extra = {"method": "GET", "route": "/x/{id}", "status": 200, "duration_ms": 1.5, "password": 1}
    with log_lines("json") as stream:
        logging.getLogger("a.b").info("Hello\n%s", "you", extra=extra)
        logging.getLogger("a.b").debug("Not this")

    entry = json.loads(stream.getvalue())
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "level": "info",
        "logger": "a.b",
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
    logs.about_request("abc")

    with log_lines("text") as stream:
        logging.getLogger("a.b").warning("Hello\nyou\x1b[31m\u2028")

    (line,) = stream.getvalue().splitlines()
    assert r"Hello\nyou\x1b[31m\u2028" in line
    for part in ("warning", "a.b", "request_id=abc"):
        assert part in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_shows_no_variables(form: str) -> None:
    with log_lines(form) as stream:
        try:
            fail()
        except ValueError:
            logging.getLogger("a").exception("It failed")

    assert "of 13 letters" in stream.getvalue()
    assert "in fail" in stream.getvalue()
    assert "correct horse" not in stream.getvalue().replace('password = "correct horse"', "")
