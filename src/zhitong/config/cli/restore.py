"""Bringing the district back."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys-to", type=click.Path(dir_okay=False, path_type=Path), help="Write the keys inside the backup to this file."
)
def restore(file: Path, keys_to: Path | None) -> None:
    """Bring FILE into the empty database of DATABASE_URL and the folder of uploads, and check that it is the same district."""
    import tarfile

    from zhitong.config.backup import BackupError, restore_backup

    try:
        for sentence in restore_backup(file.absolute(), keys_to=keys_to):
            click.echo(sentence)
    except (BackupError, tarfile.TarError) as error:
        raise click.ClickException(str(error)) from error
