"""What is done for Thunderbird alone."""

from tests.contacts.dav.support import D, Phone, condition, sync


async def test_it_begins_anew_where_its_token_is_not_valid(phone: Phone) -> None:
    """It does so at 400 alone, whatever RFC 6578 says."""
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0"

    refused = await phone.request("REPORT", phone.book, sync("x"), User_Agent=agent)

    assert (await condition(refused, 400)).tag == f"{D}valid-sync-token"


async def test_other_conditions_are_told_as_they_are(phone: Phone) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0"

    refused = await phone.request("PROPFIND", phone.book, Depth="infinity", User_Agent=agent)

    assert (await condition(refused, 403)).tag == f"{D}propfind-finite-depth"
