"""The example of the how-to works with the client that is generated from the OpenAPI document."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.conftest import PASSWORD
from tests.support.service_process import Service

pytestmark = pytest.mark.process

EXAMPLE = Path("docs/how-to/examples/bring_and_sync.py").absolute()
CARDS = "".join(
    f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\n{more}EMAIL:ada@example.com\r\nEND:VCARD\r\n"
    for name, more in (("Ada Lovelace", ""), ("A. Lovelace", "TEL:+442079460958\r\n"))
)
GRACE = {"email": "grace@example.com", "password": PASSWORD}


async def run(folder: Path, *arguments: str, **environment: str) -> str:
    """Run Python, which must end well, and return what it has printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=folder,
        env=os.environ | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


async def generated(folder: Path) -> Path:
    """Generate the client as the how-to does, and return the folder of its package."""
    document, config = folder / "contactsvc.json", folder / "config.yml"
    document.write_text(await run(folder, "-m", "contactsvc", "openapi"))
    config.write_text("post_hooks: []\n")  # nobody reads this one
    arguments = ("generate", "--path", str(document), "--config", str(config))
    await run(folder, "-m", "openapi_python_client", *arguments)
    return folder / "contactsvc-client"


async def test_a_file_is_imported_merged_and_synchronised(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.environment["REQUIRE_CONFIRMED_EMAIL"] = "false"
    (tmp_path / "contacts.vcf").write_text(CARDS)
    await service.start()
    try:
        async with ClientSession() as http:
            answer = await http.post(f"{service.url}/api/auth/register", json=GRACE)
            assert answer.status == 201

        printed = await run(
            tmp_path,
            *(str(EXAMPLE), service.url, GRACE["email"], "contacts.vcf"),
            CONTACTSVC_PASSWORD=PASSWORD,
            PYTHONPATH=str(await generated(tmp_path)),
        )
    finally:
        await service.stop(signal.SIGINT)

    assert printed.splitlines() == [
        "2 created, 0 skipped, 0 failed",
        "2 contacts in contacts.json",
        "Ada Lovelace is one contact now (operation 2)",
        "1 contacts in contacts.json",
    ]
    [contact] = json.loads((tmp_path / "contacts.json").read_text())["contacts"].values()
    assert (contact["email"], contact["phone"]) == ("ada@example.com", "+442079460958")
