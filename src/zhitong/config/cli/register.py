"""The register and its keys."""

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
    from zhitong.lines.hall.public import rotate_drafts

    done = rotate_keys(lambda so_far: click.echo(f"{so_far} rows sealed again", err=True))
    done += rotate_second_factors() + rotate_endpoints() + rotate_papers() + rotate_drafts()
    click.echo(f"{done} rows now use the first key; the others may be dropped")


@register.command("new-key")
def new_key() -> None:
    """Print a fresh random key for ZHITONG_DATA_KEYS."""
    import secrets
    from base64 import b64encode

    click.echo(b64encode(secrets.token_bytes(32)).decode())
