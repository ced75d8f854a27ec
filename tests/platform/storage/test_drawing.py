"""What is drawn of a picture, and what is not even decoded."""

import pytest

from contactsvc.platform.storage import drawing
from contactsvc.platform.storage.drawing import TooLarge, converted, fitted, square
from tests.support.pictures import colour_at, flag, opened, png_of

FORMS = ("PNG", "JPEG", "WEBP", "GIF")


@pytest.mark.parametrize("form", FORMS)
def test_a_square_and_a_whole_picture(form: str) -> None:
    upload = flag(form, (600, 300))
    middle = converted(square, upload, FORMS, 10**6)
    whole = converted(fitted, upload, FORMS, 10**6)
    assert (opened(middle).format, opened(middle).size) == ("WEBP", (512, 512))
    assert (opened(whole).format, opened(whole).size) == ("JPEG", (512, 256))
    for made in (middle, whole):
        assert [colour_at(made, 0.5, y) for y in (0.2, 0.8)] == ["red", "blue"]


def test_the_most_pixels_are_told_by_the_header_alone() -> None:
    def never(image: object) -> bytes:
        raise AssertionError

    with pytest.raises(TooLarge) as refused:
        converted(never, png_of(1001, 1000), FORMS, 10**6)
    assert refused.value.max_pixels == 10**6
    assert converted(lambda image: b"drawn", png_of(1000, 1000), FORMS, 10**6) == b"drawn"


def test_a_jpeg_of_too_many_passes_is_too_large() -> None:
    upload = flag("JPEG") + b"\xff\xda\x00" * drawing.MAX_SCANS
    with pytest.raises(TooLarge):
        converted(square, upload, FORMS, 10**6)


def test_a_form_that_is_not_wanted_is_not_read() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        converted(square, flag("GIF"), ("PNG",), 10**6)


def test_what_everybody_may_upload_as_webp_has_fewer_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "MAX_FITTED_WEBP_PIXELS", 2399)
    with pytest.raises(TooLarge):
        converted(fitted, flag("WEBP"), FORMS, 10**6)
    assert converted(fitted, flag("PNG"), FORMS, 10**6)
    assert converted(square, flag("WEBP"), FORMS, 10**6)
