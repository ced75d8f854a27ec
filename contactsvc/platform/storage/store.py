"""What every way of keeping pictures has in common."""

from typing import NamedTuple, Protocol


class Reference(NamedTuple):
    """Where a picture is.

    As text it stands in ``users.avatar``: ``folder:NAME``, or ``cloudinary:NAME|URL``. It tells how
    to show and how to delete the picture, so nobody loses theirs when the settings change.
    """

    kind: str
    """The ``kind`` of the store that keeps the picture."""
    name: str
    """The picture's name in that store."""
    url: str = ""
    """URL at which another server serves it; empty where this service does."""

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Read what :meth:`__str__` wrote."""
        kind, _, rest = text.partition(":")
        name, _, url = rest.partition("|")
        return cls(kind, name, url)

    def __str__(self) -> str:
        """Return it as it is written into the database, 255 characters at the most."""
        return f"{self.kind}:{self.name}" + (f"|{self.url}" if self.url else "")


class Store(Protocol):
    """Keeps pictures."""

    @property
    def kind(self) -> str:
        """The store's name in references."""
        ...

    async def put(self, name: str, picture: bytes) -> Reference:
        """Keep a picture.

        Args:
            name: A name that no other picture has: 32 hexadecimal digits and ``.webp``.
            picture: The picture's bytes, in WebP.

        Raises:
            Unavailable: It was not kept, or nobody knows; ``delete`` makes sure.
        """
        ...

    async def delete(self, name: str) -> None:
        """Delete a picture, if it is there.

        Raises:
            Unavailable: It may still be there.
        """
        ...
