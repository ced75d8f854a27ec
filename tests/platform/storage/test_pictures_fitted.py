"""Whole pictures: as large as they are up to 512 pixels, never larger, and JPEG."""

import pytest
from PIL import ExifTags, Image

from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.storage.pictures import Pictures
from tests.support.pictures import (
    DISPLAY_P3,
    NO_PICTURES,
    colour_at,
    flag,
    opened,
    png_of,
    saved,
)

FORMS = ("PNG", "JPEG", "WEBP", "GIF")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1, 1), (1, 1)),
        ((60, 40), (60, 40)),
        ((512, 512), (512, 512)),
        ((513, 512), (512, 511)),
        ((900, 600), (512, 341)),
        ((600, 900), (341, 512)),
        ((4099, 2047), (512, 256)),
        ((9000, 2), (512, 1)),
        ((2, 9000), (1, 512)),
    ],
    ids=str,
)
async def test_the_sides_keep_their_proportion(
    pictures: Pictures, form: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    fitted = await pictures.fitted(flag(form, size))

    assert (opened(fitted).format, opened(fitted).size) == ("JPEG", expected)
    if expected[1] > 1:
        assert (colour_at(fitted, 0.5, 0.1), colour_at(fitted, 0.5, 0.9)) == ("red", "blue")


@pytest.mark.parametrize("form", FORMS)
async def test_the_edges_are_kept(pictures: Pictures, form: str) -> None:
    """Sides that no whole factor divides."""
    image = Image.new("RGB", (2303, 1543), "white")
    for box in ((0, 0, 140, 1543), (2163, 0, 2303, 1543)):
        image.paste((0, 0, 0), box)

    fitted = await pictures.fitted(saved(image, form))

    across = [colour_at(fitted, x, 0.5) for x in (0, 0.03, 0.1, 0.9, 0.97, 1)]
    assert across == ["black", "black", "white", "white", "black", "black"]


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(100, 100), (1500, 1100)], ids=str)
async def test_what_is_transparent_turns_white(
    pictures: Pictures, form: str, size: tuple[int, int]
) -> None:
    image = Image.new("RGBA", size, (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, size[0], size[1] // 2))

    fitted = await pictures.fitted(saved(image, form))

    assert opened(fitted).mode == "RGB"
    assert (colour_at(fitted, 0.5, 0.1), colour_at(fitted, 0.5, 0.9)) == ("white", "red")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
async def test_every_mode(pictures: Pictures, mode: str) -> None:
    image = Image.new("L", (2100, 1100), 0)
    image.paste(255, (0, 550, 2100, 1100))
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode != "L":
        image = image.convert(mode)

    fitted = await pictures.fitted(saved(image, "JPEG" if mode == "CMYK" else "PNG"))

    assert opened(fitted).size == (512, 268)
    assert (colour_at(fitted, 0.5, 0.1), colour_at(fitted, 0.5, 0.9)) == ("black", "white")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_upright_in_srgb_and_without_metadata(pictures: Pictures, form: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # lies on its left side

    fitted = await pictures.fitted(flag(form, (900, 600), exif=exif, icc_profile=DISPLAY_P3))

    picture = opened(fitted)
    assert picture.size == (341, 512)
    assert (colour_at(fitted, 0.9, 0.5), colour_at(fitted, 0.1, 0.5)) == ("red", "blue")
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


async def test_the_same_upload_gives_the_same_bytes(pictures: Pictures) -> None:
    assert await pictures.fitted(flag()) == await pictures.fitted(flag())


@pytest.mark.parametrize("upload", NO_PICTURES.values(), ids=NO_PICTURES.keys())
async def test_what_is_no_picture_is_refused(pictures: Pictures, upload: bytes) -> None:
    with pytest.raises(ValidationFailed) as failure:
        await pictures.fitted(upload, "/photo")

    assert [error.pointer for error in failure.value.errors] == ["/photo"]


@pytest.mark.slow
async def test_a_webp_that_takes_half_a_gibibyte_is_refused(pictures: Pictures) -> None:
    """Its file has 34 bytes; a square one is for administrators alone."""
    bomb = saved(Image.new("RGBA", (4_000, 3_001)), "WEBP", lossless=True, exact=True, method=0)
    assert len(bomb) < 100

    with pytest.raises(ValidationFailed) as failure:
        await pictures.fitted(bomb)

    assert "12 megapixels" in failure.value.errors[0].detail
    most = saved(Image.new("RGBA", (4_000, 3_000)), "WEBP", lossless=True, exact=True, method=0)
    assert opened(await pictures.fitted(most)).size == (512, 384)


@pytest.mark.slow
async def test_a_long_line_of_pixels_is_no_bomb(pictures: Pictures) -> None:
    """A WebP or PNG of the longest side that is allowed at all."""
    with pytest.raises(ValidationFailed):
        await pictures.fitted(png_of(40_000_001, 1))
    line = await pictures.fitted(saved(Image.new("1", (400_000, 100), 1), compress_level=1))

    assert opened(line).size == (512, 1)
