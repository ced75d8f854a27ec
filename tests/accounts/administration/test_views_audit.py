"""The audit log over HTTP."""

from tests.conftest import Person


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
