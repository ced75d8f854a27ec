"""Makes small pictures of one format out of whatever picture was uploaded.

The upload is only ever decoded, never kept: what is stored is drawn anew, so nothing that was
hidden in the file (a script, a location, a second file) gets into it.
"""

import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

from contactsvc.platform.storage.colours import in_srgb

SIDE: Final = 512
"""Pixels of a square picture, each way, and of the longer side of one that is fitted."""
MAX_FITTED_WEBP_PIXELS: Final = 12_000_000
"""Everybody may upload what is fitted, and libwebp takes 16 bytes a pixel, PNG and JPEG four."""
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
    """It would take too much memory or time to decode.

    Args:
        max_pixels: Pixels that it may have.
    """

    def __init__(self, max_pixels: int) -> None:
        self.max_pixels = max_pixels


def converted(
    convert: Callable[[Image.Image], bytes],
    upload: bytes,
    formats: tuple[str, ...],
    max_pixels: int,
) -> bytes:
    """Return what :func:`square` or :func:`fitted` makes of an upload.

    Args:
        convert: One of these functions.
        upload: The file.
        formats: The formats that it may have, by Pillow's names.
        max_pixels: Pixels that it may have.

    Raises:
        TooLarge: It would take too much memory or time to decode.
        Exception: Whatever a broken file makes Pillow raise.
    """
    try:
        with Image.open(BytesIO(upload), formats=formats) as image:
            # Only the header has been read so far.
            if image.width * image.height > max_pixels or upload.count(_SCAN) > MAX_SCANS:
                raise TooLarge(max_pixels)
            return convert(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(max_pixels) from error


def square(image: Image.Image) -> bytes:
    """Return the middle of a picture as WebP of SIDE by SIDE pixels."""
    side = min(image.size)
    return _encoded(_decoded(image, (side, side), (SIDE, SIDE)), "WEBP")


def fitted(image: Image.Image) -> bytes:
    """Return a whole picture as JPEG, its longer side of SIDE pixels at the most."""
    if image.format == "WEBP" and image.width * image.height > MAX_FITTED_WEBP_PIXELS:
        raise TooLarge(MAX_FITTED_WEBP_PIXELS)
    scale = min(1, SIDE / max(image.size))
    width, height = (max(1, round(length * scale)) for length in image.size)
    return _encoded(_on_white(_decoded(image, image.size, (width, height))), "JPEG")


def _decoded(image: Image.Image, part: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Return the middle of a picture, upright.

    Args:
        image: The picture, of which only the header has been read.
        part: Width and height of the middle, in pixels of the picture.
        size: Width and height that it gets, as RGB or RGBA.
    """
    whole, mode = image.size, image.mode
    image.draft(None, (2 * size[0], 2 * size[1]))  # lets JPEG decode no more than is needed
    image.load()
    if image.size != whole:
        part = (_scaled(part[0], whole[0], image.width), _scaled(part[1], whole[1], image.height))
    small = _reduced(image, part, size).resize(size, Image.Resampling.LANCZOS)
    small = in_srgb(small, image.info.get("icc_profile"), mode)
    turn = _UPRIGHT.get(_orientation(image))
    return small.transpose(turn) if turn is not None else small


def _scaled(length: int, before: int, after: int) -> int:
    return max(1, min(after, round(length * after / before)))


def _reduced(image: Image.Image, part: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Return the middle of a picture as RGB(A), reduced by whole factors to twice ``size`` or more.

    It goes band by band, because the whole picture in another mode would take its memory again.
    """
    mode = "RGBA" if image.has_transparency_data else "RGB"
    (width, height), (x, y) = part, (max(1, part[i] // (2 * size[i])) for i in (0, 1))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    small = Image.new(mode, (-(-width // x), -(-height // y)))
    for line in range(0, height, BAND * y):
        bottom = min(line + BAND * y, height)
        band = image.crop((left, top + line, left + width, top + bottom))
        small.paste(_with_colours(band, mode).reduce((x, y)), (0, line // y))
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
    except Exception:  # noqa: BLE001 - see converted
        return 1


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _encoded(image: Image.Image, form: str) -> bytes:
    image.info.clear()  # or Pillow writes some of it
    buffer = BytesIO()
    image.save(buffer, form, quality=QUALITY)
    return buffer.getvalue()
