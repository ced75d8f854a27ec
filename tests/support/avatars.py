"""Uploads of avatars, good ones and bad ones."""

from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, FormData

from tests.conftest import Person
from tests.support.pictures import flag

AVATAR = "/api/users/avatar"
SMALL = flag(size=(1, 1))


def form(*files: bytes, field: str = "file", name: str | None = "me.png") -> FormData:
    """Return a form as browsers send it."""
    form = FormData(default_to_multipart=True)
    for file in files:
        form.add_field(field, BytesIO(file), filename=name, content_type="image/png")
    return form


async def upload(person: Person, *files: bytes, **options: Any) -> ClientResponse:
    return await person.patch(AVATAR, data=form(*files, **options))


async def uploaded(person: Person, file: bytes) -> dict[str, Any]:
    """Upload a good picture and return the user."""
    response = await upload(person, file)
    assert response.status == 200, await response.text()
    user: dict[str, Any] = await response.json()
    return user


def kept(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []
