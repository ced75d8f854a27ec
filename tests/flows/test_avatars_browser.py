"""Avatars in Swagger UI, in a real browser: an administrator uploads one and sees it."""

from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.conftest import MakeClient, MakePerson
from tests.flows.test_swagger_ui import sign_in
from tests.support.browser import Browser, needs_browser
from tests.support.pictures import flag

pytestmark = needs_browser


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "me.png"
    path.write_bytes(flag())
    return path


async def opened(page: Page, operation_id: str) -> Locator:
    """Open an operation, ready to be tried out."""
    operation = page.locator(f"[id$='-{operation_id}']")
    await operation.locator(".opblock-summary").click()
    await operation.get_by_role("button", name="Try it out").click()
    return operation


async def execute(operation: Locator, status: int) -> Locator:
    """Send the request, and return what shows the answer."""
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    await expect(answer.locator(".response-col_status").last).to_contain_text(str(status))
    return answer


async def test_an_administrator_uploads_an_avatar_and_sees_it(
    browser: Browser,
    make_client: MakeClient,
    make_person: MakePerson,
    pg: asyncpg.Connection,
    picture: Path,
) -> None:
    client = await make_client()
    origin = str(client.server.make_url("")).rstrip("/")
    person = await make_person(client=client)
    await pg.execute("UPDATE users SET role = 'admin'")
    page = browser.page
    await page.goto(f"{origin}/api/docs")
    await sign_in(page, person.email)

    upload = await opened(page, "replace_avatar")
    await upload.locator("input[type=file]").set_input_files(picture)
    await execute(upload, 200)

    avatar = await pg.fetchval("SELECT avatar FROM users")
    look = await opened(page, "get_avatar")
    await look.get_by_placeholder("name").fill(avatar.removeprefix("folder:"))
    image = (await execute(look, 200)).locator("img")
    await expect(image).to_be_visible()
    assert (
        await image.evaluate("async image => { await image.decode(); return image.naturalWidth }")
        == 512
    )
    assert browser.complaints == []


async def test_a_user_is_refused(
    browser: Browser, make_client: MakeClient, make_person: MakePerson, picture: Path
) -> None:
    client = await make_client()
    person = await make_person(client=client)
    await browser.page.goto(str(client.server.make_url("/api/docs")))
    await sign_in(browser.page, person.email)

    upload = await opened(browser.page, "replace_avatar")
    await upload.locator("input[type=file]").set_input_files(picture)

    await expect(await execute(upload, 403)).to_contain_text("forbidden")
