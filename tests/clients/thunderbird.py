"""Thunderbird without a window, driven as its dialogs drive it."""

import asyncio
import shutil
from asyncio.subprocess import STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.clients.marionette import Marionette, session
from tests.support.waiting import PATIENCE, until

PROGRAM: Final = "thunderbird"

_PREFERENCES: Final = {
    "app.update.enabled": False,
    "browser.dom.window.dump.enabled": True,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "marionette.port": 0,
    "services.settings.server": "http://127.0.0.1:9/v1",
    "carddav.sync.loglevel": "All",
    "carddav.setup.loglevel": "All",
}

_IMPORTS: Final = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { CardDAVDirectory } =
  ChromeUtils.importESModule("resource:///modules/CardDAVDirectory.sys.mjs");
const { CardDAVUtils } = ChromeUtils.importESModule("resource:///modules/CardDAVUtils.sys.mjs");
const { VCardUtils } = ChromeUtils.importESModule("resource:///modules/VCardUtils.sys.mjs");
const heard = topic => new Promise(resolve => {
  const observer = { observe(subject) {
    Services.obs.removeObserver(observer, topic);
    resolve(subject);
  } };
  Services.obs.addObserver(observer, topic);
});
const book = uid => MailServices.ab.getDirectoryFromUID(uid);
"""

_SET_UP: Final = """
const [user, password, url] = args;
const found = await CardDAVUtils.detectAddressBooks(user, password, url, false, true);
const books = [];
for (const each of found) {
  const filled = heard("addrbook-directory-synced");
  books.push((await each.create()).UID);
  await filled;
}
return books;
"""

_SYNC: Final = """
await CardDAVDirectory.forFile(book(args[0]).fileName).syncWithServer(false);
"""

_LOSE_TOKEN: Final = """
book(args[0]).setStringValue("carddav.token", "urn:contactsvc:sync:of-long-ago");
"""

_CARDS: Final = """
return book(args[0]).childCards.map(card => card.getProperty("_vCard", ""));
"""

# The three are what the address book's editor calls. They answer before the server has, so the
# scripts wait for the method that sends.
_SENT: Final = """
const [uid, text, card_uid] = args;
const directory = CardDAVDirectory.forFile(book(uid).fileName);
const sent = name => new Promise((resolve, reject) => {
  const send = directory[name];
  directory[name] = function (...given) {
    delete directory[name];
    const sending = send.apply(directory, given);
    sending.then(resolve, reject);
    return sending;
  };
});
"""

_ADD: Final = f"""{_SENT}
const done = sent("_sendCardToServer");
directory.addCard(VCardUtils.vCardToAbCard(text));
await done;
"""

_CHANGE: Final = f"""{_SENT}
const card = directory.getCard(card_uid);
const [before, after] = [card.getProperty("_vCard", ""), args[3]];
if (!before.includes(text)) {{
  throw new Error(before);
}}
card.setProperty("_vCard", before.replaceAll(text, after));
const done = sent("_sendCardToServer");
directory.modifyCard(card);
await done;
"""

_DELETE: Final = f"""{_SENT}
const done = sent("_deleteCardFromServer");
directory.deleteCards([directory.getCard(card_uid)]);
await done;
"""


class Thunderbird:
    """One address book in a Thunderbird."""

    def __init__(self, marionette: Marionette) -> None:
        self._marionette = marionette
        self._book = ""

    async def set_up(self, url: str, user: str, password: str) -> None:
        """Add the account's only address book, as the dialog "Add CardDAV Address Book" does."""
        (self._book,) = await self._run(_SET_UP, user, password, url)

    async def sync(self) -> None:
        """Do what "Synchronise" does."""
        await self._run(_SYNC, self._book)

    async def cards(self) -> list[str]:
        """Return the vCards that it has."""
        found: list[str] = await self._run(_CARDS, self._book)
        return found

    async def add(self, uid: str, card: str) -> None:
        """Add a card."""
        await self._run(_ADD, self._book, card, uid)

    async def change(self, uid: str, old: str, new: str) -> None:
        """Change a text in a card."""
        await self._run(_CHANGE, self._book, old, uid, new)

    async def delete(self, uid: str) -> None:
        """Delete a card."""
        await self._run(_DELETE, self._book, "", uid)

    async def is_read_only(self) -> bool:
        """Whether nothing can be changed in the address book."""
        return bool(await self._run("return book(args[0]).readOnly;", self._book))

    async def lose_token(self) -> None:
        """Have a sync token that the service does not know any more."""
        await self._run(_LOSE_TOKEN, self._book)

    async def _run(self, script: str, *args: object) -> Any:
        return await self._marionette.run(_IMPORTS + script, *args)


def _preference(name: str, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool | int) else f'"{value}"'
    return f'user_pref("{name}", {text});\n'


@asynccontextmanager
async def thunderbird(folder: Path) -> AsyncIterator[Thunderbird]:
    """Run a Thunderbird with a new profile in a folder while the block runs."""
    profile = folder / "profile"
    profile.mkdir()
    lines = (_preference(name, value) for name, value in _PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines))
    program = shutil.which(PROGRAM)
    assert program, "Thunderbird is not installed."
    with (folder / "thunderbird.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(program, "--headless", "--no-remote", "--profile", str(profile)),
            *("--marionette", "--remote-allow-system-access"),
            stdout=log,
            stderr=STDOUT,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1"},
        )
    try:
        port = profile / "MarionetteActivePort"
        await until(lambda: process.returncode is not None or _written(port))
        assert process.returncode is None, (folder / "thunderbird.log").read_text()
        async with session(int(port.read_text())) as marionette:
            yield Thunderbird(marionette)
    finally:
        if process.returncode is None:
            process.terminate()
            async with asyncio.timeout(PATIENCE):
                await process.wait()


def _written(file: Path) -> bool:
    return file.exists() and file.read_text().strip() != ""
