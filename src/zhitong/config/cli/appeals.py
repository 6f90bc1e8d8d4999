"""Work orders of a hotline, and the defaults of the line."""

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_CHARACTERS = 1_000_000
LONG, MOST_PROCESSES = 2_000_000, 4  # bytes of a file


@click.group()
def appeals() -> None:
    """Appeals: what ships, and the work orders of a hotline."""


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


def _organs(path: Path | None) -> dict[str, str]:
    return {row["category"].strip(): row["organ"].strip() for row in _rows(path)} if path else {}


@appeals.command("import")
@click.argument("file", type=FILE)
@click.option("--mapping", "name", help="What the columns mean, as saved under this name.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column means; may be repeated, and is saved with --mapping.  See `zhitong appeals fields`.",
)
@click.option("--source", help="Short name of the hotline; with the order's number it is the key.  12345 by default.")
@click.option(
    "--datum", type=click.Choice(["wgs84", "gcj02", "bd09"]), help="Coordinates of the file; wgs84 by default."
)
@click.option("--dry-run", is_flag=True, help="Try everything and keep nothing.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that are left out are written, .csv or .xlsx; beside FILE by default.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 32),
    help="How many open appeals at once; for a long file one for each processor.",
)
@click.option("--pass", "is_passed", is_flag=True, help="Pass them on, by the duty list or --organs.")
@click.option("--organs", type=FILE, help="CSV with the columns category and organ (names or codes), for --pass.")
def import_(
    file: Path, name: str | None, pairs: tuple[str, ...], source: str | None, datum: str | None, dry_run: bool,
    errors: Path | None, processes: int | None, is_passed: bool, organs: Path | None,
) -> None:  # fmt: skip
    """Import the work orders of a hotline from FILE, CSV or Excel.

    Without --mapping and --map the usual headings are looked for.  May be stopped and run again: it goes on where it was, and an
    order that was imported before is known by its number.  Rows that are wrong are left out and written to a file with what is
    wrong; correct them there and import that file.
    """
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.appeals import public as line

    by, at = Actor.system("命令行"), timezone.now()
    try:
        columns, source, datum = _columns(file, name, pairs, source, datum)
        passes = line.organs_named(_organs(organs), at) if is_passed else None
        run = line.attended(
            file, columns=columns, source=source, datum=datum, is_dry_run=dry_run, passes=passes, by=by, at=at
        )
        if run.position:
            click.echo(f"goes on behind row {run.position}", err=True)
        if processes is None:
            processes = min(os.cpu_count() or 1, MOST_PROCESSES) if file.stat().st_size > LONG else 1
        if processes > 1 and not dry_run:
            run = line.import_together(run.pk, file, processes=processes, told=_progress)
        while run.state in ("waiting", "running"):
            run = line.import_batch(run.pk, at=timezone.now(), path=file)
            _progress(run)
    except (Refused, KeyError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("", err=True)
    _tell(run, file, errors)


def _progress(run: Any) -> None:
    click.echo(f"\r{run.rows} rows", nl=False, err=True)


def _columns(
    file: Path, name: str | None, pairs: tuple[str, ...], source: str | None, datum: str | None
) -> tuple[dict[str, str], str, str]:
    """What the columns mean, the source and the datum: as said now, as saved, or as the headings suggest."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.appeals import public as line

    said = line.pairs(pairs)
    saved = line.OrderMapping.objects.filter(name=name).first() if name else None
    if name and saved is None and not said:
        raise click.ClickException(
            f"no mapping is called {name}: make it with --map COLUMN=FIELD, or in the administration"
        )
    source = source or (saved.source if saved else line.HOTLINE)
    datum = datum or (saved.datum if saved else "wgs84")
    columns = said or (dict(saved.columns) if saved else line.guessed(file))
    if name and said:
        line.save_mapping(name, columns=said, source=source, datum=datum, by=Actor.system("命令行"), at=timezone.now())
    return columns, source, datum


def _tell(run: Any, file: Path, errors: Path | None) -> None:
    """How it went, and where the rows are that were left out."""
    from zhitong.lines.appeals import public as line

    for slug, texts in run.unknown.items():
        for text, count in sorted(texts.items(), key=lambda pair: -pair[1]):
            click.echo(f"{count} rows with a {slug} that is not known: {text}", err=True)
    if run.wrong:
        for problem, _cells in line.problems_of(run, 20):
            click.echo(f"row {problem.row}: {problem.reason}", err=True)
        is_excel = file.suffix.lower() == ".xlsx"
        target = errors or file.with_name(f"{file.stem}.errors{'.xlsx' if is_excel else '.csv'}")
        written = line.write_problems(run, target)
        click.echo(f"{written} rows with what is wrong in them: {target}", err=True)
    would = "would be " if run.is_dry_run else ""
    click.echo(f"{run.opened} {would}opened, {run.known} known before, {run.passed} passed on, {run.wrong} wrong")
    if run.state == "failed":
        raise click.ClickException(run.failure)
    run.problems.all().delete()


@appeals.command()
def fields() -> None:
    """List what a column may mean, and the headings that are understood without being told; and the mappings that are saved."""
    from zhitong.lines.appeals import public as line

    for field in line.FIELDS:
        click.echo(f"{field.slug:10} {field.label}: {'、'.join(field.headings)}")
    for mapping in line.OrderMapping.objects.order_by("name"):
        click.echo(f"\n{mapping.name} ({mapping.source}, {mapping.datum})")
        for heading, slug in mapping.columns:
            click.echo(f"  {heading}={slug}")
