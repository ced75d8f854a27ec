"""What pictures and mails are kept in is away or full: nothing breaks, and room is all it needs."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientResponse, FormData
from yarl import URL

from contactsvc.platform.settings import Settings
from contactsvc.platform.storage.cloudinary import CloudinaryStore
from tests.conftest import PASSWORD, PATIENT, Client, MakeClient, Person, problem
from tests.support.cloudinary_server import CloudinaryServer
from tests.support.fault_proxy import FaultProxy
from tests.support.full_disk import DISKS, Disk
from tests.support.outages import is_unavailable, recovers
from tests.support.pictures import flag
from tests.support.waiting import until

pytestmark = pytest.mark.outage

AVATAR = "/api/users/avatar"
PUBLIC = "https://contacts.example.com"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **PATIENT)


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """What DATA_DIR is on."""
    with DISKS[request.param](tmp_path) as disk:
        yield disk


def files(folder: Path) -> list[str]:
    """Return all that there is in a folder, hidden and half-written files too."""
    return sorted(file.name for file in folder.iterdir())


async def upload(person: Person) -> ClientResponse:
    form = FormData(default_to_multipart=True)
    form.add_field("file", flag(), filename="me.png", content_type="image/png")
    return await person.patch(AVATAR, data=form)


async def test_a_full_disk_takes_no_avatar(disk: Disk, ada: Person, client: Client) -> None:
    """Whatever is full, the picture before stays, and is shown."""
    user = await (await upload(ada)).json()
    before = files(disk.folder / "avatars")
    disk.fill()
    response = await upload(ada)
    shown = await client.get(user["avatar_url"].removeprefix(PUBLIC))
    disk.make_room()

    await problem(response, 503, "unavailable")
    assert response.headers["Retry-After"]
    assert shown.status == 200
    assert files(disk.folder / "avatars") == before
    assert await (await ada.get("/api/users/me")).json() == user
    assert (await upload(ada)).status == 200


@pytest.mark.usefixtures("patient_worker")
async def test_a_full_disk_takes_no_mail(
    disk: Disk, client: Client, pg: asyncpg.Connection
) -> None:
    """It stays in the outbox."""
    body = {"email": "ada@example.com", "password": PASSWORD}
    disk.fill()
    response = await client.post("/api/auth/register", json=body)
    await until(lambda: pg.fetchval("SELECT last_error > '' FROM outbox"))
    left = files(disk.folder / "mail")
    disk.make_room()

    assert response.status == 201
    assert left == []
    assert await pg.fetchval("SELECT status FROM outbox") == "pending"
    await pg.execute("UPDATE outbox SET next_attempt_at = now()")
    await until(lambda: pg.fetchval("SELECT status = 'sent' FROM outbox"))
    assert len(files(disk.folder / "mail")) == 1


@pytest.fixture
async def proxy(cloudinary: CloudinaryServer) -> AsyncIterator[FaultProxy]:
    port = URL(cloudinary.url.partition("upload_prefix=")[2]).port
    assert port is not None
    async with FaultProxy(("127.0.0.1", port)) as proxy:
        cloudinary.url = cloudinary.url.replace(f":{port}", f":{proxy.port}")
        yield proxy


FAULTS: dict[str, Callable[[FaultProxy], None]] = {
    "refused": FaultProxy.refuse,
    "reset": FaultProxy.reset,
    "dropped": FaultProxy.blackhole,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_cloudinary_is_away(
    ada: Person,
    make_client: MakeClient,
    cloudinary: CloudinaryServer,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    monkeypatch.setattr(
        "contactsvc.assembly.CloudinaryStore", partial(CloudinaryStore, timeout=1.0)
    )
    client = await make_client(cloudinary_url=cloudinary.url)
    admin = Person(client, ada.email, ada.tokens)
    user = await (await recovers(partial(upload, admin))).json()  # it may be slow here, too
    FAULTS[fault](proxy)

    await is_unavailable(partial(upload, admin))
    assert await (await admin.get("/api/users/me")).json() == user
    assert (await client.get("/api/avatars/initials/GH-1.svg")).status == 200

    await proxy.mend()
    again = await (await recovers(partial(upload, admin))).json()
    assert again["avatar_url"] != user["avatar_url"]
