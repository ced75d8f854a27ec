"""Says in tables what can be set, as it is declared."""

from collections.abc import Iterator

from contactsvc.platform.settings import SETTINGS
from contactsvc.platform.settings.setting import Group, Setting, written

from .http_schemas import table

_HEAD = ("Name", "Type", "Default", "Meaning")
_WIDTHS = (30, 14, 18, 38)


def settings_tables(settings: tuple[Setting, ...] = SETTINGS) -> str:
    """Return a section of reStructuredText for each group of settings."""
    return "\n\n".join(_sections(settings))


def _sections(settings: tuple[Setting, ...]) -> Iterator[str]:
    for group in Group:
        rows = [_row(setting) for setting in settings if setting.group is group]
        yield f"{group.value}\n{'-' * len(group.value)}\n\n{table(_HEAD, _WIDTHS, rows)}"


def _row(setting: Setting) -> tuple[str, str, str, str]:
    name = f"``{setting.variable}``" + (r" \*" if setting.secret else "")
    default = written(setting.default)
    meaning = " ".join(filter(None, (setting.help, setting.default_in_words, setting.more)))
    return name, setting.kind.words, f"``{default}``" if default else "unset", meaning
