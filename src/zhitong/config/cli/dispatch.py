"""Help for the dispatcher: what it learns from, how good it is.

``evaluate`` and ``hotspots`` work on files alone: no database, no keys.  The others call `setup` first.
"""

from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def dispatch() -> None:
    """Categories and organs suggested, hot spots found."""


@dispatch.command()
@click.option("--train", "train", type=FILE, multiple=True, required=True, help="Labelled messages; repeatable.")
@click.option("--test", "test", type=FILE, required=True, help="Labelled messages it has not seen.")
def evaluate(train: tuple[Path, ...], test: Path) -> None:
    """Learn from files, ask about another one, and say how well it went.

    Columns title, body, category; title or body may be missing.  The last line is the mean of F1 over all classes.
    """
    from zhitong.base.learning.labelled import BadLabels, evaluated, read_labelled
    from zhitong.base.tables import BadTable

    try:
        found = evaluated([one for path in train for one in read_labelled(path)], read_labelled(test))
    except (BadLabels, BadTable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"learned from {found.trained} messages in {found.seconds:.1f} s")
    click.echo(f"asked about {found.tested}, {found.milliseconds:.2f} ms each")
    for one in found.classes:
        click.echo(
            f"{one.label}\tn {one.cases}\tprecision {one.precision:.3f}\trecall {one.recall:.3f}\tf1 {one.f1:.3f}"
        )
    click.echo(f"macro_f1 {found.macro_f1:.4f}")
