"""No query parameter and no path value that does not fit makes a route stumble."""

from collections.abc import Collection
from urllib.parse import quote

import pytest

from contactsvc.web.schemas import QuerySchema
from tests.conftest import Person, pointers, problem
from tests.support.places import (
    DOCUMENTED,
    NOT_UTF_8,
    PARAMETERS,
    PATHS,
    Place,
    ask,
    at_once,
    filled,
    good_body,
    name_of,
)
from tests.support.samples import dealt
from tests.support.sending import fetch


async def test_a_parameter_that_is_no_text_is_named(ada: Person, subtests: pytest.Subtests) -> None:
    for place, names in PARAMETERS:
        with subtests.test(name_of(place)):
            for value in ("%00", "a%00b", *NOT_UTF_8):
                response = await ask(ada, place, "&".join(f"{name}={value}" for name in names))
                assert response.status == 422, value
                assert await pointers(response) == {f"/{name}" for name in names}, value


def repeated(place: Place) -> Collection[str]:
    """Return the parameters that may stand several times."""
    return place.schema.repeated if isinstance(place.schema, QuerySchema) else ()


@pytest.mark.slow
async def test_a_parameter_that_stands_twice_is_named(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place, names in PARAMETERS:
        with subtests.test(name_of(place)):
            for name in [name for name in names if name not in repeated(place)]:
                escaped = f"%{ord(name[0]):x}{name[1:]}"
                for query in (f"{name}=a&{name}=a", f"{name}=&{name}=1", f"{name}=1&{escaped}=2"):
                    assert await pointers(await ask(ada, place, query)) == {f"/{name}"}, query


OUT_OF_RANGE = {
    "limit": ["0", "-1", "1001", "9" * 20, "-" + "9" * 20, "9" * 5000, "1.0", "1e1", "0x1", " 1"],
    "days": ["-1", "367", "9" * 20, "-" + "9" * 20, "9" * 5000, "1.0", "1e1", "0x1", "٣", "½"],
    "q": ["x" * 5000, "x" * 201],
    "first_name": ["x" * 101],
    "last_name": ["x" * 101],
    "email": ["x" * 255],
    "organization": ["x" * 201],
    "tag": ["x" * 51, "a\x01b"],
    "favorite": ["", "maybe", "2", "null"],
    "updated_since": ["", "now", "2026-01-31", "2026-02-30T00:00:00Z", "x" * 65],
    "sort": ["", "id", "last_name,id", "last_name;--", "--last_name", "\u2212last_name"],
    "cursor": ["", "x", "x" * 5000, "=", "../..", "é"],
    "include_total": ["", "maybe", "2", "null"],
    "role": ["", "root", "ADMIN"],
    "is_active": ["", "maybe", "2", "null"],
    "confirmed": ["", "maybe", "2", "null"],
    "user_id": ["0", "-1", "9" * 20, "1.0", "x"],
    "actor_id": ["0", "-1", "9" * 20, "1.0", "x"],
    "event": ["", "party", "AUTHZ_CHANGE"],
    "since": ["", "now", "2026-01-31", "2026-01-31T12:00:00", "0001-01-01T00:00:00+23:59"],
    "until": ["", "x" * 5000, "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "é"],
    "status": ["", "lost", "DEAD"],
    "tz": ["", "x" * 5000, "Mars/Phobos", "../UTC", "/etc/passwd", "posixrules ", "é"],
    "leap_day": ["", "feb29", "FEB28"],
    "dry_run": ["", "maybe", "2", "null"],
    "on_duplicate": ["", "merge", "SKIP"],
    "region": ["G", "XX", "GBR", "é"],
    "map": ["x" * 301, "a\x01b"],
    "format": ["", "xml", "VCARD"],
    "version": ["", "2.1", "4"],
}


@pytest.mark.slow
async def test_a_parameter_that_does_not_fit_is_named(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place, every in PARAMETERS:
        with subtests.test(name_of(place)):
            for names in at_once(every):
                columns = [OUT_OF_RANGE[name] for name in names]
                for turn in range(max(map(len, columns))):
                    values = [quote(column[turn % len(column)]) for column in columns]
                    query = "&".join(map("=".join, zip(names, values, strict=True)))
                    found = await pointers(await ask(ada, place, query))
                    assert found == {f"/{name}" for name in names}, query[:500]


UNEXPECTED = {
    "unexpected=1": "/unexpected",
    "unexpected": "/unexpected",
    "=1": "/",
    "a%2Fb~=1": "/a~1b~0",
    "%00=1": "/\0",
}
"""Queries that no route knows, and the pointers to what is wrong with them."""

AS_JSON = {"Accept": "application/json"}

MAILED = [place for place in DOCUMENTED if place.path.endswith("/{token}")]
"""What the links in mails lead to."""


@pytest.mark.slow
async def test_an_unknown_parameter_is_named(ada: Person, subtests: pytest.Subtests) -> None:
    """Where the body would not fit either, both may be named."""
    for place in [p for p in DOCUMENTED if p.method != "HEAD" and p not in MAILED]:
        with subtests.test(name_of(place)):
            for query, pointer in UNEXPECTED.items():
                response = await ask(ada, place, query)
                assert response.status == 422, query
                assert pointer in await pointers(response), query


async def test_what_mail_programs_add_to_a_link_is_not_read(
    ada: Person, subtests: pytest.Subtests
) -> None:
    added = ("utm_source=newsletter&utm_medium=email", "utm_source=a&utm_source=b", "x=%FF")
    for place in MAILED:
        for query in (*UNEXPECTED, *added):
            with subtests.test(f"{name_of(place)}?{query}"):
                response = await ada.request(
                    place.method, f"{filled(place.path)}?{query}", **good_body(place)
                )
                assert response.status == 400, "the token is wrong, and nothing else"


NO_TOKEN = ["x", "%00", "a%00b", f"{'x' * 31}%00", "x" * 201, "x" * 5000, "%C3%A9", *NOT_UTF_8]


async def test_what_can_be_no_token_is_one_that_is_unknown(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place in MAILED:
        for token in NO_TOKEN:
            with subtests.test(f"{name_of(place)}: {token[:50]}"):
                path, body = filled(place.path, token), good_body(place)
                response = await fetch(ada, place.method, path, headers=AS_JSON, **body)
                assert response.status == 400
                if place.method != "HEAD":
                    await problem(response, 400, "invalid_token")


NOT_AN_ID = [
    *("0", "-1", "-0", "1.0", "1e3", "0x1", "+1", "1%20", "%201", "1,2", "one", "null", "1%00"),
    *("9" * 20, str(2**63), "-" + "9" * 20, "9" * 5000, "%D9%A3", "%C2%B2", "1;--", "%2E%2E"),
    *NOT_UTF_8,
]


@pytest.mark.slow
async def test_a_path_value_that_is_no_id_is_named(ada: Person, subtests: pytest.Subtests) -> None:
    for place, values in zip(PATHS, dealt(NOT_AN_ID, 6), strict=False):
        with subtests.test(name_of(place)):
            fields = place.schema.fields.values()
            names = {f"/{field.data_key or field.name}" for field in fields}
            body = good_body(place)
            for value in values:
                response = await fetch(ada, place.method, filled(place.path, value), **body)
                assert response.status == 422, value[:50]
                if place.method != "HEAD":
                    assert await pointers(response) == names, value[:50]


async def test_the_largest_id_is_nobodys(ada: Person, subtests: pytest.Subtests) -> None:
    for place in PATHS:
        with subtests.test(name_of(place)):
            body = good_body(place)

            response = await ada.request(place.method, filled(place.path, str(2**63 - 1)), **body)

            assert response.status == 404
