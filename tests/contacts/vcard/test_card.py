"""Properties of a card by their names."""

from contactsvc.contacts.vcard.card import Card, Property, preference

CARD = Card(
    "4.0",
    [
        Property("TEL", "1"),
        Property("TEL", "2", pref=1),
        Property("TEL", "3", pref=50),
        Property("TEL", raw="TEL:4"),
    ],
)


def test_what_was_understood_is_found_by_name() -> None:
    assert [each.value for each in CARD.all("TEL")] == ["1", "2", "3"]
    assert CARD.all("EMAIL") == []


def test_the_most_preferred_is_the_first() -> None:
    assert CARD.first("TEL") == Property("TEL", "2", pref=1)
    assert CARD.first("EMAIL") is None
    assert [each.value for each in sorted(CARD.all("TEL"), key=preference)] == ["2", "3", "1"]
