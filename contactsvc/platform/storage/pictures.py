"""Makes small pictures of uploads in a thread, within bounds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

from contactsvc.platform.errors import Unavailable, ValidationFailed

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
"""What may be uploaded; the content decides which of them it is."""
MAX_PIXELS: Final = 40_000_000
SQUARE_TYPE: Final = "image/webp"
FITTED_TYPE: Final = "image/jpeg"
MAX_WAITING: Final = 16
"""Uploads that may wait for the decoder, itself included; each holds its file in memory."""


class Pictures:
    """Decodes uploads beside the event loop, one at a time, so that memory is needed for one.

    Uploads are PNG, JPEG, WebP or GIF; of an animation the first frame counts.

    Args:
        max_pixels: Pixels that an upload may have.
    """

    def __init__(self, max_pixels: int = MAX_PIXELS) -> None:
        self._max_pixels = max_pixels
        self._thread = ThreadPoolExecutor(1, "picture")
        self._waiting = 0

    async def square(self, upload: bytes, pointer: str = "/file") -> bytes:
        """Return the middle of a picture as WebP of 512 by 512 px, in sRGB and without metadata.

        Args:
            upload: The file.
            pointer: RFC 6901 pointer to the upload, for errors.

        Raises:
            ValidationFailed: It is none of FORMATS, is broken, or has too many pixels.
            Unavailable: MAX_WAITING uploads are waiting already.
        """
        self._check_queue()
        return await self._converted("square", upload, pointer)

    async def fitted(self, upload: bytes, pointer: str = "", *, is_patient: bool = False) -> bytes:
        """Return a whole picture as JPEG of at most 512 by 512 px, in sRGB and without metadata.

        A small one is not enlarged, and what is transparent becomes white.

        Args:
            upload: The file.
            pointer: RFC 6901 pointer to the upload, for errors.
            is_patient: Whether it waits for its turn, however many do: for whoever comes with one
                picture at a time.

        Raises:
            ValidationFailed: It is none of FORMATS, is broken, or has too many pixels.
            Unavailable: MAX_WAITING uploads are waiting already.
        """
        if not is_patient:
            self._check_queue()
        return await self._converted("fitted", upload, pointer)

    def _check_queue(self) -> None:
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many pictures are being uploaded; try again soon.")

    async def _converted(
        self, how: Literal["square", "fitted"], upload: bytes, pointer: str
    ) -> bytes:
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._convert, how, upload, pointer)
        finally:
            self._waiting -= 1

    def _convert(self, how: Literal["square", "fitted"], upload: bytes, pointer: str) -> bytes:
        # Not at the top: few processes ever get a picture, and Pillow takes 3 MB.
        from contactsvc.platform.storage import drawing

        convert = drawing.square if how == "square" else drawing.fitted
        try:
            return drawing.converted(convert, upload, FORMATS, self._max_pixels)
        except drawing.TooLarge as error:
            reason = f"It is too large: {error.max_pixels // 1_000_000} megapixels at the most."
            raise ValidationFailed.of(pointer, reason) from None
        except Exception as error:
            # Pillow raises whatever a broken file makes it raise.
            reason = "This is not a picture, or it is broken: send a PNG, JPEG, WebP or GIF."
            raise ValidationFailed.of(pointer, reason) from error

    def close(self) -> None:
        """Let the thread go; a picture under way is finished, those not begun are dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)
