"""What exporters really write goes in and out again, and nothing of it is lost."""

from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from tests.conftest import MakePerson, Person

ROOT = Path(__file__).parents[1] / "contacts"
FILES = sorted(
    [
        *(ROOT / "vcard" / "fixtures").glob("*.vcf"),
        *(ROOT / "transfer" / "csv" / "fixtures").glob("*.csv"),
    ]
)
CONTENT = {file: file.read_bytes() for file in FILES}
NOT_SAID = ("id", "owner_id", "seq", "created_at", "updated_at")
FORMS = [("text/vcard", "3.0"), ("text/vcard", "4.0"), ("text/csv", "")]


async def bring(person: Person, content: bytes, media_type: str) -> dict[str, Any]:
    headers = {"Content-Type": media_type}
    response = await person.post("/api/contacts/import", data=content, headers=headers)
    report: dict[str, Any] = await response.json()
    assert response.status == 200, report
    return report


async def rows(pg: asyncpg.Connection, person: Person) -> list[dict[str, Any]]:
    """Return all that is kept of somebody's contacts."""
    found = await pg.fetch(
        "SELECT contacts.* FROM contacts JOIN users ON users.id = owner_id"
        " WHERE users.email = $1 ORDER BY contacts.id",
        person.email,
    )
    kept = [{name: v for name, v in row.items() if name not in NOT_SAID} for row in found]
    return [
        row
        | {
            "details": orjson.loads(row["details"]),
            "extra": sorted(orjson.loads(row["extra"] or "[]")),
        }
        for row in kept
    ]


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_a_file_goes_in_and_out(
    grace: Person,
    make_person: MakePerson,
    pg: asyncpg.Connection,
    subtests: pytest.Subtests,
    file: Path,
) -> None:
    media_type = "text/vcard" if file.suffix == ".vcf" else "text/csv"
    content = CONTENT[file]
    report = await bring(grace, content, media_type)
    assert report["created"] > 0
    before = await rows(pg, grace)
    again = await bring(grace, content, media_type)
    assert (again["created"], again["skipped"]) == (0, report["total"] - report["failed"])

    for number, (form, version) in enumerate(FORMS):
        with subtests.test(form=form, version=version):
            query = {"format": form.removeprefix("text/")} | (
                {"version": version} if version else {}
            )
            response = await grace.get("/api/contacts/export", params=query)
            assert response.status == 200
            exported = await response.read()
            other = await make_person(f"other{number}@example.com")
            told = await bring(other, exported, form)
            assert (told["created"], told["failed"]) == (len(before), 0)
            after = await rows(pg, other)
            assert len(after) == len(before)
            for expected, row in zip(before, after, strict=True):
                # Photos are drawn anew; a table of texts has none.
                has_none = expected["photo"] is None or form == "text/csv"
                assert (row["photo"] is None) == has_none
                assert row == expected | {"photo": row["photo"]}
