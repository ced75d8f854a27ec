"""The address book of the demo account: always the same 200 invented people.

Where regulators reserve phone numbers for fiction, those are used.
"""

import unicodedata
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

DEMO_EMAIL: Final = "demo@example.com"
DEMO_NAME: Final = "Demo"


class _Language(NamedTuple):
    """Five first and five last names, each with its spelling in e-mail addresses after a slash."""

    first_names: str
    last_names: str
    phone: str
    """An E.164 number without its last two digits."""


_LANGUAGES: Final = (
    _Language(
        "Amelia George Olivia Harry Isla",
        "Hughes Bennett Clarke Shaw Ellis",
        "+4474001234",
    ),
    _Language(
        "Jürgen/juergen Anke Björn/bjoern Käthe/kaethe Uwe",
        "Müller/mueller Schäfer/schaefer Weiß/weiss Köhler/koehler Vogt",
        "+4917139200",
    ),
    _Language(
        "Léa Hugo Chloé Théo Zoé",
        "Lefèvre Garçon Moreau Gauthier Noël",
        "+336123456",
    ),
    _Language(
        "Íñigo Lucía Álvaro Sofía Raúl",
        "Núñez García Peña López Ibáñez",
        "+346123456",
    ),
    _Language(
        "Олена/olena Тарас/taras Оксана/oksana Андрій/andrii Ірина/iryna",
        "Шевчук/shevchuk Коваль/koval Бондар/bondar Мельник/melnyk Ткач/tkach",
        "+3805012345",
    ),
    _Language(
        "Zofia Łukasz/lukasz Agnieszka Paweł/pawel Hanna",
        "Wójcik Kamiński Zając Król Dąbek",
        "+485123456",
    ),
    _Language(
        "Giulia Niccolò Chiara Matteo Irene",
        "Rossi Esposito Ferrò Greco Conti",
        "+3931234567",
    ),
    _Language(
        "さくら/sakura 健太/kenta 美咲/misaki 大輔/daisuke 陽子/yoko",
        "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 渡辺/watanabe",
        "+8190123456",
    ),
)

_NOTES: Final = (
    "",
    "Met at the spring conference; wants to hear about the new catalogue.",
    "Prefers to be called in the morning.",
    "Neighbour from the third floor. Has the spare key.",
    "Plays the viola.\nKnows a good luthier.",
    "",
    "Allergic to nuts!",
    "Accountant. Send the papers before the 10th.",
    "Moved last year; ask for the new address.",
)

_ORGANIZATIONS: Final = (
    "Blue Harbour Books",
    "Nordlicht GmbH",
    "Atelier Soleil",
    "Viveros del Sur",
    "Майстерня «Зоря»",
)
_TAGS: Final = (("friends",), (), ("work",), (), ("family",), ("work", "book club"), ())


def demo_contacts() -> list[dict[str, Any]]:
    """Return the writable fields of each contact."""
    people = [
        (first, last, language.phone)
        for language in _LANGUAGES
        for first in language.first_names.split()
        for last in language.last_names.split()
    ]
    return [_contact(number, *person) for number, person in enumerate(people)]


def _contact(number: int, first: str, last: str, phone: str) -> dict[str, Any]:
    """Return one contact; some lack a field, as in a real address book."""
    first_name, _, first_latin = first.partition("/")
    last_name, _, last_latin = last.partition("/")
    local_part = f"{first_latin or _latin(first)}.{last_latin or _latin(last)}"
    return {
        "first_name": first_name,
        "last_name": last_name,
        "organization": _ORGANIZATIONS[number % 5] if number % 3 == 1 else "",
        "email": None if number % 9 == 4 else f"{local_part}@example.org",
        "phones": _phones(number, phone),
        "birthday": None if number % 5 == 2 else _birthday(number),
        "notes": _NOTES[number % len(_NOTES)],
        "tags": list(_TAGS[number % len(_TAGS)]),
        "favorite": number % 13 == 0,
    }


def _phones(number: int, prefix: str) -> list[dict[str, Any]]:
    if number % 7 == 3:
        return []
    mobile = {"value": f"{prefix}{number % 100:02}", "type": "mobile", "label": ""}
    if number % 4:
        return [mobile]
    return [mobile, {"value": f"{prefix}{99 - number % 100:02}", "type": "work", "label": ""}]


def _birthday(number: int) -> str:
    # 37 and 365 share no factor, so the birthdays are spread over the whole year.
    born = date(1940 + number * 7 % 66, 1, 1) + timedelta(days=number * 37 % 365)
    return f"--{born:%m-%d}" if number % 11 == 5 else born.isoformat()


def _latin(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return plain.encode("ascii", "ignore").decode()
