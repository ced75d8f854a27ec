"""The pages behind mailed links, in a real browser that runs no JavaScript."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.conftest import PASSWORD, Client, MakePerson, Person
from tests.support.browser import Browser, needs_browser, open_browser
from tests.support.links import confirmation_link, reset_link
from tests.support.mailbox import Mailbox

pytestmark = needs_browser

NEW = "quite another battery staple"
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 375, "height": 667},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "small phone with large letters": {"viewport": {"width": 320, "height": 568}, "zoom": 2},
}


on_every_screen = pytest.mark.parametrize("screen", SCREENS)


@pytest.fixture
def screen() -> str:
    """On which screen; most people read mail on their phone."""
    return "phone"


@pytest.fixture
async def browser(screen: str, client: Client) -> AsyncIterator[Browser]:
    """A browser without JavaScript; whatever it does, it asks the service alone."""
    options = dict(SCREENS[screen])
    zoom = options.pop("zoom", 1)
    async with open_browser(java_script_enabled=False, **options) as browser:
        if zoom != 1:
            await enlarge(browser.page, zoom)
        yield browser
        assert browser.origins == {origin(client)}
        # That an answer is not 200 is told as an error too, and often meant here.
        complaints = [c for c in browser.complaints if "Failed to load resource" not in c]
        assert complaints == []


async def enlarge(page: Page, zoom: int) -> None:
    """Let the browser's own letters be larger, as people set them who see little."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.enable")
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * zoom}})


def origin(client: Client) -> str:
    return str(client.make_url("/")).rstrip("/")


@pytest.fixture
async def owner(make_person: MakePerson) -> Person:
    """Whose account it is."""
    return await make_person()


async def follow(browser: Browser, client: Client, path: str, status: int = 200) -> Page:
    """Open a mailed link and look at the page in the ways that hold for all pages."""
    response = await browser.page.goto(f"{origin(client)}{path}")
    assert response is not None
    assert response.status == status
    await well_made(browser.page)
    return browser.page


async def well_made(page: Page) -> None:
    """Assert that a page has a title, a language and a heading, and fits the screen."""
    assert await page.locator("html").get_attribute("lang") == "en"
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_count(1)
    assert await page.title() == await heading.inner_text()
    await expect(page.get_by_role("main")).to_be_visible()
    wide, screen = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= screen, "it scrolls sideways"
    for button in await page.get_by_role("button").all():
        await can_be_hit(button)


async def can_be_hit(button: Locator) -> None:
    """Assert that a finger finds a button (WCAG 2.2, 2.5.5)."""
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 44


async def status_of_sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    body = {"email": email, "password": password}
    return (await client.post("/api/auth/login", json=body)).status


@on_every_screen
async def test_from_the_mail_to_a_signed_in_user(
    browser: Browser, client: Client, mailbox: Mailbox
) -> None:
    path = await confirmation_link(client, "grace@example.com", mailbox)
    page = await follow(browser, client, path)
    assert await status_of_sign_in(client, "grace@example.com") == 403, "to look confirms nothing"

    await expect(page.get_by_label("Password")).to_have_accessible_description(
        "Type the password that you chose when you registered with grace@example.com."
    )
    await page.get_by_label("Password").fill("not the password")
    await page.get_by_role("button", name="Confirm my e-mail").click()
    await expect(page.get_by_role("alert")).to_contain_text("not the password")
    await well_made(page)
    assert await status_of_sign_in(client, "grace@example.com") == 403

    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Confirm my e-mail").click()

    await expect(page.get_by_role("heading")).to_have_text("Your e-mail is confirmed")
    await well_made(page)
    grace = Person(client, "grace@example.com")
    await grace.sign_in()
    assert (await grace.get("/api/users/me")).status == 200
    await page.reload()  # the browser sends the form again
    await expect(page.get_by_role("heading")).to_have_text("Your e-mail is confirmed")


async def test_a_mail_reader_that_loads_the_link_confirms_nothing(
    browser: Browser, client: Client, mailbox: Mailbox
) -> None:
    path = await confirmation_link(client, "grace@example.com", mailbox)
    url = f"{origin(client)}{path}"

    # It takes the link for a picture, or looks ahead; neither names HTML in its Accept.
    await browser.page.set_content(f'<link rel="prefetch" href="{url}"><img src="{url}">')

    assert url in browser.requests
    assert await status_of_sign_in(client, "grace@example.com") == 403
    grace = Person(client, "grace@example.com")
    program = {"Accept": "application/json"}
    assert (await client.get(path, headers=program)).status == 200, "a program's own GET does"
    await grace.sign_in()


async def test_who_has_not_chosen_the_password_sets_one_by_mail(
    browser: Browser, client: Client, mailbox: Mailbox
) -> None:
    """A stranger has registered; the mailbox is its owner's all the same."""
    page = await follow(
        browser, client, await confirmation_link(client, "bob@example.com", mailbox)
    )
    await page.get_by_label("Password").fill("not the stranger's password")
    await page.keyboard.press("Enter")

    await page.get_by_role("button", name="Mail me a link").click()

    await expect(page.get_by_role("heading")).to_have_text("A mail is on its way")
    await well_made(page)
    page = await follow(browser, client, await mailbox.link("bob@example.com"))
    await page.get_by_label("New password").fill(NEW)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading")).to_have_text("Your password is changed")
    assert await status_of_sign_in(client, "bob@example.com", NEW) == 200
    assert await status_of_sign_in(client, "bob@example.com") == 401


@on_every_screen
async def test_a_new_password_by_the_form(
    browser: Browser, owner: Person, mailbox: Mailbox
) -> None:
    page = await follow(browser, owner.client, await reset_link(owner, mailbox))
    field = page.get_by_label("New password")
    await expect(field).to_have_attribute("type", "password")
    await expect(field).to_have_attribute("autocomplete", "new-password")
    await expect(field).to_have_accessible_description(
        "At least 12 characters; a few words that only you would put together."
    )

    await field.fill("password1234")
    await page.get_by_role("button", name="Set the new password").click()

    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("choose another one")
    await well_made(page)
    await expect(field).to_have_value("")
    await expect(field).to_have_attribute("aria-invalid", "true")
    assert (await alert.inner_text()) in (await described_by(page, field))

    await field.fill(NEW)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading")).to_have_text("Your password is changed")
    await well_made(page)
    assert await status_of_sign_in(owner.client, owner.email) == 401
    assert await status_of_sign_in(owner.client, owner.email, NEW) == 200


async def described_by(page: Page, field: Locator) -> str:
    """Return what a screen reader says of a field besides its label."""
    names = (await field.get_attribute("aria-describedby") or "").split()
    return " ".join([await page.locator(f"[id='{name}']").inner_text() for name in names])


async def test_the_browser_itself_says_what_is_too_short(
    browser: Browser, owner: Person, mailbox: Mailbox
) -> None:
    page = await follow(browser, owner.client, await reset_link(owner, mailbox))
    asked = len(browser.requests)

    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button").click()

    await expect(page.locator(":invalid")).not_to_have_count(0)
    assert len(browser.requests) == asked


async def test_a_link_that_does_not_work_gets_a_friendly_page(
    browser: Browser, owner: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    client = owner.client
    reset = await reset_link(owner, mailbox)
    confirm = await confirmation_link(client, "bob@example.com", mailbox)
    await pg.execute("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
    await pg.execute("UPDATE registrations SET link_expires_at = now() - interval '1 second'")
    broken = ["/api/auth/confirmed_email/broken", "/api/auth/confirm_update_password/broken"]
    for path in (reset, confirm, *broken):
        page = await follow(browser, client, path, 400)
        await expect(page.get_by_role("main")).to_contain_text("ask for a new one")


async def test_a_browser_is_told_on_a_page_what_is_refused_before_the_link_is_looked_at(
    owner: Person, mailbox: Mailbox
) -> None:
    path = await reset_link(owner, mailbox)
    html = {"Accept": "text/html"}

    page = await owner.client.get(f"{path}{'x' * 200}", headers=html)
    assert (page.status, page.content_type) in [(400, "text/html"), (422, "text/html")]
    page = await owner.client.post(path, data={"password": "x" * 201}, headers=html)
    assert (page.status, page.content_type) == (422, "text/html")
