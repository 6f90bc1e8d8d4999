"""Figures and the log they follow from."""

from datetime import date

import click


@click.group()
def indicators() -> None:
    """What is counted: make it again from the log, compare, fold, load definitions."""


def _progress(day: date) -> None:
    if day.day == 1:
        click.echo(f"{day:%Y-%m}", err=True)


@indicators.command()
def rebuild() -> None:
    """Delete all facts and rollups and make them again from the log.  People may go on working meanwhile."""
    from zhitong.kernel.indicators import public

    many = public.rebuild(_progress)
    click.echo(f"{many} facts made from the log; rollups folded")


@indicators.command()
def check() -> None:
    """Compare log, facts and rollups without changing anything; fails where they differ."""
    from zhitong.kernel.indicators import public

    found = False
    for sentence in public.check(_progress):
        found = True
        click.echo(sentence)
    if found:
        raise SystemExit(1)
    click.echo("log, facts and rollups agree")


@indicators.command()
def fold() -> None:
    """Fold every day and month that is over, as the worker does little by little."""
    from zhitong.kernel.indicators import public

    folded = 0
    while done := public.fold_finished():
        folded += done
    click.echo(f"{folded} days and months folded")


@indicators.command()
def load() -> None:
    """Write the definitions that ship and are not there yet."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.indicators import public

    new = public.load_indicators(by=Actor.system("zhitong indicators load"), at=timezone.now())
    click.echo(f"{new} indicators defined")
