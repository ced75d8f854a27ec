"""A real browser, and what happens in it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright, expect

from tests.support.waiting import PATIENCE

EXECUTABLE = next(
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

expect.set_options(timeout=PATIENCE * 1000)

# Where a run sets REQUIRE_BROWSER, a missing browser fails it instead.
needs_browser = pytest.mark.skipif(
    EXECUTABLE is None and "REQUIRE_BROWSER" not in os.environ,
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


@asynccontextmanager
async def open_browser(**options: Any) -> AsyncIterator[Browser]:
    """Open a browser with one page.

    Args:
        options: Of Playwright's ``new_context``, such as ``java_script_enabled``.
    """
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        page = await chromium.new_page(**options)
        page.set_default_timeout(PATIENCE * 1000)
        browser = Browser(page)
        browser.watch()
        yield browser
        await chromium.close()
