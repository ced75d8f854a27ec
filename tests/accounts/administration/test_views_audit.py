"""The audit log over HTTP."""

from urllib.parse import urlencode

from tests.accounts.administration.conftest import IdOf, audited
from tests.conftest import MakePerson, Person


async def test_the_audit_log_is_paged_from_the_newest(admin: Person) -> None:
    for _ in range(3):
        await admin.sign_in()

    first = await (await admin.get("/api/admin/audit?limit=2")).json()
    second = await (
        await admin.get(f"/api/admin/audit?limit=2&cursor={first['next_cursor']}")
    ).json()

    ids = [event["id"] for event in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 4
    assert first["items"][0]["event"] == "authn_login_success"
    assert first["items"][0]["ip"] == "127.0.0.1"


async def test_the_audit_log_of_one_who_did_it_and_of_a_time(
    admin: Person, make_person: MakePerson, id_of: IdOf
) -> None:
    grace = await make_person()
    mine, hers = await id_of(admin), await id_of(grace)
    await admin.post(f"/api/admin/users/{hers}/logout")
    log = await audited(admin)
    logout, at = log[0], log[0]["at"]
    before, since, until = log[1:], urlencode({"since": at}), urlencode({"until": at})

    assert await audited(admin, f"actor_id={mine}&user_id={hers}") == [logout]
    assert await audited(admin, f"actor_id={hers}") == [e for e in log if e["actor_id"] == hers]
    assert await audited(admin, since) == [logout]
    assert await audited(admin, until) == before
    assert await audited(admin, f"{since}&{until}") == []
    assert await audited(admin, "since=2999-01-01T00:00:00Z&until=2001-01-01T00:00:00Z") == []

    [newest] = await audited(admin, f"{until}&limit=1")
    page = await (await admin.get(f"/api/admin/audit?{until}&limit=1")).json()
    rest = await audited(admin, f"{until}&cursor={page['next_cursor']}")
    assert [newest, *rest] == before
