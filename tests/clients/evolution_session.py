"""One address book in Evolution's data server, for whoever writes requests to standard input.

It runs in Debian's own Python, which has the bindings (``gir1.2-ebook-1.2``), on a session bus of
its own, and knows nothing of the project. Each line is a request, ``[name, arguments...]`` as JSON;
each is answered by a line, ``{"value": ...}`` or ``{"error": ...}``.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("EBook", "1.2")
gi.require_version("EBookContacts", "1.2")
gi.require_version("EDataServer", "1.2")

from gi.repository import EBook, EBookContacts, EDataServer, GLib  # noqa: E402

_VCARD_3 = EBookContacts.VCardFormat(1)
_DO_NOT_WAIT = 2**32 - 1
"""For connecting: signals come only while the main loop runs, not while it waits."""

_CONFLICT_FAIL = EBookContacts.BookOperationFlags.CONFLICT_FAIL


class Session:
    """What can be asked for; the names are those of the methods."""

    def __init__(self) -> None:
        self._registry = EDataServer.SourceRegistry.new_sync(None)
        self._client: Any = None

    def set_up(self, url: str, user: str, password: str) -> str:
        """Find the account's address book as "Find Address Books" does, and add it."""
        credentials = EDataServer.NamedParameters.new()
        credentials.set(EDataServer.SOURCE_CREDENTIAL_USERNAME, user)
        credentials.set(EDataServer.SOURCE_CREDENTIAL_PASSWORD, password)
        source = self._source(url, user)
        done = EDataServer.webdav_discover_sources_sync(
            source, url, EDataServer.WebDAVDiscoverSupports.CONTACTS, credentials, None
        )
        (found,) = done.out_discovered_sources
        self._point(source, found.href)
        source.set_display_name(found.display_name)
        self._registry.commit_source_sync(source, None)
        self._open(self._registry.ref_source(source.get_uid()), credentials)
        return str(found.display_name)

    def _open(self, source: Any, credentials: Any) -> None:
        """Open the address book, and wait until it has signed in to the service."""
        loop = GLib.MainLoop()
        source.connect(
            "credentials-required",
            lambda asked, *_: asked.invoke_authenticate(credentials, None, None),
        )
        source.connect("notify::connection-status", lambda *_: loop.quit())
        self._client = EBook.BookClient.connect_sync(source, _DO_NOT_WAIT, None)
        while source.get_connection_status() != EDataServer.SourceConnectionStatus.CONNECTED:
            loop.run()

    def _source(self, url: str, user: str) -> Any:
        source = EDataServer.Source.new(None, None)
        source.set_parent("carddav-stub")
        source.get_extension(EDataServer.SOURCE_EXTENSION_ADDRESS_BOOK).set_backend_name("carddav")
        source.get_extension(EDataServer.SOURCE_EXTENSION_OFFLINE).set_stay_synchronized(True)
        login = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
        login.set_user(user)
        login.set_method("plain/password")
        self._point(source, url)
        return source

    def _point(self, source: Any, url: str) -> None:
        """Say where the address book is."""
        parsed = GLib.Uri.parse(url, GLib.UriFlags.ENCODED)
        login = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
        login.set_host(parsed.get_host())
        login.set_port(parsed.get_port())
        security = source.get_extension(EDataServer.SOURCE_EXTENSION_SECURITY)
        security.set_method("tls" if parsed.get_scheme() == "https" else "none")
        webdav = source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)
        webdav.set_uri(parsed)

    def refresh(self) -> None:
        """Begin to fetch what is new; nothing tells when that is done."""
        self._client.refresh_sync(None)

    def cards(self) -> list[str]:
        """Return the vCards that it has."""
        everything = '(contains "x-evolution-any-field" "")'
        _, found = self._client.get_contacts_sync(everything, None)
        return [each.to_string(_VCARD_3) for each in found]

    def add(self, uid: str, card: str) -> None:
        """Add a card."""
        contact = EBookContacts.Contact.new_from_vcard(card)
        self._client.add_contact_sync(contact, _CONFLICT_FAIL, None)

    def change(self, uid: str, old: str, new: str) -> None:
        """Change a text in a card, which keeps the ETag that the data server has noted in it."""
        _, found = self._client.get_contact_sync(uid, None)
        card = found.to_string(_VCARD_3)
        if old not in card:
            raise ValueError(card)
        changed = EBookContacts.Contact.new_from_vcard(card.replace(old, new))
        self._client.modify_contact_sync(changed, _CONFLICT_FAIL, None)

    def delete(self, uid: str) -> None:
        """Delete a card."""
        self._client.remove_contact_by_uid_sync(uid, _CONFLICT_FAIL, None)


def main() -> None:
    """Answer requests until there are no more; signals are handled while one is awaited."""
    session, loop = Session(), GLib.MainLoop()
    channel = GLib.IOChannel.unix_new(sys.stdin.fileno())

    def on_line(_: object, condition: GLib.IOCondition) -> bool:
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        name, *arguments = json.loads(line)
        try:
            answer = {"value": getattr(session, name)(*arguments)}
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer
        return True

    GLib.io_add_watch(channel, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)
    loop.run()


main()
