"""What paths there are: each with its slash and without, and no other."""

import pytest

from tests.conftest import Client, Person, problem
from tests.support.routes import GETS, OTHERS, filled


async def test_every_path_works_with_and_without_its_slash(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for path in GETS:
        with subtests.test(path=path):
            bare = filled(path).rstrip("/")

            without = await ada.get(bare, allow_redirects=False)
            with_slash = await ada.get(f"{bare}/", allow_redirects=False)

            assert without.status == with_slash.status == 200
            if path != "/metrics":  # which has counted the first request when it answers the second
                assert await without.read() == await with_slash.read()


async def test_every_method_works_with_and_without_its_slash(
    client: Client, subtests: pytest.Subtests
) -> None:
    """What it answers when it is asked badly is enough to know that it is the same handler."""
    for method, path in OTHERS:
        with subtests.test(method=method, path=path):
            bare, bodies = filled(path).rstrip("/"), []
            for form in (bare, f"{bare}/"):
                headers = {"X-Request-ID": "same"}
                async with client.request(
                    method, form, json={}, headers=headers, allow_redirects=False
                ) as response:
                    assert response.status in (400, 401, 422)
                    bodies.append(await response.read())

            assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        "pyproject.toml",
        "var/secret_key",
        "api/docs/swagger-ui/..%2f__init__.py",
        "api/avatars/..%2f..%2fsecret_key",
    ],
)
async def test_nothing_of_the_service_itself_is_served(client: Client, path: str) -> None:
    await problem(await client.get(f"/{path}"), 404, "not_found")


async def test_a_place_in_a_path_takes_whatever_is_between_slashes(grace: Person) -> None:
    await grace.add_contact(tags=["{x}", "a+b"])

    for tag in ("%7Bx%7D", "a+b"):
        assert (await grace.delete(f"/api/tags/{tag}")).status == 204
