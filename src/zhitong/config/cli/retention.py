"""How long things are kept."""

import click


@click.group()
def retention() -> None:
    """Terms of retention, and what is due."""


@retention.command()
def due() -> None:
    """List every kind of record with its term and how many have had their time."""
    from django.utils import timezone

    from zhitong.kernel.privacy.public import terms

    now = timezone.now()
    for slug, term in terms().items():
        before = term.cutoff(now)
        count = str(term.kind.count(before)) if before is not None else "-"
        way = "list" if term.kind.is_listed else "-" if before is None else "by itself"
        click.echo(f"{slug:24} {term.text:10} {way:10} {count:>8}  {term.kind.label}")


@retention.command()
def tidy() -> None:
    """Destroy now whatever goes by itself and has had its time; the worker does so every six hours."""
    from django.utils import timezone

    from zhitong.kernel.privacy import public as privacy

    for slug, count in privacy.tidy(at=timezone.now()).items():
        click.echo(f"{slug:24} {count:>8}")
