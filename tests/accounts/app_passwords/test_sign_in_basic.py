"""Programs sign in with e-mail and app password, and with nothing else."""

from collections.abc import Callable

import asyncpg
import pytest

from contactsvc.web.basic import CHALLENGE
from tests.conftest import PASSWORD, MakePerson, Person, problem
from tests.support.app_passwords import add_app_password, basic, basic_header, bearer


async def test_the_user_is_who_has_the_app_password(grace: Person, password: str) -> None:
    response = await grace.client.get("/basic/", headers=basic(grace.email, password))

    assert (response.status, await response.json()) == (200, {"user_id": 1})


@pytest.mark.parametrize(
    "typed",
    [
        lambda password: password.upper(),
        lambda password: password.replace("-", ""),
        lambda password: f" {password.replace('-', ' ')}\n",
        lambda password: password.replace("-", "\u2013"),
        lambda password: password.replace("0", "O").replace("1", "l"),
    ],
    ids=["capitals", "no dashes", "spaces", "long dashes", "look-alikes"],
)
async def test_it_is_taken_as_people_type_it(
    grace: Person, password: str, typed: Callable[[str], str]
) -> None:
    headers = basic("GRACE@Example.com", typed(password))

    assert (await grace.client.get("/basic/", headers=headers)).status == 200


async def test_whatever_is_wrong_the_answer_is_the_same(
    grace: Person, make_person: MakePerson, password: str, pg: asyncpg.Connection
) -> None:
    await make_person("ada@example.com")
    of_ada = await add_app_password(pg, 2)
    wrong = {
        "nothing": {},
        "the password of the account": basic(grace.email, PASSWORD),
        "another's": basic(grace.email, of_ada),
        "of nobody": basic("nobody@example.com", password),
        "unknown": basic(grace.email, password[:-1] + ("0" if password[-1] != "0" else "2")),
        "no user": basic("", password),
        "no password": basic(grace.email, ""),
        "neither": basic("", ""),
        "a NUL": basic(grace.email, password + "\0"),
        "a NUL in the name": basic("\0" + grace.email, password),
        "too long": basic(grace.email, password + "-" * 5000),
        "a long name": basic("x" * 5000, password),
        "no colon": {"Authorization": basic_header(b"grace@example.com")},
        "no UTF-8": {"Authorization": basic_header(b"grace@example.com:\xff\xfe")},
        "no base 64": {"Authorization": "Basic !!!!"},
        "half of it": {"Authorization": "Basic YTpi="},
        "no ASCII": {"Authorization": "Basic \xe4\xf6"},
        "nothing after it": {"Authorization": "Basic"},
        "a bearer token": grace.headers,
        "an app password as bearer token": bearer(password),
    }
    answers = []
    for headers in wrong.values():
        response = await grace.client.get("/basic/", headers=headers)
        body = await problem(response, 401, "unauthenticated")
        assert response.headers["WWW-Authenticate"] == CHALLENGE
        answers.append(body | {"request_id": ""})

    assert all(answer == answers[0] for answer in answers)
    assert "app password" in answers[0]["detail"]
