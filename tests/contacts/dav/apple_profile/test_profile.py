"""What the profile says for services at different addresses."""

import plistlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.contacts.dav.apple_profile.profile import profile

GRACE = CurrentUser(
    id=7,
    email="grace@example.com",
    name="Grace",
    role=Role.USER,
    confirmed=True,
    is_active=True,
    avatar=None,
    region=None,
    created_at=datetime(2026, 7, 30, tzinfo=UTC),
    auth_version=1,
    version=1,
)


def account(public_url: str, user: CurrentUser = GRACE) -> dict[str, Any]:
    (found,) = plistlib.loads(profile(user, public_url))["PayloadContent"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("public_url", "host", "port", "tls", "principal"),
    [
        ("https://c.example.com", "c.example.com", 443, True, "/dav/principals/7/"),
        ("https://c.example.com:8443", "c.example.com", 8443, True, "/dav/principals/7/"),
        ("http://192.0.2.7", "192.0.2.7", 80, False, "/dav/principals/7/"),
        ("http://[2001:db8::7]:8000", "2001:db8::7", 8000, False, "/dav/principals/7/"),
        ("https://example.com/c", "example.com", 443, True, "/c/dav/principals/7/"),
        ("https://bücher.example", "xn--bcher-kva.example", 443, True, "/dav/principals/7/"),
        ("https://bücher_regal", "bücher_regal", 443, True, "/dav/principals/7/"),
    ],
)
def test_where_the_device_finds_the_service(
    public_url: str, host: str, port: int, tls: bool, principal: str
) -> None:
    found = account(public_url)

    assert found["CardDAVHostName"] == host
    assert found["CardDAVPort"] == port
    assert found["CardDAVUseSSL"] is tls
    assert found["CardDAVPrincipalURL"] == principal


def test_another_profile_of_the_same_account_replaces_the_first() -> None:
    """The device tells profiles apart by their identifiers, and accounts by their UUIDs."""
    first, again = (account("https://c.example.com") for _ in range(2))
    renamed = account("https://c.example.com", replace(GRACE, email="hopper@example.com"))

    assert first == again
    assert renamed["PayloadUUID"] == first["PayloadUUID"]
    assert renamed["PayloadIdentifier"] == first["PayloadIdentifier"]
    assert renamed["CardDAVUsername"] == "hopper@example.com"


def test_accounts_of_others_and_of_other_services_stand_beside_it() -> None:
    accounts = [
        account("https://c.example.com"),
        account("https://c.example.com", replace(GRACE, id=8)),
        account("https://d.example.com"),
    ]

    assert len({each["PayloadUUID"] for each in accounts}) == 3
    assert len({each["PayloadIdentifier"] for each in accounts}) == 3


def test_an_email_with_markup_is_text() -> None:
    found = account("https://c.example.com", replace(GRACE, email="a&<b>@example.com"))

    assert found["CardDAVUsername"] == "a&<b>@example.com"
