"""Writes the profile: Apple's Device Management, payload ``com.apple.carddav.account``."""

import plistlib
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import NAMESPACE_URL, uuid5

import idna

from contactsvc.accounts.users.model import CurrentUser
from contactsvc.contacts.dav.hrefs import Hrefs


def profile(user: CurrentUser, public_url: str) -> bytes:
    """Return the profile of a user's address book, a property list in XML.

    It has no password: the device asks for it when the profile is installed. Identifiers and UUIDs
    follow from the service and the user alone, so that a profile that is installed again replaces
    the earlier one and its account.

    Args:
        user: Whose address book.
        public_url: The setting PUBLIC_URL. Its path is kept, because a proxy may serve below one.
    """
    service = urlsplit(public_url)
    host = _ascii_host(service)
    principal = Hrefs(public_url, user.id).principal
    origin = f"{service.scheme}://{host}:{_port(service)}"
    return plistlib.dumps(
        {
            **_common("Configuration", f"{origin}{principal}", f"Contacts at {host}"),
            "PayloadIdentifier": _identifier(host, user),
            "PayloadDescription": f"The contacts of {user.email} at {host}.",
            "PayloadOrganization": host,
            "PayloadContent": [
                {
                    **_common("com.apple.carddav.account", f"{origin}{principal}#account", host),
                    "PayloadIdentifier": f"{_identifier(host, user)}.account",
                    "CardDAVAccountDescription": host,
                    "CardDAVHostName": host,
                    "CardDAVPort": _port(service),
                    "CardDAVUseSSL": service.scheme == "https",
                    "CardDAVPrincipalURL": principal,
                    "CardDAVUsername": user.email,
                }
            ],
        }
    )


def _common(kind: str, name: str, title: str) -> dict[str, Any]:
    """Return what every payload has; the UUID is made of the name."""
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadUUID": str(uuid5(NAMESPACE_URL, name)).upper(),
        "PayloadDisplayName": title,
    }


def _identifier(host: str, user: CurrentUser) -> str:
    """Return the identifier by which the device knows the profile, in reverse-DNS style."""
    return ".".join([*reversed(host.split(".")), "carddav", str(user.id)])


def _ascii_host(service: SplitResult) -> str:
    """Return the host as it goes over the network: an international name in Punycode."""
    host = service.hostname or ""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError:  # a name of a local network that is no name of the DNS
        return host


def _port(service: SplitResult) -> int:
    return service.port or {"https": 443, "http": 80}[service.scheme]
