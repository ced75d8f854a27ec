"""Uploads become one kind of picture, or an error."""

import random
import struct
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageFile, PngImagePlugin

from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.storage.pictures import Pictures
from tests.support.pictures import NO_PICTURES, RED, SCRIPT, colour_at, flag, opened, png_of, saved
from tests.support.samples import dealt, samples

FORMS = ("PNG", "JPEG", "WEBP", "GIF")
PLACE = "50.4501 N"


async def refusal(pictures: Pictures, upload: bytes) -> str:
    """Assert that an upload is refused, and return why."""
    with pytest.raises(ValidationFailed) as failure:
        await pictures.square(upload)
    (error,) = failure.value.errors
    assert error.pointer == "/file"
    return error.detail


SIZES = [(1, 1), (1301, 1031), (512, 512), (7, 900)]
SHAPES = [
    *(("PNG", (60, 40)), ("JPEG", (60, 40)), ("WEBP", (60, 40)), ("GIF", (60, 40))),
    ("JPEG", (2100, 2060)),  # of which every second pixel is decoded
    *((form, size) for size, forms in zip(SIZES, dealt(FORMS, 2), strict=False) for form in forms),
]


@pytest.mark.slow
async def test_every_form_becomes_a_square(pictures: Pictures, subtests: pytest.Subtests) -> None:
    for form, size in SHAPES:
        with subtests.test(size=size, form=form):
            square = await pictures.square(flag(form, size))

            assert (opened(square).format, opened(square).size) == ("WEBP", (512, 512))
            if size[1] > 1:
                assert (colour_at(square, 0.5, 0.1), colour_at(square, 0.5, 0.9)) == (
                    "red",
                    "blue",
                )


async def test_the_middle_is_kept(pictures: Pictures) -> None:
    image = Image.new("RGB", (300, 100), "black")
    image.paste(RED, (100, 0, 200, 100))

    square = await pictures.square(saved(image))

    assert {colour_at(square, x, y) for x in (0.02, 0.5, 0.98) for y in (0.02, 0.98)} == {"red"}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_every_mode_of_png(pictures: Pictures, mode: str) -> None:
    image = Image.new("L", (2100, 2100), 0)
    image.paste(255, (0, 1050, 2100, 2100))
    if mode == "I;16":
        wide = image.convert("I").point(lambda value: value * 257)
        image = wide.convert("I;16")
    elif mode != "L":
        image = image.convert(mode)
    upload = saved(image, compress_level=1)

    square = await pictures.square(upload)

    assert (colour_at(square, 0.5, 0.1), colour_at(square, 0.5, 0.9)) == ("black", "white")


async def test_half_of_sixteen_bit_grey_is_half(pictures: Pictures) -> None:
    square = await pictures.square(saved(Image.new("I;16", (9, 9), 32768)))

    pixel = opened(square).getpixel((99, 99))
    assert isinstance(pixel, tuple)
    assert all(120 <= value <= 136 for value in pixel)


async def test_a_jpeg_for_printers(pictures: Pictures) -> None:
    square = await pictures.square(flag("JPEG", mode="CMYK"))

    assert colour_at(square, 0.5, 0.1) == "red"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
async def test_what_is_transparent_stays_so(pictures: Pictures, form: str) -> None:
    image = Image.new("RGBA", (1200, 1200), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 1200, 600))

    square = opened(await pictures.square(saved(image, form)))

    assert square.mode == "RGBA"
    pixels = [square.getpixel((256, y)) for y in (20, 490)]
    assert [pixel[3] for pixel in pixels if isinstance(pixel, tuple)] == [0, 255]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_frame_counts(pictures: Pictures, form: str) -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue", "black")]
    upload = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
    assert getattr(opened(upload), "n_frames", 1) == 3

    square = await pictures.square(upload)

    assert colour_at(square, 0.5, 0.5) == "red"
    assert getattr(opened(square), "n_frames", 1) == 1


CORNERS = enumerate(("ul", "ur", "lr", "ll") * 2, start=1)
TURNED = [
    (form, *corner)
    for corner, forms in zip(CORNERS, dealt(FORMS[:3], 1), strict=False)
    for form in forms
]


@pytest.mark.parametrize(("form", "orientation", "corner"), TURNED)
async def test_photographs_are_turned_upright(
    pictures: Pictures, form: str, orientation: int, corner: str
) -> None:
    """Where the stored upper left corner belongs is Table 6 of the EXIF specification."""
    image = Image.new("RGB", (100, 100), "black")
    image.paste(RED, (0, 0, 50, 50))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation

    square = await pictures.square(saved(image, form, exif=exif))

    places = {"ul": (0.2, 0.2), "ur": (0.8, 0.2), "ll": (0.2, 0.8), "lr": (0.8, 0.8)}
    red = {name for name, place in places.items() if colour_at(square, *place) == "red"}
    assert red == {corner}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\xff\xff", b"", b"x"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_broken_metadata_spoils_no_picture(
    pictures: Pictures, form: str, exif: bytes
) -> None:
    square = await pictures.square(flag(form, exif=exif))

    assert colour_at(square, 0.5, 0.1) == "red"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_no_metadata_is_kept(pictures: Pictures, form: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = PLACE
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", PLACE)
    extra: dict[str, Any] = (
        {"pnginfo": notes} if form == "PNG" else {"xmp": f"<x>{PLACE}</x>".encode()}
    )
    upload = flag(form, exif=exif, icc_profile=PLACE.encode(), **extra)
    assert PLACE.encode() in upload

    square = await pictures.square(upload)

    assert PLACE.encode() not in square
    assert dict(opened(square).getexif()) == {}
    assert not {"exif", "icc_profile", "xmp", "Comment"} & set(opened(square).info)
    assert not any(chunk in square for chunk in (b"EXIF", b"ICCP", b"XMP "))


@pytest.mark.parametrize("form", FORMS)
async def test_of_a_polyglot_only_the_picture_is_kept(pictures: Pictures, form: str) -> None:
    options: dict[str, Any] = {"comment": SCRIPT} if form in ("GIF", "JPEG") else {}

    square = await pictures.square(flag(form, **options) + SCRIPT)

    assert b"script" not in square
    assert colour_at(square, 0.5, 0.1) == "red"


@pytest.mark.parametrize("upload", NO_PICTURES.values(), ids=NO_PICTURES.keys())
async def test_what_is_no_picture_is_refused(pictures: Pictures, upload: bytes) -> None:
    assert "not a picture" in await refusal(pictures, upload)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.slow
async def test_damaged_pictures_do_no_harm(pictures: Pictures, form: str) -> None:
    """Some can still be decoded; the others are refused."""
    chance = random.Random(form)
    whole = flag(form, (90, 90))
    outcomes = set()
    # Of the other forms hardly any can be decoded, which is what takes time.
    for _ in range(samples(40 if form == "JPEG" else 150, 1500)):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.choice((len(damaged), chance.randrange(len(damaged)))) :]
        try:
            outcomes.add(opened(await pictures.square(bytes(damaged))).size)
        except ValidationFailed:
            outcomes.add((0, 0))

    assert outcomes == {(0, 0), (512, 512)}


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (10_000, 9_000), (6_325, 6_325), (40_000_001, 1)], ids=str
)
async def test_a_bomb_is_refused_before_it_is_decoded(
    pictures: Pictures, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoded, the smallest of them would take 120 MB."""
    decoded: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def note(image: ImageFile.ImageFile) -> Any:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", note)

    assert "40 megapixels" in await refusal(pictures, png_of(*size))

    assert decoded == []
    assert await pictures.square(flag("PNG", (9, 9)))
    assert (9, 9) in decoded, "that is how a picture is decoded"


@pytest.mark.slow
async def test_forty_megapixels_are_not_too_many(pictures: Pictures) -> None:
    square = await pictures.square(saved(Image.new("1", (8_000, 5_000), 1), compress_level=1))

    assert colour_at(square, 0.5, 0.5) == "white"


async def test_a_bomb_in_other_forms(pictures: Pictures) -> None:
    gif = bytearray(flag("GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"  # the size of the screen

    assert "40 megapixels" in await refusal(pictures, bytes(gif))
    webp = bytearray(flag("WEBP", lossless=True))
    # RFC 9649, 3.4: after the signature 14 bits of width and of height, each less one.
    webp[21:25] = struct.pack("<I", 16_382 | 2_499 << 14 | webp[24] >> 4 << 28)
    assert Image.open(BytesIO(webp)).size == (16_383, 2_500)
    assert "40 megapixels" in await refusal(pictures, bytes(webp))


async def test_a_jpeg_of_endless_passes_is_refused(pictures: Pictures) -> None:
    """Each pass costs a few bytes, and as much time as a whole picture."""
    jpeg = flag("JPEG", (64, 64), progressive=True)
    begin = jpeg.rindex(b"\xff\xda")
    endless = jpeg[:begin] + jpeg[begin:-2] * 1000 + jpeg[-2:]

    assert "40 megapixels" in await refusal(pictures, endless)


async def test_a_large_file_is_not_taken_for_many_passes(pictures: Pictures) -> None:
    noise = random.Random(1).randbytes(5_000_000) + b"\xff\xda" * 1000

    assert await pictures.square(flag("JPEG", (64, 64), progressive=True) + noise)
