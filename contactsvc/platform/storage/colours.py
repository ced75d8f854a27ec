"""Colours by a picture's own profile (ICC.1:2022) become those of sRGB.

A profile comes from the uploader, and the format allows amplification: a few bytes of it can make a
library allocate and compute without end. So only the parts that cameras, phones and screens use are
read (three primaries and three curves, or one curve of grey), and a profile of those alone is what
LittleCMS gets to see.
"""

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

HEADER_SIZE: Final = 128
MAX_TAGS: Final = 100
"""Entries of a profile's tag table; real ones have 10 to 30."""
MAX_TAG_SIZE: Final = 12 + 2 * 4096
"""Bytes of a curve of 4,096 points, which is the longest in use."""
_TAGS: Final[Mapping[bytes, tuple[str, tuple[bytes, ...]]]] = {
    b"RGB ": ("RGB", (b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC")),
    b"GRAY": ("L", (b"kTRC",)),
}
"""By colour space: the mode of pictures that it is for, and the tags that describe it."""
_TYPES: Final[Mapping[bytes, tuple[bytes, ...]]] = {b"XYZ": (b"XYZ ",), b"TRC": (b"curv", b"para")}
"""Which types a tag may be of, by the end of its name (ICC.1, 9.2)."""


def in_srgb(image: Image.Image, profile: object, mode: str) -> Image.Image:
    """Return a picture in the colours of sRGB, or as it is where its profile says nothing usable.

    Args:
        image: RGB or RGBA.
        profile: The profile that the uploaded file has, if any.
        mode: The mode of the uploaded picture, such as P; a profile must be for that.
    """
    if not isinstance(profile, bytes):
        return image
    try:
        usable = _usable_part(profile)
        if usable is None or _family(mode) != usable[0]:
            return image
        source_mode, content = usable
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(content)),
            ImageCms.createProfile("sRGB"),
            source_mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
        colours = image.convert("RGB")
        source = colours if source_mode == "RGB" else colours.getchannel("R")
        converted = ImageCms.applyTransform(source, transform)
    except Exception:  # noqa: BLE001 - LittleCMS refuses what it likes; a profile spoils no picture
        return image
    if converted is None:
        return image
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted


def _family(mode: str) -> str:
    """Return RGB or L for a mode that a profile for those describes; else the mode itself."""
    if mode in ("RGB", "RGBA", "RGBX", "P", "PA"):
        return "RGB"
    return "L" if mode in ("1", "L", "LA") or mode.startswith("I") else mode


def _usable_part(profile: bytes) -> tuple[str, bytes] | None:
    """Return the mode of a profile, and a profile of those tags alone that are understood here.

    Raises:
        struct.error: It is cut off.
    """
    known = _TAGS.get(profile[16:20])
    if known is None or profile[36:40] != b"acsp":
        return None
    mode, names = known
    (count,) = struct.unpack_from(">I", profile, HEADER_SIZE)
    if count > MAX_TAGS:
        return None
    table = struct.iter_unpack(">4sII", profile[HEADER_SIZE + 4 :][: 12 * count])
    places = {name: (offset, size) for name, offset, size in table}
    tags = {}
    for name in names:
        offset, size = places.get(name, (0, 0))
        tag = profile[offset : offset + size]
        if not 12 <= size == len(tag) <= MAX_TAG_SIZE or tag[:4] not in _TYPES[name[1:]]:
            return None
        tags[name] = tag
    return mode, _profile_of(profile[:HEADER_SIZE], tags)


def _profile_of(header: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """Return a profile of some tags, each at a multiple of four bytes (ICC.1, 7.3.1)."""
    table, content = struct.pack(">I", len(tags)), b""
    begin = HEADER_SIZE + 4 + 12 * len(tags)
    for name, tag in tags.items():
        table += struct.pack(">4sII", name, begin + len(content), len(tag))
        content += tag + bytes(-len(tag) % 4)
    size = struct.pack(">I", begin + len(content))
    return size + header[4:] + table + content
