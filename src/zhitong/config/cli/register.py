"""The register and its keys."""

from pathlib import Path

import click


@click.group()
def register() -> None:
    """Persons and the keys their data is sealed with."""


@register.command("rotate-keys")
def rotate() -> None:
    """Seal all personal data again with the first key of ZHITONG_DATA_KEYS.

    Put the new key first and keep the old one behind it, restart, run this, then drop the old key and restart.
    May be stopped and run again.
    """
    from zhitong.gateway.webhooks.actions import rotate_keys as rotate_endpoints
    from zhitong.kernel.accounts.public import rotate_second_factors
    from zhitong.kernel.papers.public import rotate_papers
    from zhitong.kernel.register.public import rotate_keys
    from zhitong.lines.hall.public import rotate_answers, rotate_drafts

    done = rotate_keys(lambda so_far: click.echo(f"{so_far} rows sealed again", err=True))
    done += rotate_second_factors() + rotate_endpoints() + rotate_papers() + rotate_drafts() + rotate_answers()
    click.echo(f"{done} rows now use the first key; the others may be dropped")


@register.command("new-key")
def new_key() -> None:
    """Print a fresh random key for ZHITONG_DATA_KEYS."""
    import secrets
    from base64 import b64encode

    click.echo(b64encode(secrets.token_bytes(32)).decode())


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try everything and keep nothing.")
@click.option("--firms", is_flag=True, help="A table of firms instead of one of homes.")
def import_(file: Path, dry_run: bool, firms: bool) -> None:
    """Import buildings, units, households and people from FILE, CSV or Excel; columns as the template on the page of homes has them.

    May be stopped and run again: it goes on where it was, and what is registered is not registered twice.  Rows that are wrong are
    left out and named.
    """
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.register import public as known

    by, at = Actor.system("zhitong register import"), timezone.now()
    try:
        if firms:
            (sheet,) = known.import_firms(file, by=by, at=at, dry_run=dry_run).sheets
            counts = (sheet.created, sheet.changed, sheet.unchanged, sheet.refused)
            errors = [(one.row, one.column, one.message) for one in sheet.errors]
        else:
            run = known.import_homes(file, by=by, at=at, dry_run=dry_run)
            if run.failure:
                raise click.ClickException(run.failure)
            counts = (run.created, run.changed, run.unchanged, run.wrong)
            errors = [tuple(one) for one in run.errors]
    except Refused as error:
        raise click.ClickException(str(error)) from error
    for row, column, message in errors:
        click.echo(f"row {row}, {column or 'as a whole'}: {message}", err=True)
    click.echo("{} created, {} changed, {} unchanged, {} left out".format(*counts))
