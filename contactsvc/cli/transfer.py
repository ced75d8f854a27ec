"""Commands that bring contacts from a file, and into one."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, Final

import click
import orjson
from marshmallow import ValidationError

from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.cli.tables import printable
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.exports.service import VERSIONS, Export, Format, note
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.schemas import ImportQuerySchema
from contactsvc.contacts.transfer.service import Importer, ImportOptions, named_columns
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform.caller import Caller

PARTIAL: Final = 3
"""Exit status where some of a file was not read."""

_user = click.option("--user", "email", required=True, help="The e-mail of the account.")


class _Bar:
    """A progress bar on standard error where that is a terminal; nothing elsewhere."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._open = ExitStack()
        self._done = 0
        self._is_line_open = False

    def __call__(self, done: int, of: int) -> None:
        """Show how much is done; of what is still being read, nobody knows how much it is."""
        if not sys.stderr.isatty():
            return
        if not of:
            click.echo(f"\r{done} contacts are read", nl=False, err=True)
            self._is_line_open = True
            return
        if self._bar is None:
            bar = click.progressbar(length=of, label=self._label, file=sys.stderr)
            self._bar = self._open.enter_context(bar)
            self._is_line_open = False  # it ends its own
        self._bar.update(done - self._done)
        self._done = done

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        if self._is_line_open:
            click.echo(err=True)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@_user
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and change nothing.")
@click.option(
    "--on-duplicate",
    type=click.Choice([how.value for how in OnDuplicate]),
    default=OnDuplicate.SKIP.value,
    show_default=True,
    help="What becomes of contacts that are there already.",
)
@click.option("--region", help="Where numbers without a country are dialled, such as GB.")
@click.option("--tag", default="", help="A tag for every contact.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN:FIELD", help="Read a column so.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print what POST /api/contacts/import answers."
)
def import_(
    file: IO[bytes],
    email: str,
    dry_run: bool,
    on_duplicate: str,
    region: str | None,
    tag: str,
    columns: tuple[str, ...],
    as_json: bool,
) -> None:
    """Import a vCard or CSV file into an account.

    All of it is imported, or nothing. What cannot be read costs that card or line alone, and the
    exit status is then 3.
    """
    query = _checked(on_duplicate=on_duplicate, region=region, tag=tag, map=list(columns))

    async def work(services: Services) -> Report:
        settings = services.settings
        user = await services.users.get(await services.users.find(email))
        options = ImportOptions(
            on_duplicate=OnDuplicate(on_duplicate),
            region=query.get("region") or user.region or settings.default_region,
            tag=query["tag"],
            dry_run=dry_run,
            columns=named_columns(query["map"]),
        )
        quota, pictures = settings.max_contacts, services.pictures
        importer = Importer(user.id, quota, pictures, Caller(), actor_id=None)
        with _Bar("Importing") as progress:
            return await importer.run_file(_seekable(file), options, progress)

    report = run(work)
    _show(report, as_json=as_json, dry_run=dry_run)
    if report.failed:
        raise click.exceptions.Exit(PARTIAL)


@click.command()
@_user
@click.option(
    "--format",
    "kind",
    type=click.Choice([name.value for name in Format]),
    default=Format.VCARD.value,
    show_default=True,
    help="What the file is.",
)
@click.option(
    "--version",
    type=click.Choice(VERSIONS),
    default=VERSIONS[0],
    show_default=True,
    help="Of vCards.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    help="The file, which is there when all of it is; standard output without it.",
)
def export(email: str, kind: str, version: str, output: Path) -> None:
    """Export the contacts of an account as a file."""

    async def work(services: Services) -> int:
        settings = services.settings
        user = await services.users.get(await services.users.find(email))
        made = Export(
            owner_id=user.id,
            region=user.region or settings.default_region,
            base_url=settings.public_url,
            format=Format(kind),
            version="3.0" if version == "3.0" else "4.0",
        )
        count = await ContactRepository(user.id).count(ContactFilter())
        with _whole(output) as file, _Bar("Exporting") as progress:
            async for piece in made.pieces(lambda done: progress(done, count)):
                file.write(piece)
        await note(user.id, Caller(), actor_id=None)
        return count

    count = run(work)
    click.echo(f"{count} contacts of {email} are exported.", err=True)


def _checked(**given: Any) -> dict[str, Any]:
    """Return the options of an import, checked as the query of a request is."""
    try:
        said = {name: value for name, value in given.items() if value is not None}
        query: dict[str, Any] = ImportQuerySchema().load(said)
    except ValidationError as error:
        messages = error.messages_dict
        lines = [f"--{name.replace('_', '-')}: {' '.join(told)}" for name, told in messages.items()]
        raise click.UsageError(" ".join(lines)) from error
    return query


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of another once all of it is written; ``-`` is stdout."""
    if path == Path("-"):
        yield sys.stdout.buffer
        return
    target = path.resolve()
    with ExitStack() as unless_whole:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            draft = Path(file.name)
            unless_whole.callback(draft.unlink)
            yield file
        draft.replace(target)
        unless_whole.pop_all()


def _seekable(file: IO[bytes]) -> IO[bytes]:
    """Return a file that can be read from its beginning; a pipe is copied."""
    if file.seekable():
        return file
    copy: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it ends with the process
    shutil.copyfileobj(file, copy)
    return copy


def _show(report: Report, *, as_json: bool, dry_run: bool) -> None:
    answer = report.as_answer()
    if as_json:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
        return
    if report.mapping is not None:
        for column in report.mapping:
            click.echo(f"{printable(column['column'])}: {printable(column['field'])}")
    for kind, remarks in (("Error", report.errors), ("Warning", report.warnings)):
        for remark in remarks.first:
            place = f"line {remark.line}" + (f", {remark.pointer}" if remark.pointer else "")
            click.echo(f"{kind} in {place}: {printable(remark.detail)}", err=True)
        if more := remarks.count - len(remarks.first):
            click.echo(f"{more} more of these.", err=True)
    counts = ", ".join(
        f"{answer[name]} {name}" for name in ("created", "updated", "skipped", "failed")
    )
    click.echo(f"{answer['total']} contacts: {counts}.")
    if dry_run:
        click.echo("Nothing was changed.")
