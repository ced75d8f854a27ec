"""Oneself."""

from tests.conftest import Person


async def test_me(grace: Person) -> None:
    response = await grace.get("/api/users/me")

    assert response.status == 200
    user = await response.json()
    assert user["email"] == "grace@example.com"
