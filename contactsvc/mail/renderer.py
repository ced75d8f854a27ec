"""Renders mail from templates, as text and as HTML, with headers that no value can break."""

from email import policy
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from contactsvc.mail.addresses import mailbox, recipient
from contactsvc.platform.clock import now

LANGUAGE: Final = "en"
"""Language of all templates, as a tag of RFC 5646."""

_MINUTE: Final = 60
_HOUR: Final = 3600


class _UrlHeader(UniqueUnstructuredHeader):
    """A header with a URL, which is written as it is.

    The standard library takes a word that is longer than a line for text to be encoded (RFC 2047),
    and no mail program decodes a URL.
    """

    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"List-Unsubscribe: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _UrlHeader)  # type: ignore[arg-type] # a mixin
_POLICY: Final = policy.SMTP.clone(header_factory=_HEADERS)


class MailRenderer:
    """Renders mail.

    Args:
        public_url: The beginning of every link: a setting, never the ``Host`` of a request.
        mail_from: The sender, as ``name <address>`` or an address alone.

    Raises:
        PermanentFailure: ``mail_from`` is not one address.
    """

    def __init__(self, public_url: str, mail_from: str) -> None:
        self._public_url = public_url
        self._service = urlsplit(public_url).netloc
        self._from = mailbox(mail_from)
        self._templates = _templates()  # compiled now, not while requests wait

    def render(
        self,
        template: str,
        to: str,
        message_id: str,
        *,
        name: str = "",
        unsubscribe: str = "",
        **values: object,
    ) -> EmailMessage:
        """Render a mail.

        Args:
            template: The name of its templates, ``{template}.txt`` and ``{template}.html``.
            to: The address of the recipient.
            message_id: The part of the Message-ID before the ``@``. A mail that is sent twice has
                the same one, so that mail programs recognise the copy.
            name: The recipient's name, only if they have confirmed the address: a stranger must not
                be able to have words of their own mailed to others.
            unsubscribe: The https URL by which a mail program ends mail of this kind with one POST
                (RFC 8058); empty for mail that is sent once.
            values: The other variables of the templates, such as ``link`` and ``valid_for``.

        Raises:
            PermanentFailure: ``to`` is not an address.
        """
        message = EmailMessage(policy=_POLICY)
        message["From"] = self._from
        message["To"] = recipient(to)
        message["Date"] = format_datetime(now())
        message["Message-ID"] = f"<{message_id}@{self._from.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks for no automatic replies
        if unsubscribe:
            message["List-Unsubscribe"] = f"<{unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        text = self._templates.get_template(f"{template}.txt")
        shown = {"service": self._service, "name": one_line(name), **values}
        subject = "".join(text.blocks["subject"](text.new_context(shown)))
        message["Subject"] = one_line(subject)
        html = self._templates.get_template(f"{template}.html")
        _add(message, text.render(shown), "plain")
        _add(message, html.render(shown, subject=subject, language=LANGUAGE), "html")
        message["Content-Language"] = LANGUAGE  # last: adding a part removes Content headers
        return message

    def link(self, path: str, token: str) -> str:
        """Return the absolute URL of the operation at ``path``, below /api, that takes a token."""
        return f"{self._public_url}/api/{path}/{token}"


def duration(seconds: int) -> str:
    """Return a number of seconds in words, such as ``24 hours``, rounded down to whole minutes."""
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
    # ASCII is not encoded, so that a link can be copied out of the raw file.
    encoding = "7bit" if content.isascii() else "quoted-printable"
    add = message.set_content if subtype == "plain" else message.add_alternative
    add(content, subtype=subtype, cte=encoding)


def one_line(text: str) -> str:
    """Return text without line breaks, marks of direction and other unprintable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
