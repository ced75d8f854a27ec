"""Swagger UI in a real browser: somebody signs in there and tries a call out."""

import asyncpg
from playwright.async_api import Page, expect

from tests.conftest import PASSWORD, Person
from tests.support.browser import Browser, needs_browser

pytestmark = needs_browser


async def test_sign_in_and_create_a_contact(
    browser: Browser, origin: str, grace: Person, pg: asyncpg.Connection
) -> None:
    await browser.page.goto(f"{origin}/api/docs")
    await sign_in(browser.page, grace.email)

    await try_out(browser.page, "create_contact", '{"first_name": "Ada", "birthday": "--12-10"}')

    row = await pg.fetchrow("SELECT first_name, birthday FROM contacts")
    assert row is not None
    assert tuple(row) == ("Ada", "--12-10")
    assert browser.origins == {origin}
    assert browser.complaints == []


async def sign_in(page: Page, email: str) -> None:
    """Press Authorize, and sign in with e-mail and password."""
    await page.get_by_role("button", name="Authorize").click()
    dialog = page.locator(".modal-ux")
    await dialog.get_by_label("username:").fill(email)
    await dialog.get_by_label("password:").fill(PASSWORD)
    await dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    await dialog.get_by_role("button", name="Close").last.click()


async def try_out(page: Page, operation_id: str, body: str) -> None:
    """Send a body with Try it out, and wait for 201."""
    operation = page.locator(f"[id$='-{operation_id}']")
    await operation.locator(".opblock-summary").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.locator("textarea.body-param__text").fill(body)
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table .response-col_status").last).to_have_text(
        "201"
    )
