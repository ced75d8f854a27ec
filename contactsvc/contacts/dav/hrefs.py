"""URLs of one user's resources: made, and read out of requests."""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.card_names import is_name

ROOT: Final = "/dav/"
SUFFIX: Final = ".vcf"
MAX_HREF: Final = 8 * 1024
"""Characters of a URL that is looked at: more than any name has, however it is escaped."""
_SAFE: Final = "!$&'()*+,;=:@"
"""What stands in a segment of a path as it is, besides letters, digits and ``-._~`` (RFC 3986,
3.3)."""


class Hrefs:
    """The URLs of one user's resources, as absolute paths (RFC 4918, 8.3).

    Principal, home and book are different URLs: clients take them for different things.

    Args:
        public_url: The setting PUBLIC_URL: its path is before all others.
        user_id: The user.
        host: The host that the request was sent to, which may be another than PUBLIC_URL's.

    Attributes:
        root: Where clients begin.
        principal: The user (RFC 3744).
        home: What holds the user's address books.
        book: The address book.
    """

    def __init__(self, public_url: str, user_id: int, host: str = "") -> None:
        parts = urlsplit(public_url)
        self.root = f"{parts.path}{ROOT}"
        self.principal = f"{self.root}principals/{user_id}/"
        self.home = f"{self.root}addressbooks/{user_id}/"
        self.book = f"{self.home}{BOOK_ID}/"
        self._hosts = {parts.netloc.lower(), host.lower()}

    def card(self, name: str) -> str:
        """Return the URL of the card of a name."""
        return f"{self.book}{quote(name, safe=_SAFE)}{SUFFIX}"

    def name_of(self, href: str) -> str | None:
        """Return the name of the card that a client means; None if it is no card of the book.

        Args:
            href: A URL with or without host, or the last segment alone, escaped or not.
        """
        if len(href) > MAX_HREF:
            return None
        try:
            path = self._path(href.strip())
        except ValueError:  # such as a host of [
            return None
        if path is None or not path.startswith(self.book):
            return None
        last = path[len(self.book) :]
        if "%" in last:
            try:
                last = unquote(last, errors="strict")
            except UnicodeDecodeError:
                return None
        name = last.removesuffix(SUFFIX)
        return name if name != last and is_name(name) else None

    def _path(self, href: str) -> str | None:
        if href.startswith(self.book) and "?" not in href and "#" not in href:
            return href
        parts = urlsplit(href)
        if parts.netloc.lower() not in self._hosts and (parts.scheme or parts.netloc):
            return None
        if "%" in parts.path and parts.path.count("/") > 1:
            *folders, last = parts.path.split("/")
            return "/".join([*map(unquote, folders), last])
        return parts.path if "/" in parts.path else f"{self.book}{parts.path}"
