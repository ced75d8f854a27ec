"""An export that is too large for an import is divided by the command of the documentation."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from contactsvc.contacts.transfer.service import MAX_IMPORTED
from contactsvc.contacts.transfer.views import MAX_BYTES
from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.writer import write_card

pytestmark = pytest.mark.process

PAGE: Final = Path(__file__).parents[4] / "docs" / "how-to" / "leave.rst"
CARDS: Final = [
    write_card(Card("4.0", [Property("FN", f"Зоя {n}"), Property("NOTE", "a\n" * 90)]), "4.0")
    for n in range(40)
]
SIZE: Final = len(CARDS[0])


def divided(folder: Path, cards: int, size: int) -> list[bytes]:
    """Return the parts that the command makes where a part has so many cards and bytes."""
    (command,) = (line for line in PAGE.read_text().splitlines() if "awk" in line)
    command = command.partition("$ ")[2]
    assert (str(MAX_IMPORTED) in command, MAX_BYTES > 40_000_000) == (True, True)
    command = command.replace(str(MAX_IMPORTED), str(cards)).replace("40000000", str(size))
    (folder / "contacts.vcf").write_bytes(b"".join(CARDS))
    subprocess.run(["sh", "-ec", command], cwd=folder, check=True)
    return [path.read_bytes() for path in sorted(folder.glob("contacts-*.vcf"))]


def test_a_part_has_so_many_cards(tmp_path: Path) -> None:
    parts = divided(tmp_path, 15, SIZE * 1000)

    assert parts == [b"".join(CARDS[start : start + 15]) for start in (0, 15, 30)]


def test_a_part_has_so_many_bytes_and_one_card_more(tmp_path: Path) -> None:
    parts = divided(tmp_path, 1000, SIZE * 4)

    assert b"".join(parts) == b"".join(CARDS)
    assert max(map(len, parts)) < SIZE * 6
    assert len(parts) > 5
