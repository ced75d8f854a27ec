"""Colours as their profile means them, and profiles that mean no good."""

import random
import struct
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from contactsvc.platform.storage.colours import in_srgb
from contactsvc.platform.storage.pictures import Pictures
from tests.support.pictures import (
    DISPLAY_P3,
    DISPLAY_P3_TAGS,
    SRGB_CURVE,
    gamma_tag,
    icc_profile,
    opened,
    saved,
    xyz_tag,
)
from tests.support.samples import samples

# Linear Display P3 to linear sRGB; both have D65 and the curve of IEC 61966-2-1. From CSS Color 4,
# sample code for colour conversions: XYZ to linear sRGB, times linear P3 to XYZ.
P3_TO_SRGB = (
    (1.2249401762805598, -0.2249401762805598, 0.0),
    (-0.04205695470968816, 1.0420569547096881, 0.0),
    (-0.01963755459033443, -0.07863604555063188, 1.0982736001409663),
)


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def encoded(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def from_p3(pixel: tuple[int, int, int]) -> tuple[int, ...]:
    """Return a Display P3 colour in sRGB, by the formulas of CSS Color 4."""
    light = [linear(value / 255) for value in pixel]
    return tuple(
        round(255 * encoded(sum(a * b for a, b in zip(row, light, strict=True))))
        for row in P3_TO_SRGB
    )


def is_near(pixel: object, expected: tuple[int, ...], within: int = 2) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= within for a, b in zip(pixel, expected, strict=True))


BEST: dict[str, dict[str, Any]] = {"PNG": {}, "JPEG": {"quality": 100}, "WEBP": {"lossless": True}}
"""How to lose the least of a colour."""
COLOURS = [
    (200, 100, 50),
    (50, 180, 90),
    (0, 0, 0),
    (255, 255, 255),
    (128, 128, 128),
    (20, 60, 220),
]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_in_display_p3_keeps_its_colours(
    form: str, colour: tuple[int, int, int]
) -> None:
    pictures = Pictures()
    upload = saved(Image.new("RGB", (90, 60), colour), form, icc_profile=DISPLAY_P3, **BEST[form])

    square = opened(await pictures.square(upload))
    pictures.close()

    # The stored WebP is lossy: it costs a few steps of 255.
    assert is_near(square.getpixel((256, 256)), from_p3(colour), within=4)
    assert "icc_profile" not in square.info
    assert not is_near((200, 100, 50), from_p3((200, 100, 50)), within=10), "the test can fail"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_are_converted_and_transparency_is_not(mode: str) -> None:
    image = Image.new("RGBA", (2, 1), (200, 100, 50, 99))
    image.putpixel((1, 0), (50, 180, 90, 0))

    converted = in_srgb(image, DISPLAY_P3, mode)

    assert converted.mode == "RGBA"
    assert is_near(converted.getpixel((0, 0)), (*from_p3((200, 100, 50)), 99))
    assert is_near(converted.getpixel((1, 0)), (*from_p3((50, 180, 90)), 0))


def test_grey_by_its_own_curve() -> None:
    profile = icc_profile(b"GRAY", {b"wtpt": xyz_tag(0.9642, 1, 0.8249), b"kTRC": gamma_tag(1.0)})
    half = Image.new("RGB", (1, 1), (128, 128, 128))

    for mode in ("L", "LA", "1", "I;16"):
        pixel = in_srgb(half, profile, mode).getpixel((0, 0))
        assert is_near(pixel, (round(255 * encoded(128 / 255)),) * 3)


def test_the_profile_of_srgb_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for colour in COLOURS:
        image = Image.new("RGB", (1, 1), colour)
        assert is_near(in_srgb(image, profile, "RGB").getpixel((0, 0)), colour, within=1)


def test_a_profile_for_other_pictures_is_none() -> None:
    image = Image.new("RGB", (1, 1), (200, 100, 50))
    grey = icc_profile(b"GRAY", {b"kTRC": gamma_tag(1.0)})

    for profile, mode in ((DISPLAY_P3, "L"), (DISPLAY_P3, "CMYK"), (grey, "RGB"), (None, "RGB")):
        assert in_srgb(image, profile, mode) is image


def with_tag(name: bytes, tag: bytes) -> bytes:
    return icc_profile(b"RGB ", DISPLAY_P3_TAGS | {name: tag})


def without_tag(name: bytes) -> bytes:
    return icc_profile(b"RGB ", {n: tag for n, tag in DISPLAY_P3_TAGS.items() if n != name})


BROKEN = {
    "nothing": b"",
    "text": b"50.4501 N",
    "no signature": DISPLAY_P3.replace(b"acsp", b"xxxx"),
    "a header alone": DISPLAY_P3[:128],
    "endless tags": DISPLAY_P3[:128] + b"\xff\xff\xff\xff" + DISPLAY_P3[132:],
    "cut off": DISPLAY_P3[:-40],
    "a table for printers": icc_profile(b"CMYK", {b"A2B0": b"mft1" + bytes(5000)}),
    "no primary": without_tag(b"gXYZ"),
    "no curve": without_tag(b"bTRC"),
    "a curve of another type": with_tag(b"rTRC", b"mft1" + SRGB_CURVE[4:]),
    "a curve that lies about its length": with_tag(b"rTRC", b"curv" + struct.pack(">II", 0, 2**31)),
    "a curve without end": with_tag(b"rTRC", b"curv" + struct.pack(">II", 0, 9**5) + bytes(9**6)),
    "an unknown formula": with_tag(b"rTRC", b"para\0\0\0\0\0\x09\0\0" + bytes(28)),
}  # fmt: skip


@pytest.mark.parametrize("profile", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_profile_does_no_harm(profile: bytes) -> None:
    pictures = Pictures()
    upload = saved(Image.new("RGB", (9, 9), (200, 100, 50)), "WEBP", icc_profile=profile)

    square = opened(await pictures.square(upload))
    pictures.close()

    assert is_near(square.getpixel((256, 256)), (200, 100, 50), within=4)


def test_what_amplifies_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table of a megabyte that a hundred elements point to is a hundred megabytes."""
    seen: list[int] = []

    def note(content: bytes) -> BytesIO:
        seen.append(len(content))
        return BytesIO(content)

    monkeypatch.setattr("contactsvc.platform.storage.colours.BytesIO", note)
    profile = with_tag(b"A2B0", b"mft2" + bytes(1_000_000))
    image = Image.new("RGB", (1, 1), (200, 100, 50))

    converted = in_srgb(image, profile, "RGB")

    assert is_near(converted.getpixel((0, 0)), from_p3((200, 100, 50)))
    assert seen == [len(DISPLAY_P3)]


def test_damaged_profiles_do_no_harm() -> None:
    chance = random.Random(17)
    image = Image.new("RGB", (4, 4), (200, 100, 50))
    for _ in range(samples(100, 5000)):
        damaged = bytearray(DISPLAY_P3)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert in_srgb(image, bytes(damaged), "RGB").mode == "RGB"
