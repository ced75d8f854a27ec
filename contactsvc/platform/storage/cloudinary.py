"""Pictures at Cloudinary, who serve them, too."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from contactsvc.platform.errors import Unavailable
from contactsvc.platform.storage.store import Reference

logger = logging.getLogger(__name__)

THREADS: Final = 4
URL_MAX_LENGTH: Final = 200
"""Characters of a picture's URL; with its name it must fit into ``users.avatar``."""
AWAY: Final = "Pictures cannot be kept: Cloudinary does not answer as it should; try again soon."


@dataclass(frozen=True)
class CloudinaryAccount:
    """An account at Cloudinary, which keeps pictures.

    Args:
        cloud_name: The product environment.
        api_key: Identifies the account.
        api_secret: Signs requests.
        upload_prefix: Beginning of the upload API's URL; None is Cloudinary's own.
    """

    cloud_name: str
    api_key: str
    api_secret: str = field(repr=False)
    upload_prefix: str | None = None

    @classmethod
    def parse(cls, url: str) -> "CloudinaryAccount":
        """Read ``cloudinary://key:secret@cloud?upload_prefix=https://...``."""
        parts = urlsplit(url)
        return cls(
            cloud_name=parts.hostname or "",
            api_key=unquote(parts.username or ""),
            api_secret=unquote(parts.password or ""),
            upload_prefix=parse_qs(parts.query).get("upload_prefix", [None])[0],
        )


class CloudinaryStore:
    """Uploads pictures with Cloudinary's SDK, which blocks, so in threads of its own.

    Args:
        timeout: Seconds that a caller waits at the most.
    """

    kind: Final = "cloudinary"

    def __init__(self, account: CloudinaryAccount, *, timeout: float = 10.0) -> None:
        # The SDK reads the environment while it is imported, and raises where it does not like it.
        from cloudinary import uploader

        self._sdk = uploader
        # All that the SDK would look for in its global configuration.
        self._options: dict[str, Any] = {
            "cloud_name": account.cloud_name,
            "api_key": account.api_key,
            "api_secret": account.api_secret,
            "upload_prefix": account.upload_prefix,
            "oauth_token": None,
            "signature_algorithm": "sha256",  # the SDK's own default is SHA-1
            "signature_version": 2,
            "timeout": timeout,
        }
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(THREADS, "cloudinary")
        self._uploads: dict[str, asyncio.Future[str]] = {}

    async def put(self, name: str, picture: bytes) -> Reference:
        """Upload a picture.

        Raises:
            Unavailable: Cloudinary is away, slow, refuses, or answers nonsense.
        """
        loop = asyncio.get_running_loop()
        upload = loop.run_in_executor(self._threads, self._upload, name, picture)
        self._uploads[name] = upload
        upload.add_done_callback(lambda done: self._forget(name, done))
        try:
            async with asyncio.timeout(self._timeout):
                # A thread cannot be stopped: after a time-out, delete() waits for the upload.
                url = await asyncio.shield(upload)
        except TimeoutError:
            raise Unavailable(AWAY) from None
        return Reference(self.kind, name, url)

    async def delete(self, name: str) -> None:
        """Delete a picture, if it is there; one that is still being uploaded is waited for.

        Raises:
            Unavailable: It may still be there.
        """
        if upload := self._uploads.get(name):
            await asyncio.wait({upload})
        await asyncio.get_running_loop().run_in_executor(self._threads, self._destroy, name)

    def close(self) -> None:
        """Let the threads go; calls under way are finished, those not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _upload(self, name: str, picture: bytes) -> str:
        answer = self._call("upload", (name, picture), public_id=_public_id(name))
        url = answer.get("secure_url")
        if not _is_usable(url):
            raise _away("upload", f"secure_url is {url!r:.100}")
        return str(url)

    def _destroy(self, name: str) -> None:
        answer = self._call("destroy", _public_id(name), invalidate=True)
        if answer.get("result") not in ("ok", "not found"):
            raise _away("destroy", f"result is {answer.get('result')!r:.100}")

    def _call(self, action: str, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            answer = getattr(self._sdk, action)(*args, **options, **self._options)
        except Exception as error:  # noqa: BLE001 - a strange answer makes the SDK raise all kinds
            raise _away(action, f"{type(error).__name__}: {str(error)!r:.200}") from None
        if not isinstance(answer, dict):
            raise _away(action, f"{type(answer).__name__} instead of an object")
        return answer

    def _forget(self, name: str, upload: "asyncio.Future[str]") -> None:
        del self._uploads[name]
        if not upload.cancelled():
            upload.exception()  # or asyncio would complain that nobody has looked at it


def _public_id(name: str) -> str:
    return f"contactsvc-{name.removesuffix('.webp')}"


def _is_usable(url: object) -> bool:
    return (
        isinstance(url, str)
        and url.startswith("https://")
        and len(url) <= URL_MAX_LENGTH
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )


def _away(action: str, reason: str) -> Unavailable:
    """Return the error for callers; the log says more."""
    logger.warning("Cloudinary, %s: %s", action, reason)
    return Unavailable(AWAY)
