"""Administration over HTTP: accounts and the outbox."""

import asyncio
from urllib.parse import urlencode

import asyncpg
import pytest

from tests.accounts.administration.conftest import IdOf, audited, both_waiting
from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, pointers, problem
from tests.support.mailbox import Mailbox, nothing_pending


async def listed(admin: Person, query: str = "") -> list[str]:
    """Return the e-mails of a listing, going through all its pages."""
    emails: list[str] = []
    cursor = ""
    while True:
        page = await (await admin.get(f"/api/admin/users?limit=2&{query}{cursor}")).json()
        emails += [user["email"] for user in page["items"]]
        if page["next_cursor"] is None:
            return emails
        cursor = f"&cursor={page['next_cursor']}"


async def test_users_are_listed_and_found(
    admin: Person, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    for email, name in (
        ("grace@example.com", "Grace Hopper"),
        ("zoe@example.com", "Zoë Łukasz"),
        ("ada@sale.example", "100% Ada_L"),
        ("josé@bücher.example", "Jose"),
    ):
        await make_person(email, name)
    await pg.execute("UPDATE users SET confirmed = false WHERE name = 'Jose'")
    await pg.execute("UPDATE users SET is_active = false WHERE email LIKE 'grace%'")
    await pg.execute("UPDATE users SET confirmed = false WHERE email LIKE 'ada%'")

    jose = "josé@bücher.example"
    everyone = [
        "root@example.com",
        "grace@example.com",
        "zoe@example.com",
        "ada@sale.example",
        jose,
    ]
    assert await listed(admin) == everyone
    for found in ("JOSÉ@", "jos\u0065\u0301", jose, "é@Bücher.example", "josé jose"):
        assert await listed(admin, urlencode({"q": found})) == [jose]
    assert await listed(admin, "q=jose%40") == [], "another address"
    assert await listed(admin, "q=zoe+lukasz") == ["zoe@example.com"]
    assert await listed(admin, "q=HOPPER") == ["grace@example.com"]
    assert await listed(admin, "q=sale.example") == ["ada@sale.example"]
    assert await listed(admin, "q=100%25") == ["ada@sale.example"]
    assert await listed(admin, "q=a_l") == ["ada@sale.example"]
    assert await listed(admin, "role=admin") == ["root@example.com"]
    assert await listed(admin, "is_active=false") == ["grace@example.com"]
    assert await listed(admin, "confirmed=false") == ["ada@sale.example", jose]
    assert await listed(admin, "confirmed=true&is_active=true&role=user") == ["zoe@example.com"]


async def test_a_name_is_found_after_it_was_changed(admin: Person) -> None:
    assert (await admin.patch("/api/users/me", json={"name": "Élodie"})).status == 200

    assert await listed(admin, "q=elodie") == [admin.email]
    assert await listed(admin, "q=ruth") == []


async def test_one_user(admin: Person, make_person: MakePerson, id_of: IdOf) -> None:
    grace = await make_person()
    me = await (await grace.get("/api/users/me")).json()

    response = await admin.get(f"/api/admin/users/{await id_of(grace)}")

    assert await response.json() == me
    await problem(await admin.get("/api/admin/users/999"), 404, "not_found")


async def test_what_does_not_fit_is_named(admin: Person, subtests: pytest.Subtests) -> None:
    for path, pointer in [
        ("/api/admin/users?role=root", "/role"),
        ("/api/admin/users?limit=0", "/limit"),
        ("/api/admin/users?limit=201", "/limit"),
        ("/api/admin/users?is_active=maybe", "/is_active"),
        ("/api/admin/users?cursor=x", "/cursor"),
        ("/api/admin/users?q=%00", "/q"),
        ("/api/admin/users?unknown=1", "/unknown"),
        ("/api/admin/users/0", "/id"),
        ("/api/admin/users/99999999999999999999", "/id"),
        ("/api/admin/audit?user_id=x", "/user_id"),
        ("/api/admin/audit?event=party", "/event"),
        ("/api/admin/audit?actor_id=x", "/actor_id"),
        ("/api/admin/audit?since=2026-01-31", "/since"),
        ("/api/admin/audit?until=2026-01-31T12:00:00+02:00", "/until"),
        ("/api/admin/outbox?status=lost", "/status"),
    ]:
        with subtests.test(path=path, pointer=pointer):
            assert await pointers(await admin.get(path)) == {pointer}


async def test_a_cursor_is_good_for_its_own_listing_alone(
    admin: Person, make_person: MakePerson
) -> None:
    await make_person()
    page = await (await admin.get("/api/admin/users?limit=1")).json()
    cursor = page["next_cursor"]

    for path in (
        f"/api/admin/users?q=x&cursor={cursor}",
        f"/api/admin/audit?cursor={cursor}",
        f"/api/contacts/?cursor={cursor}",
    ):
        assert await pointers(await admin.get(path)) == {"/cursor"}


async def test_a_promotion_and_a_demotion_count_at_once(
    admin: Person, make_person: MakePerson, id_of: IdOf
) -> None:
    grace = await make_person()
    path = f"/api/admin/users/{await id_of(grace)}"
    await problem(await grace.get("/api/admin/users"), 403, "forbidden")

    response = await admin.patch(path, json={"role": "admin"})
    assert (response.status, (await response.json())["role"]) == (200, "admin")
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")  # renew the token
    await grace.sign_in()
    assert (await grace.get("/api/admin/users")).status == 200

    assert (await admin.patch(path, json={"role": "user"})).status == 200
    assert (await grace.get("/api/admin/users")).status in (401, 403)
    events = await audited(admin, f"user_id={await id_of(grace)}&event=authz_change")
    assert [event["data"] for event in events] == [{"role": "user"}, {"role": "admin"}]
    assert {event["actor_id"] for event in events} == {await id_of(admin)}


async def test_two_processes_see_a_change_at_once(
    admin: Person, make_person: MakePerson, make_client: MakeClient, id_of: IdOf
) -> None:
    """Two applications on one PostgreSQL, each with what it has cached."""
    grace = await make_person()
    elsewhere = Person(await make_client(), grace.email, grace.tokens)
    for person in (grace, elsewhere):
        assert (await person.get("/api/users/me")).status == 200
    path = f"/api/admin/users/{await id_of(grace)}"

    assert (await admin.patch(path, json={"is_active": False})).status == 200

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    await problem(await elsewhere.get("/api/admin/users"), 401, "unauthenticated")


async def test_disabling_ends_sessions_and_enabling_lets_in_again(
    admin: Person, make_person: MakePerson, id_of: IdOf
) -> None:
    grace = await make_person()
    path = f"/api/admin/users/{await id_of(grace)}"
    refresh = {"refresh_token": grace.tokens["refresh_token"]}

    assert (await admin.patch(path, json={"is_active": False})).status == 200
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    renewed = await grace.client.post("/api/auth/refresh", json=refresh)
    await problem(renewed, 401, "unauthenticated")
    credentials = {"email": grace.email, "password": PASSWORD}
    login = await grace.client.post("/api/auth/login", json=credentials)
    await problem(login, 403, "account_disabled")

    assert (await admin.patch(path, json={"is_active": True})).status == 200
    await grace.sign_in()


async def test_ending_all_sessions(admin: Person, make_person: MakePerson, id_of: IdOf) -> None:
    grace = await make_person()

    response = await admin.post(f"/api/admin/users/{await id_of(grace)}/logout")

    assert response.status == 204
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    await problem(await admin.post("/api/admin/users/999/logout"), 404, "not_found")


async def test_starting_a_reset(
    admin: Person, make_person: MakePerson, id_of: IdOf, mailbox: Mailbox
) -> None:
    grace = await make_person()

    response = await admin.post(f"/api/admin/users/{await id_of(grace)}/reset")

    assert response.status == 202
    assert "confirm_update_password" in await mailbox.link(grace.email)
    await problem(await admin.post("/api/admin/users/999/reset"), 404, "not_found")


@pytest.mark.parametrize("body", [{"role": "user"}, {"is_active": False}])
async def test_the_last_administrator_stays(
    admin: Person, id_of: IdOf, body: dict[str, object]
) -> None:
    path = f"/api/admin/users/{await id_of(admin)}"

    await problem(await admin.patch(path, json=body), 409, "last_admin")
    deletion = await admin.delete("/api/users/me", json={"password": PASSWORD})
    await problem(deletion, 409, "last_admin")
    assert (await admin.get("/api/admin/users")).status == 200


async def left(pg: asyncpg.Connection) -> int:
    """Return how many active administrators there are."""
    count: int = await pg.fetchval("SELECT count(*) FROM users WHERE role = 'admin' AND is_active")
    return count


@pytest.mark.parametrize("body", [{"role": "user"}, {"is_active": False}])
async def test_two_administrators_cannot_remove_each_other_at_once(
    admin: Person,
    make_person: MakePerson,
    id_of: IdOf,
    pg: asyncpg.Connection,
    body: dict[str, object],
) -> None:
    grace = await make_person()
    await pg.execute("UPDATE users SET role = 'admin'")
    await grace.sign_in()
    paths = [f"/api/admin/users/{await id_of(person)}" for person in (grace, admin)]

    async with both_waiting(pg):
        requests = [
            asyncio.create_task(who.patch(path, json=body))
            for who, path in zip((admin, grace), paths, strict=True)
        ]

    assert sorted([(await request).status for request in requests]) == [200, 409]
    assert await left(pg) == 1


async def test_an_unknown_field_and_a_wrong_type_are_refused(
    admin: Person, make_person: MakePerson, id_of: IdOf
) -> None:
    path = f"/api/admin/users/{await id_of(await make_person())}"
    for body, pointer in (
        ({"role": "root"}, "/role"),
        ({"is_active": "yes"}, "/is_active"),
        ({"password": "x"}, "/password"),
        ({"confirmed": True}, "/confirmed"),
    ):
        assert await pointers(await admin.patch(path, json=body)) == {pointer}


async def test_the_outbox_and_its_dead_letters(
    admin: Person, client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await client.post("/api/auth/update_password", json={"email": admin.email})
    message = await mailbox.next(admin.email)
    token = str(message).rsplit("/", 1)[-1].split()[0]
    await nothing_pending(pg)  # the file is there before the row says so
    await pg.execute("UPDATE outbox SET status = 'dead', last_error = '550', attempts = 8")

    response = await admin.get("/api/admin/outbox?status=dead")
    body = await response.json()
    (mail,) = body["items"]
    assert (mail["recipient"], mail["status"], mail["last_error"]) == (admin.email, "dead", "550")
    assert token not in await response.text()

    assert (await admin.post(f"/api/admin/outbox/{mail['id']}/retry")).status == 202
    await mailbox.next(admin.email)
    again = await admin.post(f"/api/admin/outbox/{mail['id']}/retry")
    await problem(again, 409, "conflict")
    await problem(await admin.post("/api/admin/outbox/999/retry"), 404, "not_found")
