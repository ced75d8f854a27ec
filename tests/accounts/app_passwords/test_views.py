"""One's own app passwords: made, listed and revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.service import MAX_APP_PASSWORDS
from tests.conftest import MakePerson, Person, pointers, problem
from tests.support.app_passwords import add_app_password, basic
from tests.support.mailbox import Mailbox, text

PATH = "/api/users/me/app_passwords"


async def make(person: Person, **body: Any) -> dict[str, Any]:
    response = await person.post(PATH, json={"name": "My phone"} | body)
    assert response.status == 201, await response.text()
    made: dict[str, Any] = await response.json()
    return made


async def listed(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await (await person.get(PATH)).json())["items"]
    return items


async def test_it_is_shown_once_and_signs_in(grace: Person, pg: asyncpg.Connection) -> None:
    made = await make(grace, name=" My phone ")
    password = made.pop("password")

    assert made | {"id": 0, "created_at": ""} == {
        "id": 0,
        "name": "My phone",
        "scope": "write",
        "created_at": "",
        "last_used_at": None,
        "expires_at": None,
    }
    assert await listed(grace) == [made]
    headers = basic(grace.email, password)
    assert (await grace.client.put("/basic/", headers=headers)).status == 200
    [used] = await listed(grace)
    assert used["last_used_at"] >= made["created_at"]
    kept = dict(await pg.fetchrow("SELECT * FROM app_passwords"))
    assert password not in str(kept)
    assert password.replace("-", "") not in str(kept)


async def test_the_newest_comes_first(grace: Person) -> None:
    names = ["phone", "laptop", "phone"]
    for name in names:
        await make(grace, name=name)

    assert [item["name"] for item in await listed(grace)] == names[::-1]


async def test_an_answer_with_a_password_is_not_stored(grace: Person) -> None:
    response = await grace.post(PATH, json={"name": "phone"})

    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": " \u200b "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\tb"}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"name": 1}, "/name"),
        ({"name": "x", "scope": "admin"}, "/scope"),
        ({"name": "x", "scope": None}, "/scope"),
        ({"name": "x", "expires_at": "tomorrow"}, "/expires_at"),
        ({"name": "x", "expires_at": "2026-01-31T12:00:00"}, "/expires_at"),
        ({"name": "x", "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "x", "password": "mine"}, "/password"),
    ],
)
async def test_what_does_not_fit_is_named(grace: Person, body: Any, pointer: str) -> None:
    assert await pointers(await grace.post(PATH, json=body)) == {pointer}
    assert await listed(grace) == []


async def test_it_may_end_by_itself(grace: Person) -> None:
    for expires_at in ("2999-01-31T12:00:00+01:00", "9999-12-31T23:59:59.999999Z", None, ""):
        await make(grace, expires_at=expires_at)

    ends = [item["expires_at"] for item in await listed(grace)]
    assert ends == [None, None, "9999-12-31T23:59:59.999999Z", "2999-01-31T11:00:00Z"]


async def test_there_is_a_bound(grace: Person, pg: asyncpg.Connection) -> None:
    for _ in range(MAX_APP_PASSWORDS - 1):
        await add_app_password(pg)
    ended = datetime.now(UTC) - timedelta(minutes=1)
    await add_app_password(pg, expires_at=ended)  # which does not count
    made = await make(grace)

    await problem(await grace.post(PATH, json={"name": "x"}), 409, "conflict")
    assert len(await listed(grace)) == MAX_APP_PASSWORDS

    assert (await grace.delete(f"{PATH}/{made['id']}")).status == 204
    await make(grace)


async def test_so_many_are_made_in_an_hour(grace: Person) -> None:
    """Each of them is a mail to its user."""
    for _ in range(20):
        made = await make(grace)
        assert (await grace.delete(f"{PATH}/{made['id']}")).status == 204

    await problem(await grace.post(PATH, json={"name": "x"}), 429, "rate_limited")


async def test_a_revoked_one_is_gone(grace: Person) -> None:
    made = await make(grace)
    headers = basic(grace.email, made["password"])
    assert (await grace.client.get("/basic/", headers=headers)).status == 200

    assert (await grace.delete(f"{PATH}/{made['id']}")).status == 204

    await problem(await grace.client.get("/basic/", headers=headers), 401, "unauthenticated")
    assert await listed(grace) == []
    await problem(await grace.delete(f"{PATH}/{made['id']}"), 404, "not_found")


async def test_somebody_elses_looks_like_none(grace: Person, make_person: MakePerson) -> None:
    bob = await make_person("bob@example.com")
    made = await make(bob)

    await problem(await grace.delete(f"{PATH}/{made['id']}"), 404, "not_found")
    assert await listed(grace) == []
    assert [item["id"] for item in await listed(bob)] == [made["id"]]


@pytest.mark.parametrize("password_id", ["0", "-1", "x", "9223372036854775808"])
async def test_an_id_that_is_none_is_refused(grace: Person, password_id: str) -> None:
    assert await pointers(await grace.delete(f"{PATH}/{password_id}")) == {"/id"}


async def test_its_user_is_told_by_mail(grace: Person, mailbox: Mailbox) -> None:
    password = (await make(grace, name="Buy at evil.example"))["password"]

    mail = await mailbox.next(grace.email)
    assert mail["Subject"] == "A new app password"
    assert "change the password" in text(mail)
    assert password not in mail.as_string()
    assert "evil" not in mail.as_string()
