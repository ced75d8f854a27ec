"""The photo of a contact."""

from typing import Final

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.photos.repository import PhotoRepository
from contactsvc.contacts.schemas.limits import PHOTO_MAX_BYTES
from contactsvc.contacts.schemas.queries import ContactPathSchema
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.contacts.views import owner_of
from contactsvc.platform.storage.pictures import FITTED_TYPE
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.preconditions import digest_precondition, known_digests, validators
from contactsvc.web.schemas import FileBody
from contactsvc.web.uploads import read_body_file

_IMAGE: Final = FileBody(
    "image/*",
    "PNG, JPEG or GIF of up to 40 megapixels, or WebP of up to 12; 5 MiB at the most",
    refused=frozenset({"image/svg+xml"}),
)


class PhotoView(AccountView):
    """The photo of one contact."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @property
    def _photos(self) -> PhotoRepository:
        owner_id, region, _ = owner_of(self.request)
        return PhotoRepository(owner_id, region)

    @operation(
        tag="contacts",
        id="get_photo",
        summary="The photo of a contact",
        description="Where `photo_url` leads. Only the contact's owner gets it.",
        access=DATA,
        path=ContactPathSchema,
        answers=[
            Answer(200, "A picture", {"type": "string", "format": "binary"}, headers=["ETag"]),
            Answer(304, "Not changed since", headers=["ETag"]),
        ],
        problems=["not_found"],
        request_headers=["If-None-Match"],
        media_types=[FITTED_TYPE],
    )
    async def get(self) -> web.Response:
        """Return the photo; 304 if If-None-Match names it."""
        known = known_digests(self.request)
        photo = await self._photos.get(self.path["contact_id"], known)
        headers = validators(photo.digest)
        if photo.content is None:
            return web.Response(status=304, headers=headers)
        headers["Content-Security-Policy"] = "default-src 'none'"
        return web.Response(body=photo.content, content_type=photo.media_type, headers=headers)

    @operation(
        tag="contacts",
        id="replace_photo",
        summary="Set the photo of a contact",
        description="What the file is decides, not its Content-Type. It becomes a JPEG that fits "
        "into 512 by 512 pixels, upright, in sRGB and without metadata; what is transparent turns "
        "white, and of an animation the first frame is taken. It is a change of the contact, "
        "which gets another ETag, unless it has that photo already.",
        access=DATA,
        path=ContactPathSchema,
        upload=_IMAGE,
        body_limit=PHOTO_MAX_BYTES,
        answers=[Answer(204, "Set")],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def put(self) -> web.Response:
        """Set the photo."""
        contact_id, admits = self.path["contact_id"], digest_precondition(self.request).admits
        # Before the upload is read; what is true then is looked at again.
        await self._photos.check(contact_id, admits)
        with self.services.photo_uploads.admit(self.user.id):
            upload = await read_body_file(self.request, _IMAGE, PHOTO_MAX_BYTES)
            photo = await self.services.pictures.fitted(upload)
        await self._photos.put(contact_id, photo, admits)
        return web.Response(status=204)

    @operation(
        tag="contacts",
        id="delete_photo",
        summary="Delete the photo of a contact",
        access=DATA,
        path=ContactPathSchema,
        answers=[Answer(204, "Deleted")],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def delete(self) -> web.Response:
        """Remove the photo."""
        admits = digest_precondition(self.request).admits
        await self._photos.delete(self.path["contact_id"], admits)
        return web.Response(status=204)
