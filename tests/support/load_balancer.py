"""A load balancer before several services, which finds out by itself how they are."""

import asyncio
from collections import Counter

from aiohttp import ClientError, ClientSession

from tests.support.service_process import Service
from tests.support.waiting import until

POLL = 0.1
"""Seconds between two health checks."""


async def health(http: ClientSession, service: Service) -> int | None:
    """Return the status of the health check; None where nobody answers."""
    try:
        async with http.get(f"{service.url}/api/healthchecker") as answer:
            return answer.status
    except ClientError:
        return None


class Balancer:
    """Sends requests to those of the services whose last health check was good."""

    def __init__(self, http: ClientSession, services: list[Service]) -> None:
        self._http = http
        self._services = services
        self._ready = {service.url for service in services}
        self._turn = 0
        self._open: Counter[str] = Counter()
        self.failures: list[str] = []
        self.added = 0

    async def watch(self) -> None:
        async with ClientSession() as http:
            while True:
                for service in self._services:
                    well = await health(http, service) == 200
                    (self._ready.add if well else self._ready.discard)(service.url)
                await asyncio.sleep(POLL)  # as load balancers do

    async def load(self, headers: dict[str, str]) -> None:
        """Add contacts, one after the other, for ever."""
        while True:
            self._turn += 1
            ready = sorted(self._ready)
            service = ready[self._turn % len(ready)]
            self._open[service] += 1
            await self._add(f"{service}/api/contacts/", headers)
            self._open[service] -= 1

    async def _add(self, url: str, headers: dict[str, str]) -> None:
        try:
            async with self._http.post(url, json={"first_name": "Ada"}, headers=headers) as answer:
                if answer.status == 201:
                    self.added += 1
                else:
                    self.failures.append(await answer.text())
        except ClientError as error:
            self.failures.append(repr(error))

    async def has_left(self, service: Service) -> None:
        """Wait until nothing is sent to a service any more."""
        await until(lambda: service.url not in self._ready and not self._open[service.url])

    async def has_joined(self, service: Service) -> None:
        """Wait until requests are sent to a service again."""
        await until(lambda: service.url in self._ready)
