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
