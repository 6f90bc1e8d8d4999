"""The log: check it, and print its seals."""

import click


@click.group()
def events() -> None:
    """The log of everything that happened, and its daily seals."""


@events.command()
def verify() -> None:
    """Read the whole log and compare every hash and seal; fails, naming stream or day, where something does not fit."""
    from zhitong.kernel.events import public

    is_sound = True
    for sentence in public.verify():
        click.echo(sentence)
        is_sound = False
    if not is_sound:
        raise SystemExit(1)
    click.echo(f"sound; events: {public.Event.objects.count()}, seals: {public.Seal.objects.count()}")


@events.command()
def seals() -> None:
    """Print the seal of each day: day, number of events, hash.  Keep a copy elsewhere."""
    from zhitong.kernel.events import public

    for seal in public.Seal.objects.order_by("day").iterator():
        click.echo(f"{seal.day} {seal.count} {bytes(seal.hash).hex()}")
