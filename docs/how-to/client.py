"""A small client of contactsvc: everything that a well-behaved program does, and no more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

from aiohttp import ClientConnectionError, ClientResponse, ClientSession, ClientTimeout

REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
"""Methods that do no more the second time than they have done the first (RFC 9110, 9.2.2)."""

PATIENCE = 60
"""Seconds; who is asked to wait for longer rather tells the user."""

TRIES = 3


class Problem(Exception):
    """An answer that says why not (RFC 9457).

    Args:
        status: The status of the answer.
        body: The problem; ``code`` is what to decide by.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.code: str = body.get("code", "unknown")
        self.errors: list[dict[str, str]] = body.get("errors", [])
        self.request_id: str | None = body.get("request_id")
        super().__init__(f"{self.code}: {body.get('detail', status)} (request {self.request_id})")


class Contacts:
    """Somebody's address book.

    Args:
        url: Where the service is, such as ``https://contacts.example.com``.
        refresh_token: Kept from the last time; None is to sign in first.
        keep: Is called with each new refresh token, to store it; the old one is used up then.
    """

    def __init__(
        self,
        url: str,
        refresh_token: str | None = None,
        keep: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._http = ClientSession(
            # Some answers are pages for people, unless a program says that it wants JSON.
            url,
            headers={"Accept": "application/json"},
            timeout=ClientTimeout(total=30),
        )
        self._refresh_token = refresh_token
        self._access_token = ""
        self._keep = keep
        self._renewing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Nothing is sent before the first call."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """The session of the service goes on; only connections are closed."""
        await self._http.close()

    # Signing in, and staying so.

    async def confirm(self, token: str) -> None:
        """Confirm an e-mail with what the mailed link ends with."""
        await self._json("POST", f"/api/auth/confirmed_email/{token}", json={})

    async def sign_in(self, email: str, password: str) -> None:
        """Begin a session. Keep the refresh token, never the password."""
        body = {"email": email, "password": password}
        self._take(await self._json("POST", "/api/auth/login", json=body))

    async def _renew(self, stale: str) -> None:
        """Get new tokens once, however many calls have found the old access token stale."""
        async with self._renewing:
            if self._access_token != stale:
                return  # somebody else has just done it
            body = {"refresh_token": self._refresh_token}
            try:
                tokens = await self._json("POST", "/api/auth/refresh", json=body)
            except ClientConnectionError:
                # The answer may be lost and the token used up. For ten seconds the same token
                # gives the same answer again, so try at once; later it would look stolen.
                tokens = await self._json("POST", "/api/auth/refresh", json=body)
            self._take(tokens)

    def _take(self, tokens: dict[str, Any]) -> None:
        self._keep(tokens["refresh_token"])  # before the old one is forgotten
        self._access_token = tokens["access_token"]
        self._refresh_token = tokens["refresh_token"]

    # The address book.

    async def find(self, q: str = "", limit: int = 200) -> AsyncIterator[dict[str, Any]]:
        """Give every contact that fits, page after page."""
        query = {"q": q, "limit": str(limit)}
        while True:
            page = await self._json("GET", "/api/contacts/", params=query)
            for contact in page["items"]:
                yield contact
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]

    async def add(self, **fields: Any) -> dict[str, Any]:
        """Add a contact and return it."""
        return await self._json("POST", "/api/contacts/", json=fields)

    async def edit(
        self, contact_id: int, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        """Change a contact as it is now, so that nobody else's change is overwritten.

        Args:
            contact_id: Which.
            change: Is given the contact and returns the fields to set; may be called again.
        """
        path = f"/api/contacts/{contact_id}"
        while True:
            async with await self._call("GET", path) as response:
                contact, etag = await response.json(), response.headers["ETag"]
            try:
                headers = {"If-Match": etag}
                return await self._json("PATCH", path, json=change(contact), headers=headers)
            except Problem as problem:
                if problem.code != "precondition_failed":
                    raise
                # Somebody was faster: look at what they wrote, and decide again.

    async def remove(self, contact_id: int) -> None:
        """Remove a contact; one that is gone already is fine."""
        try:
            (await self._call("DELETE", f"/api/contacts/{contact_id}")).release()
        except Problem as problem:
            if problem.code != "not_found":
                raise

    # One call.

    async def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        async with await self._call(method, path, **options) as response:
            body: dict[str, Any] = await response.json()
            return body

    async def _call(self, method: str, path: str, **options: Any) -> ClientResponse:
        """Make a call, and make it again where that is safe and may help.

        Raises:
            Problem: The service says no.
            ClientConnectionError: Nobody knows what has become of it.
        """
        public = path.startswith("/api/auth/")
        headers = options.pop("headers", {})
        for tries_left in reversed(range(TRIES)):
            token = self._access_token
            if not public:
                headers |= {"Authorization": f"Bearer {token}"}
            try:
                response = await self._http.request(method, path, headers=headers, **options)
            except ClientConnectionError:
                if method in REPEATABLE and tries_left:
                    continue
                raise
            if response.ok:
                return response
            problem = Problem(response.status, await _body(response))
            if tries_left and problem.code == "unauthenticated" and not public:
                await self._renew(token)
            elif tries_left and _may_repeat(method, response):
                await asyncio.sleep(float(response.headers["Retry-After"]))
            else:
                raise problem
        raise AssertionError("the last try returns or raises")


def _may_repeat(method: str, response: ClientResponse) -> bool:
    """Return whether the service asks to come again, and nothing can happen twice by it.

    What was refused for coming too often (429) has not been done. What failed with 503 may have
    been.
    """
    wait = response.headers.get("Retry-After", "")
    soon = wait.isdigit() and int(wait) <= PATIENCE
    return soon and (response.status == 429 or (response.status == 503 and method in REPEATABLE))


async def _body(response: ClientResponse) -> dict[str, Any]:
    if response.content_type != "application/problem+json":
        return {}  # a proxy on the way has answered, and not the service
    body: dict[str, Any] = await response.json(content_type=None)
    return body
