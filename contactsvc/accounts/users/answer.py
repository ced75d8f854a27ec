"""Users as the API shows them."""

from typing import Any

from contactsvc.accounts.avatars.service import default_avatar_path
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.storage.store import Reference


def user_answer(user: CurrentUser, public_url: str) -> dict[str, Any]:
    """Return the body of :class:`UserAnswer`; URLs begin with ``public_url``."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "confirmed": user.confirmed,
        "is_active": user.is_active,
        "avatar_url": _avatar_url(user, public_url),
        "region": user.region,
        "created_at": user.created_at,
    }


def _avatar_url(user: CurrentUser, public_url: str) -> str:
    if user.avatar is None:
        return f"{public_url}{default_avatar_path(user)}"
    reference = Reference.parse(user.avatar)
    return reference.url or f"{public_url}/api/avatars/{reference.name}"
