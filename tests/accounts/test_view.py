"""What views know of who is signed in."""

from tests.conftest import Person


async def test_an_administrator_sees_a_user_as_they_see_themselves(
    grace: Person, admin: Person
) -> None:
    mine = await (await grace.get("/api/users/me")).json()
    seen = await (await admin.get(f"/api/admin/users/{mine['id']}")).json()

    assert seen == mine
    assert mine["email"] == grace.email


async def test_the_session_is_the_one_of_the_access_token(grace: Person) -> None:
    first = dict(grace.tokens)
    await grace.sign_in()
    listed = (await (await grace.get("/api/users/me/sessions")).json())["items"]
    assert [each["current"] for each in listed].count(True) == 1
    current = next(each["id"] for each in listed if each["current"])

    grace.tokens = first
    listed = (await (await grace.get("/api/users/me/sessions")).json())["items"]

    assert next(each["id"] for each in listed if each["current"]) != current
