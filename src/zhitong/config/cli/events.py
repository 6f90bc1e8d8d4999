"""The log of events and the notices it sends."""

import click


@click.group()
def events() -> None:
    """The log: verify and seal it; notices that were given up."""


@events.command()
def verify() -> None:
    """Read the whole log and name each stream and each day that does not fit; fails when there is one."""
    from zhitong.kernel.events import public

    breaks = 0
    for sentence in public.verify():
        breaks += 1
        click.echo(sentence)
    if breaks:
        raise SystemExit(1)
    click.echo(f"{public.Event.objects.count()} events and {public.Seal.objects.count()} seals fit")


@events.command()
def seal() -> None:
    """Seal what was recorded on days that are over, as the worker does by itself."""
    from zhitong.kernel.events import public

    click.echo(f"{public.seal_finished_days()} seals made")


@events.command()
def seals() -> None:
    """Print the seals, a day a line: keep a copy elsewhere, and compare."""
    from zhitong.kernel.events import public

    for one in public.Seal.objects.order_by("number"):
        click.echo(f"{one.day} {one.count} {bytes(one.root).hex()} {bytes(one.hash).hex()}")


@events.group()
def notices() -> None:
    """What is sent to people."""


@notices.command()
def failed() -> None:
    """Print the notices that were given up, and why."""
    from zhitong.kernel.events import public

    for one in public.Notice.objects.filter(state=public.NoticeState.FAILED).order_by("created_at", "id"):
        click.echo(f"{one.created_at:%Y-%m-%d %H:%M} {one.channel} {one.template} {one.id} {one.last_error}")


@notices.command()
@click.argument("ids", nargs=-1, type=click.UUID)
def retry(ids: tuple[str, ...]) -> None:
    """Queue notices that were given up once more: those named, or all."""
    from django.utils import timezone

    from zhitong.kernel.events import public

    wanted = public.Notice.objects.filter(state=public.NoticeState.FAILED)
    wanted = wanted.filter(pk__in=ids) if ids else wanted
    click.echo(f"{public.retry(list(wanted.values_list('pk', flat=True)), at=timezone.now())} notices queued again")
