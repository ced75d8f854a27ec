"""Mail as it is written: the wording of each, its headers, and what nobody can put into them."""

import email
import html
import re
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from contactsvc.mail import renderer as module
from contactsvc.mail.renderer import MailRenderer, duration
from contactsvc.mail.sender import PermanentFailure
from contactsvc.platform.clock import now

LINK = "https://contacts.example.com/api/auth/confirmed_email/" + "t" * 43
MAILS = {
    "confirm_email": True,
    "already_registered": False,
    "reset_password": True,
    "password_changed": False,
    "change_email": True,
    "email_change_notice": False,
    "app_password_created": False,
    "birthday_reminder": True,
    "test": False,
}
"""The templates, and whether their mail has a link."""

LAYOUTS = {"base", "link"}

DAY = {"title": "Today, Thursday 10 December", "people": ["Ada Lovelace turns 211"], "more": 0}
VALUES: dict[str, Any] = {"link": LINK, "valid_for": "24 hours", "count": 1, "days": [DAY]}
"""What the templates of mails with a link show."""


@pytest.fixture(scope="module")
def renderer() -> MailRenderer:
    return MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")


def write(renderer: MailRenderer, template: str, **values: Any) -> EmailMessage:
    """Write a mail and read it as its recipient would."""
    if MAILS[template]:
        values = VALUES | values
    mail = renderer.render(template, "ada@example.com", "outbox-1", **values)
    read = email.message_from_bytes(mail.as_bytes(policy=SMTP), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


class Tags(HTMLParser):
    """Collects the tags of a page and checks that they are closed in order."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_template_is_a_mail_in_text_and_html() -> None:
    folder = Path(module.__file__).parent / "templates"
    texts = {path.stem for path in folder.glob("*.txt")} - LAYOUTS
    pages = {path.stem for path in folder.glob("*.html")} - LAYOUTS
    assert texts == pages == set(MAILS)


def test_no_two_mails_have_one_subject(renderer: MailRenderer) -> None:
    subjects = {write(renderer, template)["Subject"] for template in MAILS}
    assert len(subjects) == len(MAILS)
    assert all(subjects)


@pytest.mark.parametrize("template", MAILS)
def test_the_headers(renderer: MailRenderer, template: str) -> None:
    begun = now().replace(microsecond=0)  # mail knows whole seconds only
    mail = write(renderer, template, name="Zoë")

    assert mail["From"] == "Contacts <post@example.com>"
    assert mail["To"] == "ada@example.com"
    assert mail["Message-ID"] == "<outbox-1@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert begun <= parsedate_to_datetime(mail["Date"]) <= now()
    assert mail.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]
    assert len(mail.keys()) == len(set(mail.keys()))


@pytest.mark.parametrize(("template", "has_link"), MAILS.items())
def test_text_and_html_have_the_link_and_no_other(
    renderer: MailRenderer, template: str, has_link: bool
) -> None:
    mail = write(renderer, template)
    expected = {LINK} if has_link else set()

    assert set(re.findall(r"https?://\S+", part(mail, "plain"))) == expected
    tags = Tags(part(mail, "html")).seen
    assert {attrs["href"] for tag, attrs in tags if tag == "a"} == expected
    # Nothing is loaded from anywhere: that would tell a sender when a mail is read.
    assert not {tag for tag, _ in tags} & {"img", "link", "script", "style", "iframe"}
    assert "url(" not in part(mail, "html")


@pytest.mark.parametrize("template", MAILS)
def test_the_page_can_be_read_aloud(renderer: MailRenderer, template: str) -> None:
    mail = write(renderer, template)
    tags = Tags(part(mail, "html")).seen

    assert ("html", {"lang": "en"}) in tags
    assert f"<title>{mail['Subject']}</title>" in part(mail, "html")


@pytest.mark.parametrize("template", [name for name, has_link in MAILS.items() if has_link])
def test_a_link_can_be_copied_out_of_the_raw_mail(renderer: MailRenderer, template: str) -> None:
    mail = renderer.render(template, "ada@example.com", "x", **VALUES)
    assert f"\r\n    {LINK}\r\n".encode() in mail.as_bytes(policy=SMTP)


def test_links_begin_with_the_public_url(renderer: MailRenderer) -> None:
    assert renderer.link("auth/confirmed_email", "t" * 43) == LINK


@pytest.mark.parametrize("name", ["Grace Hopper", "Zoë", "Олена", "李"])
def test_the_reader_is_greeted(renderer: MailRenderer, name: str) -> None:
    mail = write(renderer, "test", name=name)
    assert part(mail, "plain").startswith(f"Hello {name},\n")
    assert f"<p>Hello {name},</p>" in part(mail, "html")


def test_who_has_no_name_is_greeted_too(renderer: MailRenderer) -> None:
    assert part(write(renderer, "test"), "plain").startswith("Hello,\n")


def test_a_name_is_text_and_no_html(renderer: MailRenderer) -> None:
    name = '<a href="https://evil.example">"Ada" & \'co\'</a>'
    page = part(write(renderer, "test", name=name), "html")
    assert not [tag for tag, _ in Tags(page).seen if tag == "a"]
    assert f"Hello {name}," in html.unescape(page)


@pytest.mark.parametrize(
    "name",
    [
        "Ada\r\nBcc: eve@example.com",
        "Ada\n\n.\nMAIL FROM:<eve@example.com>",
        "Ada\u2028\x00\u202eeve",
    ],
)
def test_a_name_stays_on_its_line(renderer: MailRenderer, name: str) -> None:
    mail = write(renderer, "test", name=name)

    assert mail["Bcc"] is None
    greeting = part(mail, "plain").split("\n")[0]
    assert greeting == f"Hello {' '.join(re.split('[^ -~]+', name))},"


@pytest.mark.parametrize("template", MAILS)
@pytest.mark.parametrize("to", ["ada@example.com\r\nBcc: eve@example.com", "a@b.c,d@e.f"])
def test_an_address_brings_no_header_in(renderer: MailRenderer, template: str, to: str) -> None:
    with pytest.raises(PermanentFailure):
        renderer.render(template, to, "x", link=LINK, valid_for="1 hour")


def test_a_mail_program_is_told_how_to_end_mail_that_comes_again(renderer: MailRenderer) -> None:
    """RFC 8058: one URL, not folded or encoded, however long it is."""
    url = "https://contacts.example.com/below/a/long/prefix/api/birthdays/unsubscribe/" + "t" * 32
    mail = renderer.render("test", "ada@example.com", "x", unsubscribe=url)

    lines = mail.as_bytes(policy=SMTP).replace(b"\r\n ", b" ").split(b"\r\n")
    assert f"List-Unsubscribe: <{url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    others = write(renderer, "reset_password")
    assert (others["List-Unsubscribe"], others["List-Unsubscribe-Post"]) == (None, None)


def test_a_value_that_is_missing_is_an_error_and_not_a_gap(renderer: MailRenderer) -> None:
    with pytest.raises(UndefinedError):
        renderer.render("confirm_email", "ada@example.com", "x", valid_for="1 hour")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "1 minute"),
        (119, "1 minute"),
        (5400, "90 minutes"),
        (3600, "1 hour"),
        (86400, "24 hours"),
    ],
)
def test_times_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words
