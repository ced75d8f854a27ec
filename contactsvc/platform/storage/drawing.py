"""Makes a WebP of fixed size out of whatever picture was uploaded.

The upload is only ever decoded, never kept: what is stored is drawn anew, so nothing that was
hidden in the file (a script, a location, a second file) gets into it.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

from contactsvc.platform.storage.colours import in_srgb

SIDE: Final = 512
"""Pixels of a stored picture, each way."""
QUALITY: Final = 85
BAND: Final = 64
"""Lines of the smaller picture that are made at a time."""
MAX_SCANS: Final = 100
"""Passes of a progressive JPEG. Ten are usual; thousands fit into a small file and take hours."""
_SCAN: Final = b"\xff\xda\x00"
"""How each pass begins: the marker, and a length that is always small."""

# What Pillow complains of in somebody's file is no news for the log.
warnings.filterwarnings("ignore", module=r"PIL\.")

_UPRIGHT: Final[Mapping[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes an EXIF orientation."""


class TooLarge(Exception):
    """It would take too much memory or time to decode."""


def square(upload: bytes, formats: tuple[str, ...], max_pixels: int) -> bytes:
    """Return the middle of a picture as WebP of SIDE by SIDE pixels.

    Args:
        upload: The file.
        formats: The formats that it may have, by Pillow's names.
        max_pixels: Pixels that it may have.

    Raises:
        TooLarge: It would take too much memory or time to decode.
        Exception: Whatever a broken file makes Pillow raise.
    """
    try:
        return _encoded(_decoded(upload, formats, max_pixels))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge from error


def _decoded(upload: bytes, formats: tuple[str, ...], max_pixels: int) -> Image.Image:
    """Return the middle of a picture, upright, in SIDE by SIDE pixels."""
    with Image.open(BytesIO(upload), formats=formats) as image:
        # Only the header has been read so far.
        if image.width * image.height > max_pixels or upload.count(_SCAN) > MAX_SCANS:
            raise TooLarge
        image.draft(None, (2 * SIDE, 2 * SIDE))  # lets JPEG decode no more than is needed
        mode = image.mode
        square = _middle(image).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        square = in_srgb(square, image.info.get("icc_profile"), mode)
        turn = _UPRIGHT.get(_orientation(image))
    return square.transpose(turn) if turn is not None else square


def _middle(image: Image.Image) -> Image.Image:
    """Return the largest square in the middle, as RGB(A) and reduced by a whole factor.

    It goes band by band, because the whole picture in another mode would take its memory again.
    """
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    factor = max(1, min(image.size) // (2 * SIDE))
    side = min(image.size) // factor * factor
    left, top = (image.width - side) // 2, (image.height - side) // 2
    small = Image.new(mode, (side // factor, side // factor))
    for y in range(0, side, BAND * factor):
        bottom = min(y + BAND * factor, side)
        band = image.crop((left, top + y, left + side, top + bottom))
        small.paste(_with_colours(band, mode).reduce(factor), (0, y // factor))
    return small


def _with_colours(image: Image.Image, mode: str) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey, which convert() would cut off rather than scale.
        image = image.point(lambda value: value / 256)
    return image if image.mode == mode else image.convert(mode)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; broken metadata spoils no good picture."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - see square
        return 1


def _encoded(image: Image.Image) -> bytes:
    image.info.clear()  # or Pillow writes some of it
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY)
    return buffer.getvalue()
