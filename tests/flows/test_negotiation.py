"""What a caller accepts, and what there is."""

import pytest
from multidict import CIMultiDict

from tests.conftest import Client, Person, problem


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/contacts/", "text/html"),
        ("/api/contacts/", "application/json;q=0"),
        ("/api/contacts/", "application/json;q=0, */*"),
        ("/api/contacts/1", "application/xml, text/*"),
        ("/api/users/1/avatar.svg", "application/json"),
        ("/api/users/1/avatar.svg", "image/png"),
        ("/api/docs", "application/json"),
    ],
)
async def test_a_form_that_there_is_not(ada: Person, path: str, accept: str) -> None:
    await problem(await ada.get(path, headers={"Accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "text/html, application/json;q=0.1", "text/html;q=0.9, */*;q=0.1",
     "APPLICATION/JSON", "application/json; charset=utf-8", ""],
)  # fmt: skip
async def test_forms_that_there_are(ada: Person, accept: str) -> None:
    assert (await ada.get("/api/contacts/1", headers={"Accept": accept})).status == 200


async def test_what_is_accepted_may_come_on_several_lines(client: Client) -> None:
    """RFC 9110, 5.3: they are as one line, joined with commas."""
    headers = CIMultiDict([("Accept", "text/html"), ("Accept", "application/json")])

    assert (await client.get("/livez", headers=headers)).status == 200


async def test_nothing_is_done_whose_answer_is_not_wanted(grace: Person) -> None:
    headers = {"Accept": "text/html"}

    response = await grace.post("/api/contacts/", json={"first_name": "Ada"}, headers=headers)

    await problem(response, 406, "not_acceptable")
    assert (await (await grace.get("/api/contacts/")).json())["items"] == []
