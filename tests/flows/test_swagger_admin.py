"""Administration through Swagger UI, in a real browser."""

import asyncpg
from playwright.async_api import Locator, Page, expect

from tests.conftest import MakePerson, Person
from tests.flows.test_swagger_ui import sign_in
from tests.support.browser import Browser, needs_browser

pytestmark = needs_browser


class Operation:
    """One call on the page, with Try it out pressed."""

    def __init__(self, page: Page, operation_id: str) -> None:
        self._place = page.locator(f"[id$='-{operation_id}']")

    async def open(self) -> "Operation":
        await self._place.locator(".opblock-summary").click()
        await self._place.get_by_role("button", name="Try it out").click()
        return self

    async def fill(self, name: str, value: str) -> None:
        await self._place.locator(f"tr[data-param-name='{name}'] input").fill(value)

    async def send(self, status: str, body: str | None = None) -> Locator:
        """Execute, wait for the status, and return what was answered."""
        if body is not None:
            await self._place.locator("textarea.body-param__text").fill(body)
        await self._place.get_by_role("button", name="Execute").click()
        answer = self._place.locator(".live-responses-table")
        await expect(answer.locator(".response-col_status").last).to_have_text(status)
        return answer


async def test_an_administrator_finds_disables_and_enables_a_user(
    browser: Browser,
    origin: str,
    grace: Person,
    make_person: MakePerson,
    pg: asyncpg.Connection,
) -> None:
    await make_person("ada@example.com", "Ada Lovelace")
    await pg.execute("UPDATE users SET role = 'admin' WHERE email = $1", grace.email)
    await browser.page.goto(f"{origin}/api/docs")
    await sign_in(browser.page, grace.email)

    search = await Operation(browser.page, "list_users").open()
    await search.fill("q", "lovelace")
    found = await search.send("200")
    await expect(found.locator(".response-col_description").last).to_contain_text("ada@example.com")

    change = await Operation(browser.page, "update_user").open()
    await change.fill("id", "2")
    for is_active in ("false", "true"):
        answer = await change.send("200", f'{{"is_active": {is_active}}}')
        told = answer.locator(".response-col_description").last
        await expect(told).to_contain_text(f'"is_active": {is_active}')
        kept = await pg.fetchval("SELECT is_active FROM users WHERE id = 2")
        assert str(kept).lower() == is_active
    assert browser.complaints == []


async def test_a_user_is_refused(browser: Browser, origin: str, grace: Person) -> None:
    await browser.page.goto(f"{origin}/api/docs")
    await sign_in(browser.page, grace.email)

    search = await Operation(browser.page, "list_users").open()
    answer = await search.send("403")

    await expect(answer.locator(".response-col_description").last).to_contain_text("forbidden")
