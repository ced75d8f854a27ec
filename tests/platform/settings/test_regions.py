"""The codes of ISO 3166-1."""

from contactsvc.platform.settings.regions import regions


def test_the_regions_are_those_of_iso_3166() -> None:
    assert {"GB", "US", "UA", "AQ", "UM", "AX"} <= regions()
    assert not {"UK", "EU", "XK", "ZZ", "gb", "", "#"} & regions()
    assert {(len(code), code.isupper(), code.isascii()) for code in regions()} == {(2, True, True)}
    assert len(regions()) == 249
