"""The names in a name that stands in one piece."""

from typing import Final

_SUFFIXES: Final = frozenset(("jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"))
_WORDS_OF_A_NAME: Final = 2


def names_in(text: str) -> dict[str, str]:
    """Return the first and the last name in a text, and perhaps a suffix; those that it has.

    The last word is the last name, with small words before it, such as ``de``. ``Wit, Anouk`` is
    told the other way round; ``Anouk Wit, Jr.`` is not.
    """
    name, comma, rest = (part.strip() for part in text.partition(","))
    if name and _is_suffix(rest):
        return _first_and_last(name) | {"suffix": rest}
    if comma and name and rest and "," not in rest:
        return {"first_name": rest, "last_name": name}
    *words, last = text.split() or [""]
    if len(words) >= _WORDS_OF_A_NAME and _is_suffix(last):
        return _first_and_last(" ".join(words)) | {"suffix": last}
    return _first_and_last(text)


def _first_and_last(text: str) -> dict[str, str]:
    words = text.split()
    if len(words) < _WORDS_OF_A_NAME:
        return {"first_name": text.strip()} if words else {}
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return {"first_name": " ".join(words[:start]), "last_name": " ".join(words[start:])}


def _is_suffix(text: str) -> bool:
    return text.replace(".", "").casefold() in _SUFFIXES
