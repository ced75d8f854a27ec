"""``.env.example`` is written out of the settings."""

from contactsvc.platform.settings.example import example
from contactsvc.platform.settings.setting import Group, Setting, declared, text
from tests.platform.settings.support import Few


def test_the_example_shows_them_under_their_headings() -> None:
    lines = example(declared(Few))

    assert (
        "\n# Key.\n# Secret. Or TOKEN_FILE, the name of a file that holds it.\n#TOKEN=\n" in lines
    )
    assert "\n# Of the page \N{EM DASH} all.\n# red or blue.\n#COLOUR=red\n" in lines
    assert "\n# Whether a b c.\n# True or false.\n#SHOWN=false\n" in lines
    assert "See" not in lines
    assert lines.index("--- Secret keys ---") < lines.index("#TOKEN") < lines.index("--- The rest")
    assert lines.index("--- The rest") < lines.index("#COLOUR") < lines.index("#SHOWN")
    assert lines.endswith("#SHOWN=false\n")


def test_the_example_keeps_what_is_literal_in_one_piece() -> None:
    command = "a command of some words that must be copied as it is"
    said = Setting(text("text"), Group.REST, f"{'Much. ' * 12}``{command}``", name="x")

    lines = example((said,)).splitlines()

    assert f"# {command}" in lines
    assert max(map(len, lines)) <= 100
