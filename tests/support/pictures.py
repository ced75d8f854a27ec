"""Pictures to upload, good and bad."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE = (255, 0, 0), (0, 0, 255)


def flag(
    form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    """Return a picture: its upper half is red, its lower half blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, size[1] // 2, *size))
    return saved(image.convert(mode), form, **options)


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    """Return a picture that is whole."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def colour_at(content: bytes, x: float, y: float) -> str:
    """Name the colour at a place; x and y go from 0 to 1."""
    image = opened(content).convert("RGB")
    pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    names = {"100": "red", "001": "blue", "000": "black", "111": "white"}
    return names["".join("1" if value > 127 else "0" for value in pixel)]


def png_of(width: int, height: int) -> bytes:
    """Return a small PNG file whose header announces that size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def icc_profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return an ICC profile of a display, version 4.3."""
    header = bytearray(128)
    header[8:12] = struct.pack(">I", 0x04300000)
    header[12:24] = b"mntr" + space + b"XYZ "
    header[36:40] = b"acsp"
    header[68:80] = _s15_fixed_16(0.9642, 1, 0.8249)  # D50
    begin = 132 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, begin + len(content), len(tag))
        content += tag
    header[:4] = struct.pack(">I", begin + len(content))
    return bytes(header) + table + content


def _s15_fixed_16(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def xyz_tag(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + _s15_fixed_16(x, y, z)


def gamma_tag(gamma: float) -> bytes:
    """Return a curve that is a power alone (ICC.1, 10.18, type 0)."""
    return b"para\0\0\0\0\0\0\0\0" + _s15_fixed_16(gamma)


SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + _s15_fixed_16(
    2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045
)
"""IEC 61966-2-1, as Display P3 has it, too."""
DISPLAY_P3_TAGS = {
    # Adapted to D50, as in Apple's own profile.
    b"rXYZ": xyz_tag(0.51512, 0.2412, -0.00105),
    b"gXYZ": xyz_tag(0.29198, 0.69225, 0.04189),
    b"bXYZ": xyz_tag(0.1571, 0.06657, 0.78407),
    b"rTRC": SRGB_CURVE,
    b"gTRC": SRGB_CURVE,
    b"bTRC": SRGB_CURVE,
}
DISPLAY_P3 = icc_profile(b"RGB ", DISPLAY_P3_TAGS)

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + SCRIPT + b"</svg>"
NO_PICTURES = {
    "text": b"not a picture",
    "SVG with a script": SVG,
    "HTML": b"<!DOCTYPE html>" + SCRIPT,
    "PDF": b"%PDF-1.7\n" + bytes(100),
    "BMP": flag("BMP"),
    "TIFF": flag("TIFF"),
    "ICO": flag("ICO"),
    "the beginning of a PNG": flag()[:60],
    "a truncated JPEG": flag("JPEG", (400, 400))[:-900],
    "a truncated WebP": flag("WEBP", (400, 400))[:-60],
    "a truncated GIF": flag("GIF", (400, 400))[:-400],
    "a PNG without a pixel": png_of(0, 0),
    "a PNG with too few pixels": png_of(1000, 1000),
}
"""What is refused as no picture, by what it is."""
