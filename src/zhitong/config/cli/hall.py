"""The catalogue of service items."""

from pathlib import Path
from typing import Any

import click

MOST_SHOWN = 50


@click.group()
def hall() -> None:
    """The hall: what the district offers."""


@hall.command()
def defaults() -> None:
    """Write the catalogue that ships, published from today, as far as its items are not there yet.

    Organs are found by how their names end; items of organs that the district does not have are left out and named.
    """
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.hall.public import load_defaults

    _tell(load_defaults(by=Actor.system("zhitong hall defaults")))


@hall.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try everything and keep nothing.")
@click.option("--publish", is_flag=True, help="Publish from today; otherwise what is new is left as a draft.")
def import_(file: Path, dry_run: bool, publish: bool) -> None:
    """Import a catalogue from FILE, CSV or Excel; columns as `zhitong hall export` writes them."""
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.hall.public import import_catalogue

    at = timezone.now()
    try:
        result = import_catalogue(
            file, by=Actor.system("zhitong hall import"), at=at, dry_run=dry_run,
            publish_on=timezone.localdate(at) if publish else None,
        )  # fmt: skip
    except Refused as error:
        raise click.ClickException(str(error)) from error
    _tell(result)


@hall.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the catalogue to FILE, .csv or .xlsx."""
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.hall.public import export_csv, export_workbook

    by = Actor.system("zhitong hall export")
    file.write_bytes(export_csv(by) if file.suffix.lower() == ".csv" else export_workbook(by))


def _tell(result: Any) -> None:
    sheet = result.sheets[0]
    for one in result.sheets:
        for error in one.errors[:MOST_SHOWN]:
            click.echo(f"{one.title} row {error.row} {error.column}: {error.message}", err=True)
    would = "would be " if result.is_dry_run else ""
    click.echo(
        f"items: {sheet.created} {would}created, {sheet.changed} {would}changed, {sheet.unchanged} unchanged, {sheet.refused} left out"
    )
