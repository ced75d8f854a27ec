"""Where a command gets a password."""

import io
import sys
from pathlib import Path

import click
import pytest

from contactsvc.cli.passwords import new_password, read_password


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def prompts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sit at a terminal and answer hidden prompts; what was asked is gathered."""
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return " typed, twice "

    monkeypatch.setattr(sys, "stdin", Terminal("shown while typing\n"))
    monkeypatch.setattr("click.termui.hidden_prompt_func", answer)
    return asked


def test_at_a_terminal_it_is_typed_twice_and_not_shown(prompts: list[str]) -> None:
    assert new_password(None) == " typed, twice "
    assert len(prompts) == 2


def test_a_file_is_asked_before_the_person(prompts: list[str], tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("in a file\n")
    assert new_password(file) == "in a file"
    assert prompts == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"one line\n", "one line"),
        (b"without end", "without end"),
        (b"from Windows\r\n", "from Windows"),
        (b" spaces count \nmore\n", " spaces count "),
        ("пароль\n".encode(), "пароль"),
        (b"", ""),
    ],
)
def test_it_is_the_first_line_to_the_letter(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    assert read_password(file) == expected


def test_what_is_no_text_is_told_without_showing_it(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"hunter2\xff\n")
    with pytest.raises(click.ClickException, match="not UTF-8") as failure:
        read_password(file)
    assert "hunter2" not in failure.value.message


def test_standard_input_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n"), encoding="utf-8"))
    with pytest.raises(click.ClickException, match="not UTF-8"):
        new_password(None)
