"""Survey forms: workbooks checked, and taken in.  ``check`` works on files alone: no database, no keys."""

from pathlib import Path

import click

from . import setup

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def surveys() -> None:
    """Survey forms from XLSForm workbooks."""


@surveys.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
def check(files: tuple[Path, ...]) -> None:
    """Say of each workbook how many questions it asks, or what is wrong with it, by sheet and row.  Nothing is kept."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)  # sentences are Chinese, and ask for nothing
    from zhitong.lines.surveys.rules.workbook import Faulty, read
    from zhitong.lines.surveys.rules.xform import parse

    faulty = 0
    for file in files:
        try:
            made = read(file.read_bytes())
        except Faulty as wrong:
            faulty += 1
            for problem in wrong.problems:
                click.echo(f"{file.name}: {problem.where or 'file'}: {problem.message}")
            continue
        click.echo(f"{file.name}: {len(parse(made.xform).asked)} questions, {len(made.warnings)} remarks")
    if faulty:
        raise SystemExit(1)


@surveys.command("import")
@click.argument("file", type=FILE)
@click.option("--name", default="", help="Name of the form; without it, the title in the workbook.")
@click.option("--publish", "is_published", is_flag=True, help="Let surveys use it at once.")
def import_(file: Path, name: str, is_published: bool) -> None:
    """Take a workbook in as a new form."""
    setup()
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.surveys.public import NotUsable, publish, take

    by, at = Actor.system("zhitong surveys"), timezone.now()
    try:
        version = take(file.read_bytes(), file.name, name=name, by=by, at=at)
    except NotUsable as faulty:
        for problem in faulty.problems:
            click.echo(f"{problem.where or 'file'}: {problem.message}", err=True)
        raise SystemExit(1) from faulty
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    if is_published:
        publish(version.pk, by=by, at=at)
    click.echo(f"{version.form.name}: version {version.number}")
