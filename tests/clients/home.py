"""A running service with one account, as a program is pointed at it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from typing import Any, Final

from aiohttp import ClientSession

from tests.clients.recorder import Recorder, recording
from tests.conftest import PASSWORD
from tests.support.pictures import flag
from tests.support.ports import free_port
from tests.support.service_process import Service

EMAIL: Final = "grace@example.com"


@dataclass
class Home:
    """The service behind a proxy that records, and its only account.

    Args:
        url: Where programs reach it.
        recorder: What was said since the account was made.
    """

    url: str
    recorder: Recorder
    http: ClientSession
    token: str = ""
    password: str = ""

    async def sign_up(self) -> None:
        """Make the account and its app password."""
        account = {"email": EMAIL, "password": PASSWORD}
        await self.ask("POST", "/api/auth/register", json=account)
        self.token = (await self.ask("POST", "/api/auth/login", json=account))["access_token"]
        self.password = await self.app_password("write")

    async def app_password(self, scope: str) -> str:
        """Make another app password and return it."""
        wanted = {"name": "Telephone", "scope": scope}
        made = await self.ask("POST", "/api/users/me/app_passwords", json=wanted)
        return str(made["password"])

    async def add(self, **fields: object) -> dict[str, Any]:
        """Add a contact and return it."""
        contact: dict[str, Any] = await self.ask("POST", "/api/contacts/", json=fields)
        return contact

    async def change(self, uid: str, **fields: object) -> None:
        """Change some fields of a contact."""
        await self.ask("PATCH", await self._path(uid), json=fields)

    async def delete(self, uid: str) -> None:
        """Delete a contact."""
        await self.ask("DELETE", await self._path(uid))

    async def add_photo(self, uid: str) -> None:
        """Give a contact a photo."""
        picture = {"data": flag(), "headers": {"Content-Type": "image/png"}}
        await self.ask("PUT", f"{await self._path(uid)}/photo", **picture)

    async def versions(self, uid: str) -> list[dict[str, Any]]:
        """Return what a contact was before, the newest first."""
        found = await self.ask("GET", f"{await self._path(uid)}/versions")
        return [each["contact"] for each in found["items"]]

    async def contacts(self) -> dict[str, dict[str, Any]]:
        """Return the contacts by uid."""
        contacts: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            page = await self.ask("GET", f"/api/contacts/?limit=200{cursor}")
            contacts |= {each["uid"]: each for each in page["items"]}
            if page["next_cursor"] is None:
                return contacts
            cursor = f"&cursor={page['next_cursor']}"

    async def trash(self) -> list[str]:
        """Return the uids of deleted contacts."""
        found = await self.ask("GET", "/api/contacts/trash")
        return [each["uid"] for each in found["items"]]

    async def ask(self, method: str, path: str, **kwargs: Any) -> Any:
        """Ask the REST API."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= kwargs.pop("headers", {})
        async with self.http.request(
            method, f"{self.url}{path}", headers=headers, **kwargs
        ) as answer:
            assert answer.ok, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    async def _path(self, uid: str) -> str:
        return f"/api/contacts/{(await self.contacts())[uid]['id']}"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Home]:
    """Run the service, with everything embedded, while the block runs."""
    service, port = Service(folder), free_port()
    url = f"http://127.0.0.1:{port}"
    service.environment |= {"PUBLIC_URL": url, "REQUIRE_CONFIRMED_EMAIL": "false"}
    await service.start()
    try:
        async with recording(service.url, port) as recorder, ClientSession() as http:
            home = Home(url, recorder, http)
            await home.sign_up()
            recorder.begin()
            yield home
    finally:
        await service.stop(SIGTERM)
