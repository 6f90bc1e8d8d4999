"""Keeping a copy of the district."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-keys", is_flag=True, help="Put the keys of personal data inside too.  Then guard the file as them."
)
def backup(file: Path, with_keys: bool) -> None:
    """Write database, uploads and a manifest into FILE, as of one moment, while people go on working."""
    from zhitong.config.backup import BackupError, make_backup

    try:
        told = make_backup(file.absolute(), with_keys=with_keys)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    inside = "the keys are inside" if with_keys else "the keys are not inside: keep ZHITONG_DATA_KEYS elsewhere"
    click.echo(f"{told.rows} rows and {told.files} files in {told.size} bytes; {inside}")
