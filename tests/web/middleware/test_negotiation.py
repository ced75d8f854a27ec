"""What an Accept header admits (RFC 9110, section 12.5.1), and what is answered by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from contactsvc.web.middleware.negotiation import accepts
from tests.conftest import Client, Person, problem
from tests.support.links import confirmation_link, email_change_link, reset_link
from tests.support.mailbox import Mailbox

JSON, PROBLEM = "application/json", "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "admitted"),
    [
        ("*/*", True),
        ("application/json", True),
        ("Application/JSON", True),
        ("application/*", True),
        ("application/json; charset=utf-8", True),
        ("text/html, application/json", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("application/json;q=0.001", True),
        ("application/json; q=1.0", True),
        ("application/json;charset=utf-8;q=0.5", True),
        ("*/*;q=0, application/json", True),
        ("application/*;q=0, application/json;q=0.1", True),
        ("text/html", False),
        ("text/*", False),
        ("application/xml", False),
        ("application/jsonx", False),
        ("application/json;q=0", False),
        ("application/json; q=0.0", False),
        ("application/json;Q=0", False),
        ("application/json;q=0, */*", False),
        ("application/json;q=0, application/*;q=1", False),
        ("application/*;q=0, */*", False),
        ("*/*;q=0", False),
    ],
)
def test_accepts(accept: str, admitted: bool) -> None:
    assert accepts(accept, (JSON,)) is admitted


def test_one_of_many_is_enough() -> None:
    assert accepts("text/html", (JSON, "text/html"))
    assert accepts("application/json;q=0, text/html", (JSON, "text/html"))
    assert not accepts("image/png", (JSON, "text/html"))


def test_nothing_on_offer_is_never_admitted() -> None:
    assert not accepts("*/*", ())


@pytest.mark.parametrize("accept", ["application/json;q=", "application/json;q=high", "a;b;c, */*"])
def test_what_cannot_be_read_is_taken_kindly(accept: str) -> None:
    assert accepts(accept, (JSON,))


@given(st.text())
def test_no_header_breaks_it(accept: str) -> None:
    assert accepts(accept, (JSON,)) in (True, False)


async def test_a_form_that_there_is_not(ada: Person, subtests: pytest.Subtests) -> None:
    for path, accept in [
        ("/api/contacts/", "text/html"),
        ("/api/contacts/", "application/json;q=0"),
        ("/api/contacts/", "application/json;q=0, */*"),
        ("/api/contacts/1", "application/xml, image/*"),
        ("/api/avatars/initials/GH-1.svg", "application/json"),
        ("/api/avatars/initials/GH-1.svg", "image/png"),
        ("/api/docs", "application/json"),
    ]:
        with subtests.test(path=path, accept=accept):
            await problem(await ada.get(path, headers={"Accept": accept}), 406, "not_acceptable")


async def test_forms_that_there_are(ada: Person, subtests: pytest.Subtests) -> None:
    for accept in [
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "text/html;q=0.9, */*;q=0.1",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "",
    ]:
        with subtests.test(accept=accept):
            assert (await ada.get("/api/contacts/1", headers={"Accept": accept})).status == 200


async def test_what_is_accepted_may_come_on_several_lines(client: Client) -> None:
    """RFC 9110, 5.3: they are as one line, joined with commas."""
    headers = CIMultiDict([("Accept", "text/html"), ("Accept", "application/json")])

    assert (await client.get("/livez", headers=headers)).status == 200


@pytest.mark.slow
async def test_a_mailed_link_is_a_page_for_whoever_does_not_name_json(
    grace: Person, mailbox: Mailbox, subtests: pytest.Subtests
) -> None:
    links = [
        await reset_link(grace, mailbox),
        await email_change_link(grace, "admiral@example.com", mailbox),
        await confirmation_link(grace.client, "ada@example.com", mailbox),
    ]
    for accept in [
        "image/*",
        "image/avif,image/webp",
        "text/plain",
        "application/xml",
        PROBLEM,
        "application/json;q=0",
        "*/*;q=0",
        "no media type",
    ]:
        for path in links:
            with subtests.test(path=path.rpartition("/")[0], accept=accept):
                headers = {"Accept": accept}
                answer = await grace.client.get(path, headers=headers)
                assert (answer.status, answer.content_type) == (200, "text/html")
                assert 'type="password"' in await answer.text(), "nothing is done yet"
                head = await grace.client.head(path, headers=headers)
                assert (head.status, head.content_type) == (200, "text/html")
                unknown = await grace.client.get(f"{path}x", headers=headers)
                await problem(unknown, 400, "invalid_token")
    for path in links:
        answer = await grace.client.get(path, headers={"Accept": f"text/plain, {JSON};q=0.1"})
        assert (answer.status, answer.content_type) == (200, JSON)


async def test_nothing_is_done_whose_answer_is_not_wanted(grace: Person) -> None:
    headers = {"Accept": "text/html"}

    response = await grace.post("/api/contacts/", json={"first_name": "Ada"}, headers=headers)

    await problem(response, 406, "not_acceptable")
    assert (await (await grace.get("/api/contacts/")).json())["items"] == []
