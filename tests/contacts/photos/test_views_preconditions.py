"""If-Match and If-None-Match of a change are about the photo, not about the contact."""

import pytest

from tests.conftest import Person
from tests.support.photo_uploads import photo_of, put_photo
from tests.support.pictures import flag

NOTHING = '"00000000000000000000000000000000"'
PRECONDITIONS = [
    # Headers; the status without a photo, and with the one that {etag} means.
    ({"If_Match": "*"}, 412, 204),
    ({"If_Match": "{etag}"}, 412, 204),
    ({"If_Match": f"{NOTHING}, {{etag}}"}, 412, 204),
    ({"If_Match": "W/{etag}"}, 412, 412),
    ({"If_Match": NOTHING}, 412, 412),
    ({"If_Match": ""}, 412, 412),
    ({"If_None_Match": "*"}, 204, 412),
    ({"If_None_Match": "{etag}"}, 204, 412),
    ({"If_None_Match": "W/{etag}"}, 204, 412),
    ({"If_None_Match": NOTHING}, 204, 204),
]


@pytest.mark.parametrize(("headers", "without", "with_it"), PRECONDITIONS)
async def test_preconditions_are_about_the_photo(
    grace: Person, headers: dict[str, str], without: int, with_it: int
) -> None:
    contact = await grace.add_contact()
    await put_photo(grace, contact, flag())
    etag = (await grace.get(photo_of(contact))).headers["ETag"]
    named = {name: value.format(etag=etag) for name, value in headers.items()}
    other = await grace.add_contact()

    deleted = {name.replace("_", "-"): value for name, value in named.items()}
    assert (await put_photo(grace, other, flag(), **named)).status == without
    assert (await put_photo(grace, contact, flag(size=(9, 9)), **named)).status == with_it
    await put_photo(grace, contact, flag())
    assert (await grace.delete(photo_of(contact), headers=deleted)).status == with_it
