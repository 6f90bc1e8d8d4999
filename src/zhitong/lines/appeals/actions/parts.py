"""A long file by several processes at once: this one reads, the others open, each part in a transaction of its own."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from uuid import UUID

import django
from django.db import transaction
from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.base.processes import pool
from zhitong.base.tables import BadTable, Row
from zhitong.kernel.organisation.public import refused_table

from ..choices import ImportState
from ..models import OrderImport
from .importing import BATCH, close, end, fail, import_part, opened_file, take

WAITING = 2  # parts for each process that lie ready


def import_together(
    run_id: UUID, path: Path, *, processes: int, most: int = BATCH, told: Callable[[OrderImport], object] = id
) -> OrderImport:
    """Take all that is left of an import that somebody waits for; the import as it stands then.

    ``told`` is called with it as it goes on.  May be stopped at any moment, and gone on with by this or by ``import_batch``:
    every part is written with its rows, whichever is done first.
    """
    try:
        with pool(processes, django.setup) as openers:

            def submit(after: int, rows: list[Row]) -> "Future[None]":
                return openers.submit(_part, run_id, after, rows)

            _hand_out(run_id, path, submit, processes * WAITING, most, told)
    finally:
        close(run_id)
    return OrderImport.objects.get(pk=run_id)


def _hand_out(
    run_id: UUID, path: Path, submit: Callable[[int, list[Row]], "Future[None]"], ready: int, most: int,
    told: Callable[[OrderImport], object],
) -> None:  # fmt: skip
    run, why = _held(run_id), ""
    waiting: deque[Future[None]] = deque()
    is_whole = False
    try:
        reading = opened_file(run, path)
        run.save(update_fields=["headings"])
        after = run.position
        while run.state == ImportState.RUNNING and not is_whole:
            if rows := list(islice(reading.table.rows, most)):
                waiting.append(submit(after, rows))
                after = rows[-1][0]
            is_whole = len(rows) < most
            if len(waiting) == ready:
                waiting.popleft().result()
                told(run := _held(run_id))
    except BadTable as error:
        why = str(refused_table(error))
    except Refused as refused:
        why = str(refused)
    for one in waiting:
        one.result()
    with transaction.atomic():
        run = OrderImport.objects.select_for_update().get(pk=run_id)
        if why and run.state == ImportState.RUNNING:
            fail(run, why)
        end(run, timezone.now(), is_whole=is_whole)


def _held(run_id: UUID) -> OrderImport:
    """The import as it stands; it is ours for another while, unless somebody has stopped it."""
    with transaction.atomic():
        run = OrderImport.objects.select_for_update().get(pk=run_id)
        if take(run, timezone.now()):
            run.save(update_fields=["state", "held_by", "held_until"])
        return run


def _part(run_id: UUID, after: int, rows: list[Row]) -> None:
    import_part(run_id, after, rows, at=timezone.now())
