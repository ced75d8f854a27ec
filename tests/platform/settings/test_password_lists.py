"""What PASSWORD_BLOCKLIST may name, and what PASSWORD_BREACH_CHECK may say."""

import random
from pathlib import Path

import pytest

from contactsvc.platform.settings import password_lists
from contactsvc.platform.settings.model import BREACH_RANGE_URL
from tests.platform.settings.support import KEY, Load, refusal


def hashes(count: int) -> list[str]:
    return [f"{random.getrandbits(160):040X}:{number}" for number in range(count)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one\ntwo\n",
        "\n".join(sorted(hashes(5000))),
        "\r\n".join(sorted(hashes(3))) + "\r\n",
        f"{'a' * 40}\n",
    ],
    ids=["empty", "plain", "sorted", "three", "one"],
)
def test_plain_lists_and_sorted_ones_are_taken(load: Load, tmp_path: Path, text: str) -> None:
    (tmp_path / "list").write_text(text, newline="")

    settings = load(PASSWORD_BLOCKLIST="list")

    assert settings.password_blocklist == tmp_path / "list"


def test_other_files_are_refused_in_words(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_lists, "PLAIN_MAX_SIZE", 1000)
    by_count = sorted(hashes(5000), key=lambda line: int(line[41:]))
    contents = {
        "order of their hashes": "\n".join(by_count),
        "NTLM": f"{'A' * 32}:5\n",
        "64 MiB": "password\n" * 200,
        "no SHA-1": "A" * 40 + "\n" + "nonsense\n" * 200,
    }
    for reason, text in contents.items():
        (tmp_path / "list").write_text(text)
        assert reason in refusal(load, "PASSWORD_BLOCKLIST", "list")
    assert "cannot be read" in refusal(load, "PASSWORD_BLOCKLIST", "missing")
    assert "cannot be read" in refusal(load, "PASSWORD_BLOCKLIST", str(tmp_path))


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", None),
        ("false", None),
        ("true", BREACH_RANGE_URL),
        ("http://127.0.0.1:8081/range", "http://127.0.0.1:8081/range/"),
    ],
)
def test_where_breached_passwords_are_asked_for(load: Load, value: str, url: str | None) -> None:
    assert load(PASSWORD_BREACH_CHECK=value, SECRET_KEY=KEY).breach_range_url == url


@pytest.mark.parametrize("value", ["maybe", "ftp://a", "https://u:hunter2@a", "https://a?b=c"])
def test_what_is_no_server_of_ranges_is_refused(load: Load, value: str) -> None:
    assert "hunter2" not in refusal(load, "PASSWORD_BREACH_CHECK", value)
