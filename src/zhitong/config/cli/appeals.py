"""Appeals from elsewhere, and the defaults of the line."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_CHARACTERS = 1_000_000


@click.group()
def appeals() -> None:
    """Appeals: what ships, and loading them from a file."""


@appeals.command()
def defaults() -> None:
    """Write the category list, sub-kinds, limits and lists of reasons that ship and are not there yet.

    What the district changed among sub-kinds, limits and reasons stays; categories with a known code are brought up to date.
    """
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.organisation.public import import_categories
    from zhitong.lines import appeals as line
    from zhitong.lines.appeals.public import load_defaults

    by = Actor.system("zhitong appeals defaults")
    load_defaults(by=by)
    done = import_categories(
        list(_rows(Path(line.__file__).parent / "data" / "categories.csv")), by=by, at=timezone.now()
    )
    click.echo(f"categories: {done.created} created, {done.changed} changed, {done.unchanged} unchanged")


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV file in UTF-8 or GB 18030, with or without a byte order mark."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    csv.field_size_limit(MOST_CHARACTERS)
    yield from csv.DictReader(io.StringIO(text, newline=""))


def _mapping(path: Path | None) -> dict[str, str]:
    return {row["category"].strip(): row["organ"].strip() for row in _rows(path)} if path else {}


@appeals.command()
@click.argument("file", type=FILE)
@click.option("--source", help="Where the file is from; with the row's id it is the key.  The file's name by default.")
@click.option("--pass", "is_passed", is_flag=True, help="Pass them on, by the duty list or --organs.")
@click.option("--organs", type=FILE, help="CSV with the columns category and organ (names or codes), for --pass.")
def load(file: Path, source: str | None, is_passed: bool, organs: Path | None) -> None:
    """Load FILE, a CSV with the columns id, title, submitted_at, body and category.

    May be run again: what was loaded before is known by its id.  Rows that are wrong are told and left out.
    """
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.appeals.actions import COLUMNS, load_appeals, pass_loaded

    rows = list(_rows(file))
    missing = [name for name in COLUMNS if rows and name not in rows[0]]
    if missing or not rows:
        raise click.ClickException(f"{file.name}: no rows, or no column {', '.join(missing)}")
    by, now = Actor.system("命令行"), timezone.now()
    done = load_appeals(rows, source=source or file.stem, by=by, at=now)
    try:
        if is_passed:
            pass_loaded(done, _mapping(organs), by=by, at=timezone.now())
    except (Refused, KeyError) as error:
        raise click.ClickException(f"not passed on: {error}") from error
    for number, sentence in done.errors:
        click.echo(f"row {number}: {sentence}", err=True)
    for name, count in done.unknown_categories.most_common():
        click.echo(f"{count} rows with a category that is not in the list: {name}", err=True)
    click.echo(f"{done.opened} opened, {done.known} known before, {done.passed} passed on, {len(done.errors)} wrong")
