"""What all lines of business share: the working calendar."""

import click


@click.group()
def matters() -> None:
    """What all lines of business share."""


@matters.command()
def holidays() -> None:
    """Load the national holidays into the working calendar; days the district entered itself stay.

    Again once a newer release of the package chinesecalendar is installed, each autumn: running clocks are recomputed.
    """
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.matters.public import Calendar, import_holidays

    new = import_holidays(by=Actor.system("zhitong matters holidays"), at=timezone.now())
    through = Calendar.objects.get(slug="national").announced_through
    click.echo(f"{new} days new; holidays are known through {through}")
