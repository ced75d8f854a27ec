"""Pictures at Cloudinary: a local server speaks its upload API, well and badly."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable

import pytest

from contactsvc.platform.errors import Unavailable
from contactsvc.platform.storage.cloudinary import CloudinaryAccount, CloudinaryStore
from contactsvc.platform.storage.store import Reference
from tests.support.cloudinary_server import CLOUD, KEY, SECRET, CloudinaryServer
from tests.support.loop_clock import LoopClock
from tests.support.waiting import PATIENCE, until

NAME = f"{'0123456789abcdef' * 2}.webp"
PUBLIC_ID = f"contactsvc-{'0123456789abcdef' * 2}"
PICTURE = b"RIFF picture"
TIMEOUT = 1200.0

MakeStore = Callable[..., CloudinaryStore]


@pytest.fixture
async def make_store(cloudinary: CloudinaryServer) -> AsyncIterator[MakeStore]:
    stores: list[CloudinaryStore] = []

    def make(url: str = cloudinary.url, timeout: float = TIMEOUT) -> CloudinaryStore:
        stores.append(CloudinaryStore(CloudinaryAccount.parse(url), timeout=timeout))
        return stores[-1]

    yield make
    cloudinary.gate.set()
    for store in stores:
        store.close()


def test_an_account_is_read_from_its_url() -> None:
    url = f"cloudinary://{KEY}:{SECRET}@{CLOUD}"

    assert CloudinaryAccount.parse(url) == CloudinaryAccount(CLOUD, KEY, SECRET)
    assert SECRET not in repr(CloudinaryAccount.parse(url))
    prefixed = CloudinaryAccount.parse(f"{url}?upload_prefix=https%3A%2F%2Fproxy.example.com")
    assert prefixed.upload_prefix == "https://proxy.example.com"


async def test_a_picture_is_uploaded_and_deleted(
    cloudinary: CloudinaryServer, make_store: MakeStore
) -> None:
    store = make_store()

    reference = await store.put(NAME, PICTURE)

    assert reference == Reference("cloudinary", NAME, cloudinary.url_of(PUBLIC_ID))
    assert cloudinary.pictures == {PUBLIC_ID: PICTURE}
    await store.delete(reference.name)
    assert cloudinary.pictures == {}
    await store.delete(reference.name)  # again, which is no error
    assert cloudinary.calls == ["upload", "destroy", "destroy"]


async def test_the_environment_has_no_say(
    cloudinary: CloudinaryServer, make_store: MakeStore
) -> None:
    import cloudinary as sdk

    before = dict(vars(sdk.config()))
    sdk.config(
        cloud_name="other", api_key="other", api_secret="other", oauth_token="other",
        upload_prefix="http://127.0.0.1:1", signature_algorithm="sha1",
    )  # fmt: skip
    try:
        await make_store().put(NAME, PICTURE)
    finally:
        vars(sdk.config()).clear()
        sdk.config(**before)

    assert cloudinary.pictures == {PUBLIC_ID: PICTURE}


GARBAGE = {
    "no JSON": (200, b"<html>Welcome to the hotel</html>"),
    "nothing": (200, b""),
    "null": (200, b"null"),
    "a number": (200, b"17"),
    "a list": (200, b"[]"),
    "an empty object": (200, b"{}"),
    "a URL that is none": (200, b'{"secure_url": 17}'),
    "a script": (200, b'{"secure_url": "javascript:alert(1)"}'),
    "no https": (200, b'{"secure_url": "http://res.cloudinary.com/x.webp"}'),
    "a URL with a break": (200, b'{"secure_url": "https://x.example.com/\\n"}'),
    "a long URL": (200, b'{"secure_url": "https://x.example.com/%s"}' % (b"x" * 300)),
    "bytes": (200, bytes(range(256))),
    "an error without words": (500, b'{"error": {}}'),
    "an error that is text": (400, b'{"error": "text"}'),
    "a refusal": (401, b'{"error": {"message": "Invalid Signature"}}'),
    "too many": (420, b'{"error": {"message": "Rate Limit Exceeded"}}'),
    "an inner error": (500, b"Internal Server Error"),
    "away": (503, b""),
}


@pytest.mark.parametrize("instead", GARBAGE.values(), ids=GARBAGE.keys())
async def test_refusals_and_garbage(
    cloudinary: CloudinaryServer, make_store: MakeStore, instead: tuple[int, bytes]
) -> None:
    cloudinary.instead = instead
    store = make_store()

    with pytest.raises(Unavailable):
        await store.put(NAME, PICTURE)
    with pytest.raises(Unavailable):
        await store.delete(NAME)


async def test_a_wrong_secret_is_told_in_the_log_but_not_to_the_caller(
    cloudinary: CloudinaryServer, make_store: MakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    store = make_store(cloudinary.url.replace(SECRET, "wrong-secret"))

    with pytest.raises(Unavailable) as failure, caplog.at_level(logging.WARNING):
        await store.put(NAME, PICTURE)

    assert "Invalid Signature" in caplog.text
    assert "Signature" not in str(failure.value)
    assert "wrong-secret" not in caplog.text
    assert cloudinary.pictures == {}


async def test_nobody_there(make_store: MakeStore) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        prefix = f"http://127.0.0.1:{closed.getsockname()[1]}"
        store = make_store(f"cloudinary://{KEY}:{SECRET}@{CLOUD}?upload_prefix={prefix}")

        with pytest.raises(Unavailable):
            await store.put(NAME, PICTURE)


async def test_a_slow_server_is_not_waited_for(
    cloudinary: CloudinaryServer, make_store: MakeStore
) -> None:
    clock, store = LoopClock(), make_store()
    cloudinary.gate.clear()

    upload = asyncio.create_task(store.put(NAME, PICTURE))
    await until(lambda: "upload" in cloudinary.calls)
    clock.move(TIMEOUT)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(Unavailable):
            await upload

    assert store._options["timeout"] == TIMEOUT, "nor does the thread wait for longer"


async def test_what_arrives_too_late_is_deleted_all_the_same(
    cloudinary: CloudinaryServer, make_store: MakeStore
) -> None:
    """The thread still uploads when its caller has given up, so deleting waits for it."""
    cloudinary.gate.clear()
    store = make_store()
    store._timeout = 0.1  # the caller's patience; the connection keeps its own

    with pytest.raises(Unavailable):
        await store.put(NAME, PICTURE)
    deletion = asyncio.create_task(store.delete(NAME))
    await until(lambda: "upload" in cloudinary.calls)
    assert not deletion.done()
    cloudinary.gate.set()
    await deletion

    assert cloudinary.calls == ["upload", "destroy"]
    assert cloudinary.pictures == {}


async def test_the_loop_goes_on_while_a_picture_is_uploaded(
    cloudinary: CloudinaryServer, make_store: MakeStore
) -> None:
    cloudinary.gate.clear()
    upload = asyncio.create_task(make_store().put(NAME, PICTURE))
    # The server lives on this very loop, so it is asked only while the loop goes on.
    await until(lambda: cloudinary.calls)
    cloudinary.gate.set()

    assert (await upload).name == NAME
