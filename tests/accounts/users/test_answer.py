"""Where the picture of a user is shown from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contactsvc.accounts.users.answer import user_answer
from contactsvc.accounts.users.model import CurrentUser, Role

GRACE = CurrentUser(
    id=42,
    email="grace@example.com",
    name="Grace Hopper",
    role=Role.USER,
    confirmed=True,
    is_active=True,
    avatar=None,
    region=None,
    created_at=datetime(2026, 1, 31, tzinfo=UTC),
    auth_version=1,
    version=1,
)


@pytest.mark.parametrize(
    ("avatar", "url"),
    [
        (None, "https://contacts.example.com/api/avatars/initials/GH-18.svg"),
        ("folder:a.webp", "https://contacts.example.com/api/avatars/a.webp"),
        ("cloudinary:a|https://res.example.com/a.webp", "https://res.example.com/a.webp"),
    ],
)
def test_the_url_of_the_picture(avatar: str | None, url: str) -> None:
    answer = user_answer(replace(GRACE, avatar=avatar), "https://contacts.example.com")

    assert answer["avatar_url"] == url


def test_nothing_of_access_is_answered() -> None:
    assert not {"auth_version", "version", "password_hash"} & set(user_answer(GRACE, ""))
