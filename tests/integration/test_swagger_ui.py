"""Swagger UI in a real browser: somebody signs in there and tries a call out."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg
import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright, expect

from tests.conftest import PASSWORD, Client, Person

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# Where a run sets REQUIRE_BROWSER, a missing browser fails it instead.
pytestmark = pytest.mark.skipif(
    BROWSER is None and "REQUIRE_BROWSER" not in os.environ,
    reason="there is no Chromium on the path",
)


@dataclass
class Browser:
    """A page, and what happened on it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def origins(self) -> set[str]:
        """Return where requests went; data: and blob: URLs go nowhere."""
        asked = map(urlsplit, self.requests)
        return {f"{url.scheme}://{url.netloc}" for url in asked if url.scheme.startswith("http")}

    def watch(self) -> None:
        """Note requests, and everything that the page or its console complains about."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # A violated Content-Security-Policy is told as an error too.
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = await chromium.new_page()
        page.set_default_timeout(5000)
        browser = Browser(page)
        browser.watch()
        yield browser
        await chromium.close()


@pytest.fixture
def origin(client: Client) -> str:
    """Where the service really listens."""
    return str(client.server.make_url("/")).rstrip("/")


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
