"""Tokens that have been verified, so that each is verified once and not at every request."""

from collections import OrderedDict
from typing import Final, Generic, TypeVar

from contactsvc.platform.clock import now

MAX_TOKENS: Final = 10_000
"""Tokens kept at once, some 8 MB."""

Claims = TypeVar("Claims")


class VerifiedTokens(Generic[Claims]):
    """The claims of verified tokens, until these expire.

    It belongs to one set of keys and one purpose: whoever verifies with others has a table of their
    own. When it is full, what was verified first is dropped, and verified again when it is next
    used.

    Args:
        size: Tokens kept at once.
    """

    def __init__(self, size: int = MAX_TOKENS) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[float, float, Claims]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many tokens are kept, expired ones included."""
        return len(self._kept)

    def find(self, token: str) -> Claims | None:
        """Return a token's claims; None where it has to be verified: unknown, or expired."""
        if (kept := self._kept.get(token)) is None:
            return None
        verified_at, expires_at, claims = kept
        # A clock that was set back may make ``iat`` lie ahead, for which a token is refused.
        return claims if verified_at <= now().timestamp() < expires_at else None

    def keep(self, token: str, claims: Claims, expires_at: float) -> None:
        """Keep the claims of a token that has just been verified.

        Args:
            token: The whole token, signature included.
            claims: Immutable, as every caller gets the same object.
            expires_at: Its ``exp``, in seconds since the epoch.
        """
        self._kept[token] = now().timestamp(), expires_at, claims
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
