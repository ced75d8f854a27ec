"""Photos of contacts, as they are uploaded."""

from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from tests.conftest import Person


def photo_of(contact: dict[str, Any]) -> str:
    """Return the path of a contact's photo."""
    return f"/api/contacts/{contact['id']}/photo"


async def put_photo(
    person: Person,
    contact: dict[str, Any],
    file: Any,
    media_type: str = "image/png",
    **headers: str,
) -> ClientResponse:
    """Upload a photo; names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Content-Type"] = media_type
    if isinstance(file, bytes):
        file = BytesIO(file)  # aiohttp warns of large bytes
    return await person.put(photo_of(contact), data=file, headers=named)
