"""Writes ``.env.example`` out of the settings; ``make env-example`` runs it."""

import re
import sys
import textwrap
from collections.abc import Iterator

from contactsvc.platform.settings.model import SETTINGS
from contactsvc.platform.settings.setting import Group, Setting, written

_WIDTH = 100
_LITERAL = re.compile(r"``(.+?)``")
_KEPT_SPACE = "\N{NO-BREAK SPACE}"
_HEAD = """\
# Every setting with its default. All are commented out, so a copy of this file changes nothing:
#     cp .env.example .env
# Take the "#" away from what you want to change. Variables of the environment come first.
# Times are in seconds, sizes in bytes, lists are separated by commas. The documentation has more,
# under Reference, Settings.
"""


def example(settings: tuple[Setting, ...] = SETTINGS) -> str:
    """Return the text of the file."""
    return "\n".join([_HEAD, *_groups(settings)])


def _groups(settings: tuple[Setting, ...]) -> Iterator[str]:
    for group in Group:
        yield f"# --- {group.value} ---\n"
        yield from (_commented(setting) for setting in settings if setting.group is group)


def _commented(setting: Setting) -> str:
    kind = setting.kind.words[0].upper() + setting.kind.words[1:]
    about = f"{kind}. {setting.default_in_words}".rstrip()
    if setting.secret:
        about += f" Or {setting.variable}_FILE, the name of a file that holds it."
    lines = [*_wrapped(setting.help), *_wrapped(about)]
    return "\n".join([*lines, f"#{setting.variable}={written(setting.default)}", ""])


def _wrapped(text: str) -> list[str]:
    """Return reStructuredText as lines of a comment; what is literal stays in one piece."""
    plain = _LITERAL.sub(lambda literal: literal[1].replace(" ", _KEPT_SPACE), text)
    lines = textwrap.wrap(
        plain,
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_KEPT_SPACE, " ") for line in lines]


if __name__ == "__main__":
    sys.stdout.write(example())
