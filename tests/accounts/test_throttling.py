"""Under what an address is counted; the middleware itself is tried through HTTP."""

import pytest

from contactsvc.accounts.throttling import address_block


@pytest.mark.parametrize(
    ("ip", "block"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("", ""),
    ],
)
def test_address_block(ip: str, block: str) -> None:
    assert address_block(ip) == block
