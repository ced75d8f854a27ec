"""URLs of cards, as they are made and as clients send them."""

from urllib.parse import unquote, urlsplit

import pytest

from contactsvc.contacts.dav import hrefs
from contactsvc.contacts.dav.hrefs import Hrefs

HREFS = Hrefs("https://contacts.example.com", 7, "10.0.0.5:8000")
BOOK = "/dav/addressbooks/7/1/"

NAMES = [
    "a",
    "A-z_0.9",
    "..a",
    "a b",
    "a@b:c",
    "100%",
    "a?b#c",
    "Ґудзик",
    "a&b<c>",
    "a;b,c+d",
    "x" * 200,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_url_leads_back_to_its_name(name: str) -> None:
    href = HREFS.card(name)

    assert href.isascii()
    assert unquote(href) == f"{BOOK}{name}.vcf"
    assert urlsplit(href).path == href
    assert HREFS.name_of(href) == name


@pytest.mark.parametrize(
    "href",
    [
        f"{BOOK}a%40b.vcf",
        f"{BOOK}a@b.vcf",
        f"  {BOOK}a@b.vcf\n",
        f"https://contacts.example.com{BOOK}a@b.vcf",
        f"https://CONTACTS.example.com{BOOK}a%40b.vcf",
        f"http://10.0.0.5:8000{BOOK}a@b.vcf",
        "/dav/address%62ooks/7/1/%61@b.vcf",
        "a@b.vcf",
        "a%40b.vcf",
    ],
)
def test_however_a_client_writes_it(href: str) -> None:
    assert HREFS.name_of(href) == "a@b"


@pytest.mark.parametrize(
    "href",
    [
        "",
        "/",
        BOOK,
        f"{BOOK}.vcf",
        f"{BOOK}a",
        f"{BOOK}a.VCF",
        f"{BOOK}a.vcf/",
        f"{BOOK}a/b.vcf",
        f"{BOOK}a%2Fb.vcf",
        f"{BOOK}a%00b.vcf",
        f"{BOOK}a%FFb.vcf",
        f"{BOOK}a%0Ab.vcf",
        f"{BOOK}{'x' * 201}.vcf",
        f"{BOOK}../1/a.vcf",
        "/dav/addressbooks/8/1/a.vcf",
        "/dav/addressbooks/7/2/a.vcf",
        "/dav/principals/7/a.vcf",
        "/elsewhere/a.vcf",
        f"https://evil.example.com{BOOK}a.vcf",
        f"//evil.example.com{BOOK}a.vcf",
        f"ftp://contacts.example.com:21{BOOK}a.vcf",
        "mailto:a.vcf",
        "http://[",
        "../a.vcf",
    ],
)
def test_what_leads_elsewhere_is_no_card(href: str) -> None:
    assert HREFS.name_of(href) is None


@pytest.mark.parametrize("start", [BOOK, ""])
def test_a_url_longer_than_any_is_not_taken_apart(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take seconds: a body has room for one of a million escapes."""
    monkeypatch.setattr(hrefs, "unquote", None)

    assert HREFS.name_of(f"{start}{'/%41' * 3000}.vcf") is None
    assert HREFS.name_of(f"{start}{'%41' * 3000}.vcf") is None


def test_the_path_of_the_public_url_is_before_all_others() -> None:
    hrefs = Hrefs("https://example.com/book", 7)

    assert hrefs.root == "/book/dav/"
    assert hrefs.principal == "/book/dav/principals/7/"
    assert hrefs.card("a") == "/book/dav/addressbooks/7/1/a.vcf"
    assert hrefs.name_of("/book/dav/addressbooks/7/1/a.vcf") == "a"
    assert hrefs.name_of("/dav/addressbooks/7/1/a.vcf") is None
