"""Importing work orders: batch by batch, each row's outcome in one transaction with the row up to which it is done."""

import os
import secrets
import socket
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.readings import Reading, Readings
from zhitong.base.tables import BadTable, Row
from zhitong.kernel.accounts.public import Actor, Granted, actor_for
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import refused_table

from ..choices import ImportState
from ..models import OrderImport, OrderProblem
from ..permissions import IMPORT
from ..queries.orders import Read, Reader
from ..queries.problems import seal_cells
from ..rules.orders import placed
from .passing import passing

BATCH = 1000
HELD = timedelta(seconds=30)
MOST_UNKNOWN = 200  # different ones that are told
ME = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(kw_only=True)
class _Reading(Reading):
    """A file that this process has open, and what a trial has seen of it."""

    seen: dict[str, int] = field(default_factory=dict)


_readings = Readings(lambda table: _Reading(table=table))
close = _readings.close


def importer(by: Actor) -> Actor:
    """Whoever may import may register what is in the file."""
    if by.is_system:
        return by
    by.demand(IMPORT)
    return replace(by, grants=(*by.grants, Granted(frozenset({"appeals.register"}))))


def import_batch(run_id: UUID, *, at: datetime, path: Path | None = None, most: int = BATCH) -> OrderImport:
    """Take the next rows of a waiting or running import; the import as it stands then.

    May be called by any process at any time: whoever holds the import goes on, others leave it alone until the holder has been
    silent for half a minute.  ``path`` is the file where it is not in the store.
    """
    with transaction.atomic():
        run = OrderImport.objects.select_for_update().get(pk=run_id)
        if not take(run, at):
            close(run_id)
            return run
        rows: list[Row] = []
        try:
            with transaction.atomic():
                reading = opened_file(run, path)
                rows = list(islice(reading.table.rows, most))
                _enter(run, _done(run, rows, reading.seen if run.is_dry_run else {}, at))
                run.position = reading.position = rows[-1][0] if rows else run.position
        except BadTable as error:
            fail(run, str(refused_table(error)))
        except Refused as refused:
            fail(run, str(refused))
        except BaseException:
            close(run_id)
            raise
        end(run, at, is_whole=len(rows) < most)
    if run.state == ImportState.DONE and not run.is_dry_run:
        forget_file(run)
    return run


def import_part(run_id: UUID, after: int, rows: Sequence[Row], *, at: datetime) -> None:
    """Take ``rows``, which come behind the row ``after``, while others are at work on other parts of the same file.

    Does not wait for the disk: nobody is told that a part is done before the file is, and the commit that says so reaches the
    disk after those of the parts.  Where the database dies in between, the rows go with the note of them, and are taken again.
    """
    try:
        with transaction.atomic():
            _do_not_wait_for_the_disk()
            outcome = _done(OrderImport.objects.get(pk=run_id), rows, {}, at)
            run = OrderImport.objects.select_for_update().get(pk=run_id)
            _enter(run, outcome)
            run.ahead.append([after, rows[-1][0]])
            while part := next((one for one in run.ahead if one[0] == run.position), None):
                run.ahead.remove(part)
                run.position = part[1]
            run.save()
    except Refused as refused:
        with transaction.atomic():
            run = OrderImport.objects.select_for_update().get(pk=run_id)
            fail(run, str(refused))
            run.save()


def _do_not_wait_for_the_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def end(run: OrderImport, at: datetime, *, is_whole: bool) -> None:
    """Write down how it stands; where everything was read, and nothing came between, it is done."""
    if run.state == ImportState.RUNNING and is_whole:
        _finish(run, at)
    if run.state != ImportState.RUNNING:
        run.finished_at, run.held_until = at, None
        close(run.pk)
    run.save()


def take(run: OrderImport, at: datetime) -> bool:
    """Whether this process is to go on with it."""
    if run.state not in (ImportState.WAITING, ImportState.RUNNING):
        return False
    # A holder's promise that lies further ahead than it was ever given was made by a clock that was wrong.
    is_held = run.held_until is not None and at < run.held_until <= at + HELD
    if run.held_by != ME and is_held and not run.is_attended:
        return False
    run.state, run.held_by, run.held_until = ImportState.RUNNING, ME, at + HELD
    return True


def opened_file(run: OrderImport, path: Path | None) -> _Reading:
    """The file, open and behind the row up to which it is done.  A trial that was broken off begins anew."""
    if run.is_dry_run and run.position and not _readings.stands(run.pk, run.position):
        start_over(run)
    done, ahead = run.position, list(run.ahead)
    stored = path or Path(default_storage.path(run.stored))
    reading = _readings.behind(run.pk, done, stored, lambda row: _is_left(row, done, ahead))
    run.headings = reading.table.headings
    return reading


def _is_left(row: int, done: int, ahead: Sequence[tuple[int, int]]) -> bool:
    return row > done and not any(after < row <= last for after, last in ahead)


@dataclass(slots=True)
class _Outcome:
    """How the rows of a batch went: all of them, those that were new, what nobody knew, how many were passed on."""

    read: Sequence[Read]
    fresh: Sequence[Read]
    unknown: Counter[tuple[str, str]]
    passed: int = 0


def _done(run: OrderImport, rows: Sequence[Row], seen: dict[str, int], at: datetime) -> _Outcome:
    """Open what is new of the rows; ``seen`` are the orders of the file so far, for a trial."""
    columns = placed(run.headings, dict(run.columns))
    read = Reader(columns, run.source, run.datum, at).read(rows)
    unknown = Counter[tuple[str, str]]()
    for one in read:
        unknown.update((slug, text) for slug, text in one.unknown.items() if one.refused is None)
    fresh, ids = _sorted_out([one for one in read if one.opening], seen)
    outcome = _Outcome(read, fresh, unknown)
    if run.is_dry_run:
        return outcome
    by = Actor.system(run.by_label) if run.account is None else importer(actor_for(run.account))
    ids |= _opened(fresh, by, at)
    if run.passes is not None:
        good = [one.opening for one in read if one.opening and not one.refused]
        outcome.passed = passing(ids, good, run.passes, by, at)
    return outcome


def _enter(run: OrderImport, outcome: _Outcome) -> None:
    """Add it to what is known of the import."""
    good, fresh = (sum(one.refused is None for one in some) for some in (outcome.read, outcome.fresh))
    _note(run, [one for one in outcome.read if one.refused])
    run.rows += len(outcome.read)
    run.known += good - fresh
    run.opened += fresh
    run.passed += outcome.passed
    _tell(run, outcome.unknown)


def _sorted_out(read: Sequence[Read], seen: dict[str, int]) -> tuple[list[Read], dict[str, UUID]]:
    """Those that are new; the matters of those that are known.  The same number with other words is refused: it is another
    order, or was changed where it came from, and must not be lost in silence."""
    there = m.opened_under([_key(one) for one in read])
    fresh: list[Read] = []
    for one in read:
        assert one.opening is not None
        key, said = one.opening.key, hash(one.opening.text)
        if key in there:
            if there[key].text != one.opening.text:
                one.refused = Refused(
                    "other_order", _("该编号的工单已于此前导入，内容与本行不同，原件未改动。"), "number"
                )
        elif key not in seen:
            seen[key] = said
            fresh.append(one)
        elif seen[key] != said:
            one.refused = Refused("number_twice", _("工单编号在文件中重复，且内容不同。"), "number")
    return fresh, {key: matter.pk for key, matter in there.items()}


def _key(one: Read) -> str:
    assert one.opening is not None
    return one.opening.key


def _opened(read: Sequence[Read], by: Actor, at: datetime) -> dict[str, UUID]:
    """All at once; where one is refused, it is left out and the others are tried again."""
    left = list(read)
    while left:
        try:
            opened = m.open_many([one.opening for one in left if one.opening], by=by, at=at)
        except Refused as refused:
            _blame(left, refused)
            left = [one for one in left if one.refused is None]
        else:
            return {_key(one): done.matter_id for one, done in zip(left, opened, strict=True)}
    return {}


def _blame(left: Sequence[Read], refused: Refused) -> None:
    """Say of the row that was refused why; all are refused where it is nobody's in particular, as a missing permission is."""
    index = getattr(refused, "index", None)
    if index is None and refused.status != 409:
        raise refused
    if index is not None:
        left[index].refused = refused
        return
    # Somebody opens one of them at this moment: which one is seen by looking again.
    there = m.opened_under([_key(one) for one in left])
    for one in left:
        if _key(one) in there:
            one.refused = refused
    if all(one.refused is None for one in left):
        raise refused


def _note(run: OrderImport, wrong: Iterable[Read]) -> None:
    rows = [
        OrderProblem(id=uuid7(), run=run, row=one.row, field=one.refused.field or "", reason=str(one.refused)[:300],
                     sealed=seal_cells(one.cells))
        for one in wrong if one.refused
    ]  # fmt: skip
    OrderProblem.objects.bulk_create(rows)
    run.wrong += len(rows)


def _tell(run: OrderImport, unknown: Mapping[tuple[str, str], int]) -> None:
    for (slug, text), count in unknown.items():
        told = run.unknown.setdefault(slug, {})
        if text in told or len(told) < MOST_UNKNOWN:
            told[text] = told.get(text, 0) + count


def fail(run: OrderImport, why: str) -> None:
    run.state, run.failure = ImportState.FAILED, why[:300]


def _finish(run: OrderImport, at: datetime) -> None:
    run.state, run.total, run.ahead = ImportState.DONE, run.rows, []
    if run.is_dry_run:
        return
    by = Actor.system(run.by_label) if run.account is None else actor_for(run.account)
    facts = {name: getattr(run, name) for name in ("source", "rows", "opened", "known", "passed", "wrong")}
    facts["digest"] = bytes(run.digest).hex()
    record("appeals.imported", run.pk, stream_kind="order_import", at=at, by=by, data=facts)


def start_over(run: OrderImport) -> None:
    """As if it had never begun: for a trial, and for the import after it."""
    run.problems.all().delete()
    run.position = run.rows = run.opened = run.known = run.passed = run.wrong = 0
    run.unknown, run.ahead, run.failure, run.finished_at = {}, [], "", None


def forget_file(run: OrderImport) -> None:
    """Remove the file from the store; the rows that were left out stay, sealed."""
    if run.stored:
        default_storage.delete(run.stored)
        OrderImport.objects.filter(pk=run.pk).update(stored="")
        run.stored = ""
