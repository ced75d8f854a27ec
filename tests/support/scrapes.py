"""What a scrape of /metrics says, read with Prometheus' own parser."""

import asyncio
from collections.abc import Callable

import pytest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from contactsvc.platform.metrics import HTTP_DURATION
from contactsvc.web.middleware.metrics import _timers
from tests.conftest import Client
from tests.support.waiting import PATIENCE

REQUESTS = "http_server_request_duration_seconds_count"
OUTBOX = {"outbox_mails", "outbox_oldest_due_seconds", "outbox_oldest_age_seconds"}


@pytest.fixture
def no_requests_yet() -> None:
    """Forget the requests of other tests: their series would make each scrape a long text."""
    HTTP_DURATION.clear()
    _timers.clear()


class Scrape:
    """One scrape."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families: list[Metric] = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families for sample in family.samples]

    def value(self, name: str, **labels: object) -> float:
        """Return the sum of all samples of that name which have these labels."""
        wanted = {(label, str(value)) for label, value in labels.items()}
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and wanted <= sample.labels.items()
        )

    @property
    def names(self) -> set[str]:
        """The names of all samples."""
        return {sample.name for sample in self.samples}

    @property
    def series(self) -> set[tuple[str, frozenset[tuple[str, str]]]]:
        """Every sample's name and labels."""
        return {(sample.name, frozenset(sample.labels.items())) for sample in self.samples}


async def scrape(client: Client) -> Scrape:
    """Ask the service as Prometheus does."""
    accept = "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    async with client.get("/metrics", headers={"Accept": accept}) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        # In a process that has run many tests that is a long text: the service under test, which
        # shares this loop, must not stand still meanwhile.
        return await asyncio.to_thread(Scrape, await response.text())


class Growth:
    """How much a sample has grown since a first scrape: all tests of a process share the counts."""

    def __init__(self, client: Client, before: Scrape) -> None:
        self._client = client
        self._before = before

    @classmethod
    async def since_now(cls, client: Client) -> "Growth":
        return cls(client, await scrape(client))

    async def of(self, name: str, **labels: object) -> float:
        after = await scrape(self._client)
        return after.value(name, **labels) - self._before.value(name, **labels)


async def told(client: Client, fits: Callable[[Scrape], bool]) -> Scrape:
    """Scrape until it says so; nothing else tells when a background task has done something."""
    async with asyncio.timeout(PATIENCE):
        while not fits(found := await scrape(client)):
            await asyncio.sleep(0.02)
    return found
