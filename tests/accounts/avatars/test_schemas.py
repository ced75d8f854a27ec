"""How a picture is uploaded and asked for."""

import pytest

from contactsvc.accounts.avatars.schemas import AvatarPathSchema, AvatarSchema
from contactsvc.accounts.avatars.views import MAX_BYTES
from contactsvc.platform.storage.pictures import FORMATS, MAX_PIXELS
from contactsvc.web.schemas import MULTIPART
from tests.support.schemas import errors


def test_an_upload_is_told_as_it_is_read() -> None:
    assert AvatarSchema.media_types == (MULTIPART,)
    told = AvatarSchema().fields["file"].metadata["description"]
    assert f"{MAX_BYTES >> 20} MiB and {MAX_PIXELS // 10**6} megapixels" in told
    assert all(name in told.upper() for name in FORMATS)


@pytest.mark.parametrize("name", ["a.webp", "x" * 100])
def test_a_picture_is_named(name: str) -> None:
    assert AvatarPathSchema().load({"name": name}) == {"name": name}


@pytest.mark.parametrize("name", ["x" * 101, "a\0.webp", "\udcff.webp", None])
def test_what_can_name_no_picture_is_refused(name: object) -> None:
    assert errors(AvatarPathSchema(), {"name": name}) == {"name"}
