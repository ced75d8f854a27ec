"""A condition of the protocol that is not met is named in XML."""

from tests.contacts.dav.support import CARD, D, Phone, condition, multiget


async def test_a_refusal_names_its_condition(phone: Phone) -> None:
    refused = await phone.request("REPORT", phone.book, '<expand-property xmlns="DAV:"/>')

    assert (await condition(refused, 403)).tag == f"{D}supported-report"


async def test_a_condition_may_be_of_carddav(phone: Phone) -> None:
    asked = '<d:prop><card:address-data version="2.1"/></d:prop>'

    refused = await phone.request("REPORT", phone.book, multiget("/a", asked=asked))

    assert (await condition(refused, 403)).tag == f"{CARD}supported-address-data"
