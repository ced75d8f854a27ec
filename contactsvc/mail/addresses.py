"""E-mail addresses as mail servers want them."""

import re
from email.headerregistry import Address
from email.utils import getaddresses
from typing import Final

import idna

from contactsvc.mail.sender import PermanentFailure

NO_ADDRESS: Final = "It is not an e-mail address."

_ATOM: Final = r"""[^\s.@()<>\[\]:;,\\"]+"""
_LOCAL_PART: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL: Final = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)


def mailbox(text: str) -> Address:
    """Parse ``name <address>`` or an address alone; its domain becomes ASCII (RFC 5891).

    Text that could end a header or add a second address is refused. A local part with characters
    beyond ASCII stays as it is; sending to it needs SMTPUTF8 (RFC 6531).

    Raises:
        PermanentFailure: The text is not one address.
    """
    found = getaddresses([text])
    if len(found) != 1 or not text.isprintable():
        raise PermanentFailure(NO_ADDRESS)
    return _address(*found[0])


def recipient(address: str) -> Address:
    """Parse the address that a mail goes to, as :func:`mailbox` does but without a name.

    Raises:
        PermanentFailure: The text is not an address.
    """
    return _address("", address)


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            domain = ""
    if not local.isprintable() or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise PermanentFailure(NO_ADDRESS)
    return Address(name, local, domain)
