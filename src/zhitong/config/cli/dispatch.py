"""Help for the dispatcher: what it learns from, how good it is.

``evaluate`` and ``hotspots`` work on files alone: no database, no keys.  The others call `setup` first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from pathlib import Path
from time import monotonic

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BAD = {
    "empty": "The file is empty.",
    "not_a_table": "A table with the columns id, title, submitted_at and body is wanted.",
    "old_excel": "Save the file as .xlsx or CSV.",
    "too_large": "The file is too large.",
    "broken": "Row {row} cannot be read, or a cell of it holds more than 200,000 characters.",
}


LABELLED = "A table with the columns category, and title or body, is wanted."


@contextmanager
def _readable(path: Path | None = None, wanted: str = BAD["not_a_table"]) -> Iterator[None]:
    """What is wrong with a file, in words."""
    from zhitong.base.tables import BadTable

    try:
        yield
    except BadTable as error:
        why = (BAD | {"not_a_table": wanted})[error.code].format(row=error.row)
        raise click.ClickException(f"{path}: {why}" if path else why) from error


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
    from zhitong.base.learning.model import Example

    def read(path: Path) -> list[Example]:
        with _readable(path, LABELLED):
            return read_labelled(path)

    try:
        found = evaluated((one for path in train for one in read(path)), read(test))
    except BadLabels as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"learned from {found.trained} messages in {found.seconds:.1f} s")
    click.echo(f"asked about {found.tested}, {found.milliseconds:.2f} ms each")
    for one in found.classes:
        click.echo(
            f"{one.label}\tn {one.cases}\tprecision {one.precision:.3f}\trecall {one.recall:.3f}\tf1 {one.f1:.3f}"
        )
    click.echo(f"macro_f1 {found.macro_f1:.4f}")


@dispatch.command()
@click.argument("file", type=FILE)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="How many to print.")
def hotspots(file: Path, top: int) -> None:
    """Print what most of the messages of FILE are about, the hottest first, as JSON lines.

    Columns: id, title, submitted_at, body; user, likes, against where there are any.  Heat is (people + root of support)
    x freshness x density, as docs/kernel/dispatch.md says.  How long it took stands on the error output.
    """
    from zhitong.base.likeness import hottest, read_messages

    began = monotonic()
    with _readable():
        messages = read_messages(file)
    for found in hottest(messages, top) if messages else ():
        click.echo(dumps(found, ensure_ascii=False))
    click.echo(f"{len(messages)} messages gathered in {monotonic() - began:.1f} s", err=True)


@dispatch.command()
@click.argument("file", type=FILE)
@click.argument("labels", type=FILE)
def duplicates(file: Path, labels: Path) -> None:
    """Say how well pairs of messages of FILE are told apart: LABELS has the columns one, other, same."""
    from zhitong.base.likeness import measured, read_messages

    with _readable():
        messages = read_messages(file)
    try:
        found = measured(messages, labels)
    except KeyError as error:
        raise click.ClickException(f"A message or a column that LABELS asks for is missing: {error}") from error
    click.echo(f"pairs {found.right + found.wrong + found.missed + found.rest}")
    click.echo(f"precision {found.precision:.4f}\nrecall {found.recall:.4f}")
    click.echo(f"found by the words of the later one, of those told rightly {found.met / max(found.right, 1):.4f}")


@dispatch.command()
@click.argument("file", type=FILE)
def replies(file: Path) -> None:
    """Say which replies of FILE may not answer: empty, off the question, copied from another one, late (30 days).

    Columns: id, title, submitted_at, body, reply, replied_at.  JSON lines with the id and the reason, then how many of each.
    """
    from collections import Counter

    from zhitong.base.likeness.files import read_replies
    from zhitong.base.likeness.replies import checked

    with _readable():
        rows = read_replies(file)
    found = checked(rows)
    for one in rows:
        for flag in found.get(one.asked.key, ()):
            told = {
                "id": one.asked.key,
                "kind": flag.kind,
                "of": flag.of,
                "days": round(flag.figure) if flag.kind == "late" else None,
            }
            click.echo(
                dumps({name: value for name, value in told.items() if value not in ("", None)}, ensure_ascii=False)
            )
    counted = Counter(flag.kind for flags in found.values() for flag in flags)
    click.echo(f"replies {len(rows)}")
    for kind in ("empty", "off", "copied", "late"):
        click.echo(f"{kind} {counted[kind]}")


@dispatch.command()
@click.argument("kind", default="appeal")
def train(kind: str) -> None:
    """Learn from the district's own closed matters of KIND (appeal), and use what was learned from now on."""
    from . import setup

    setup()
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.dispatch import public as d

    try:
        learned = d.train(kind, by=Actor.system("zhitong dispatch train"), at=timezone.now())
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    found = d.report_of(learned, d.use_of(kind).threshold)
    click.echo(f"learned {learned.categories} categories from {learned.cases} matters in {learned.seconds:.1f} s")
    click.echo(
        f"asked about the {found.n} latest: {found.right:.1%} right, by the categories' own words {found.by_words:.1%}"
    )
    precision = "-" if found.precision is None else f"{found.precision:.1%}"
    click.echo(
        f"at the threshold of {d.use_of(kind).threshold:.0%}: {found.coverage:.1%} decided, {precision} of them rightly"
    )
