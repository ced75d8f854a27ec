"""The pages behind mailed links: who gets one, and that nothing in it runs or is loaded."""

from base64 import b64encode
from hashlib import sha256

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from contactsvc.web.pages import asks_for_json, page, wants_page
from tests.accounts.registration.test_views import EMAIL, login_status, register
from tests.conftest import Client
from tests.support.mailbox import Mailbox


@pytest.mark.parametrize("mode", ["navigate", "no-cors"])
async def test_a_browser_that_only_loads_the_link_confirms_nothing(
    client: Client, mailbox: Mailbox, mode: str
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    headers = {"Accept": "application/json", "Sec-Fetch-Mode": mode}
    answer = await client.get(path, headers=headers)

    assert (answer.status, answer.content_type) == (200, "text/html")
    assert await login_status(client) == 403


async def test_a_script_may_confirm(client: Client, mailbox: Mailbox) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    headers = {"Accept": "application/json", "Sec-Fetch-Mode": "cors"}
    answer = await client.get(path, headers=headers)

    assert await answer.json() == {"status": "confirmed"}
    assert await login_status(client) == 200


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ([], False),
        ([("Accept", "*/*")], False),
        ([("Accept", "application/json")], False),
        ([("Accept", "TEXT/HTML,*/*;q=0.8")], True),
        ([("Accept", "application/json"), ("Accept", "text/html")], True),
        ([("Sec-Fetch-Mode", "navigate")], True),
        ([("Sec-Fetch-Mode", "no-cors"), ("Accept", "image/*")], True),
        ([("Sec-Fetch-Mode", "cors"), ("Accept", "*/*")], False),
        ([("Sec-Fetch-Mode", "same-origin")], False),
    ],
)
def test_who_wants_a_page(headers: list[tuple[str, str]], wanted: bool) -> None:
    assert wants_page(make_mocked_request("GET", "/", CIMultiDict(headers))) is wanted


def test_who_asks_for_json_names_it(subtests: pytest.Subtests) -> None:
    for headers, wanted in (
        ([], False),
        ([("Accept", "*/*")], False),
        ([("Accept", "application/json")], True),
        ([("Accept", "text/plain"), ("Accept", "APPLICATION/JSON ; q=0.1")], True),
        ([("Accept", "application/json;q=0")], False),
        ([("Accept", "application/problem+json, application/*")], False),
        ([("Accept", "application/json, text/html")], False),
        ([("Accept", "application/json"), ("Sec-Fetch-Mode", "navigate")], False),
    ):
        with subtests.test(headers=headers):
            request = make_mocked_request("GET", "/", CIMultiDict(headers))
            assert asks_for_json(request) is wanted


def test_what_is_told_is_text_and_no_markup() -> None:
    html = page("<b>Title</b>", "<script>alert(1)</script> & more").text

    assert html is not None
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


def test_its_style_alone_is_let_in_by_its_policy() -> None:
    response = page("Title", "Text", status=400)

    assert response.text is not None
    style = response.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", f"style-src 'sha256-{digest}'"} <= set(policy)
    assert response.headers["Referrer-Policy"] == "no-referrer", "the link holds a token"
    assert (response.status, response.content_type) == (400, "text/html")
