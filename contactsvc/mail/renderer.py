"""Mail as it is written: from templates, as text and as HTML, with headers that hold."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from contactsvc.mail.addresses import mailbox, recipient
from contactsvc.platform.clock import now

LANGUAGE: Final = "en"
_MINUTE: Final = 60
_HOUR: Final = 3600


class MailRenderer:
    """Writes mail.

    Args:
        public_url: The beginning of every link; no request has a say in it.
        mail_from: Who mail comes from, as ``name <address>``.

    Raises:
        PermanentFailure: ``mail_from`` has no address.
    """

    def __init__(self, public_url: str, mail_from: str) -> None:
        self._public_url = public_url
        self._service = urlsplit(public_url).netloc
        self._from = mailbox(mail_from)
        self._templates = _templates()  # compiled now, not while requests wait

    def write(
        self, template: str, to: str, message_id: str, *, name: str = "", **values: str
    ) -> EmailMessage:
        """Return a mail.

        Args:
            template: Its templates, ``{template}.txt`` and ``{template}.html``.
            to: The address it goes to.
            message_id: What is before the ``@`` in its Message-ID. The same mail must have the
                same, so that a doubled one can be recognised.
            name: What its reader is called, if they have proved that the address is theirs; a
                stranger must not be able to send words to others.
            values: What else the templates show.

        Raises:
            PermanentFailure: ``to`` is no address.
        """
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = self._from
        message["To"] = recipient(to)
        message["Date"] = format_datetime(now())
        message["Message-ID"] = f"<{message_id}@{self._from.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
        text = self._templates.get_template(f"{template}.txt")
        shown = {"service": self._service, "name": _one_line(name), **values}
        subject = "".join(text.blocks["subject"](text.new_context(shown)))
        message["Subject"] = _one_line(subject)
        html = self._templates.get_template(f"{template}.html")
        _add(message, text.render(shown), "plain")
        _add(message, html.render(shown, subject=subject, language=LANGUAGE), "html")
        message["Content-Language"] = LANGUAGE  # adding a part takes all Content headers away
        return message

    def link(self, path: str, token: str) -> str:
        """Return the absolute URL of a call that takes a one-time token."""
        return f"{self._public_url}/api/auth/{path}/{token}"


def duration(seconds: int) -> str:
    """Return a time in words, such as ``24 hours``; what does not fill a minute is left out."""
    unit, size = ("hour", _HOUR) if seconds % _HOUR == 0 else ("minute", _MINUTE)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@cache
def _templates() -> Environment:
    """Return the templates, all of them compiled."""
    templates = Environment(
        loader=PackageLoader("contactsvc.mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    for name in templates.list_templates():
        templates.get_template(name)
    return templates


def _add(message: EmailMessage, content: str, subtype: str) -> None:
    # Lines of ASCII go as they are, so that a link can be copied out of the raw file.
    encoding = "7bit" if content.isascii() else "quoted-printable"
    add = message.set_content if subtype == "plain" else message.add_alternative
    add(content, subtype=subtype, cte=encoding)


def _one_line(text: str) -> str:
    """Return text without anything that breaks lines, turns their direction or cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
