"""Taking tables of homes over, a portion of rows at a time: each row as a whole or left out with a reason, each portion in one
transaction with the note of how far it is, so that whoever goes on after a crash takes nothing twice and leaves nothing out."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.readings import Reading, Readings
from zhitong.base.sheets import Column, read_header
from zhitong.base.tables import BadTable, Row, Table
from zhitong.base.text import in_language
from zhitong.kernel.accounts.public import Actor, actor_for
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import RowError, read_row, refused_table

from ..choices import ImportState
from ..models import HomesImport
from ..rules.home_sheet import DEGREES, HOMES, WHOLE
from .home_bulk import take_together
from .home_rows import Taking, take_row

PORTION = 500  # rows; a unit's are not torn apart
MOST_TOLD = 1000  # rows that were left out
MOST_ROWS = 600_000
COLUMN_OF = {  # by the code of what was refused, where the register calls a part otherwise than the table
    "home_kind": "building_kind", "home_name": "building", "home_division_id": "division", "not_your_division": "division",
    "building_taken": "building", "household_kind": "household_kind", "home_day": "since", "residence_once": "name",
    "tag_purpose": "purpose", "tag_until": "until",
}  # fmt: skip


@dataclass(kw_only=True)
class _Reading(Reading):
    """A file that this process has open, and the row that was read too far."""

    columns: dict[int, Column]
    ahead: Row | None = None
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)


def _begun(table: Table) -> _Reading:
    columns, missing = read_header(HOMES, table.headings)
    if missing:
        names = "、".join(_label(column) for column in missing)
        raise Refused("no_column", _("表头缺少这些列：%(columns)s。请使用下载的模板。") % {"columns": names}, "file")
    return _Reading(table=table, columns=columns)


_readings = Readings(_begun)
close = _readings.close


def import_portion(
    run_id: UUID, *, at: datetime, by: Actor | None = None, path: Path | None = None, most: int = PORTION
) -> HomesImport | None:
    """Take the next rows of an import that waits or runs; how it stands then, None while another process is at it.

    ``by`` whoever sent it, where it is not given; ``path`` is the file where it is not in the store.
    """
    with transaction.atomic():
        run = HomesImport.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None:
            return None
        if not run.is_live:
            close(run_id)
            return run
        with translation.override(run.language or None):
            _take(run, by or _sender(run), at, path, most)
        run.save()
    if run.state == ImportState.DONE and not run.is_dry_run:
        forget_file(run)
    return run


def _sender(run: HomesImport) -> Actor:
    return Actor.system(run.by_label) if run.account is None else actor_for(run.account)


def _take(run: HomesImport, by: Actor, at: datetime, path: Path | None, most: int) -> None:
    run.state = ImportState.RUNNING
    try:
        reading = _opened(run, path)
        rows = _portion(reading, most)
        with transaction.atomic():
            _take_rows(run, Taking(by, at), reading, rows)
            transaction.set_rollback(run.is_dry_run)
    except (BadTable, Refused) as error:
        refused = refused_table(error) if isinstance(error, BadTable) else error
        run.state, run.failure = ImportState.FAILED, str(refused.message)[:300]
    except BaseException:
        close(run.pk)
        raise
    else:
        if rows:
            run.position = reading.position = rows[-1][0]
        if reading.ahead is None and len(rows) < most:
            run.state = ImportState.DONE
    if run.state != ImportState.RUNNING:
        _finish(run, by, at)


def _opened(run: HomesImport, path: Path | None) -> _Reading:
    """The file, open and behind the row up to which it is done.  A trial that was broken off begins anew."""
    if run.is_dry_run and run.position and not _readings.stands(run.pk, run.position):
        start_over(run)
    try:
        return _readings.behind(run.pk, run.position, path or Path(default_storage.path(run.stored)))
    except FileNotFoundError as error:
        raise Refused("no_file", _("文件已不存在，请重新上传。"), "file") from error


def _portion(reading: _Reading, most: int) -> list[Row]:
    """The next rows, up to the last of a unit: a trial, which keeps nothing, must see a household whole."""
    places = {column.key: at for at, column in reading.columns.items()}
    door = [places[key] for key in ("division", "building", "entrance", "number") if key in places]
    rows: list[Row] = [reading.ahead] if reading.ahead else []
    reading.ahead = None
    for row in reading.table.rows:
        if len(rows) >= most and [row[1][at] for at in door] != [rows[-1][1][at] for at in door]:
            reading.ahead = row
            break
        rows.append(row)
    return rows


def _take_rows(run: HomesImport, taking: Taking, reading: _Reading, rows: list[Row]) -> None:
    if run.rows + len(rows) > MOST_ROWS:
        raise BadTable("too_large")
    wrong: dict[int, list[RowError]] = {}
    said: dict[int, dict[str, Any]] = {}
    for number, cells in rows:
        values, errors = read_row(number, cells, reading.columns)
        errors += _numbers(number, values) or _twice(reading, number, values)
        if errors:
            wrong[number] = errors
        else:
            said[number] = values
    done = take_together(taking, said)
    for number, values in said.items():
        if number in done:
            _count(run, done[number])
        elif errors := _row(run, taking, number, values):
            wrong[number] = errors
    for _number, errors in sorted(wrong.items()):
        left = MOST_TOLD - len(run.errors)
        run.errors += [[one.row, one.column, one.message] for one in errors[: max(left, 0)]]
    run.wrong += len(wrong)
    run.rows += len(rows)


def _row(run: HomesImport, taking: Taking, number: int, values: dict[str, Any]) -> list[RowError]:
    try:
        with transaction.atomic():
            outcome = take_row(taking, values)
    except Refused as error:
        key = COLUMN_OF.get(error.code) or error.field or ""
        column = next((one for one in HOMES.columns if one.key == key), None)
        return [RowError(number, _label(column) if column else "", str(error.message))]
    _count(run, outcome)
    return []


def _count(run: HomesImport, outcome: str) -> None:
    setattr(run, outcome, getattr(run, outcome) + 1)


def _numbers(number: int, values: dict[str, Any]) -> list[RowError]:
    """Whole numbers and degrees, read from the text of their cells; what is empty is None."""
    errors = []
    for key in (WHOLE | DEGREES) & set(values):
        text = values[key]
        try:
            values[key] = None if text == "" else int(text) if key in WHOLE else float(text)
        except ValueError:
            errors.append(RowError(number, _label(HOMES.column(key)), _("请填写数字。")))
    return errors


def _twice(reading: _Reading, number: int, values: dict[str, Any]) -> list[RowError]:
    """The same citizen id for two names in one file."""
    citizen_id, name = values.get("citizen_id", ""), values.get("name", "")
    if not citizen_id:
        return []
    row, first = reading.seen.setdefault(citizen_id, (number, name))
    if first == name:
        return []
    words = _("与第%(row)d行的身份证号相同，姓名不同。") % {"row": row}
    return [RowError(number, _label(HOMES.column("citizen_id")), words)]


def _label(column: Column) -> str:
    return in_language(column.label, column.label_en, translation.get_language())


def _finish(run: HomesImport, by: Actor, at: datetime) -> None:
    run.finished_at = at
    close(run.pk)
    if run.is_dry_run or run.state != ImportState.DONE:
        return
    facts: dict[str, Any] = {name: getattr(run, name) for name in ("rows", "created", "changed", "unchanged", "wrong")}
    facts["digest"] = bytes(run.digest).hex()
    record("homes.imported", run.pk, stream_kind="homes_import", at=at, by=by, data=facts)


def start_over(run: HomesImport) -> None:
    """As if it had never begun: for a trial, and for the import after it."""
    run.position = run.rows = run.created = run.changed = run.unchanged = run.wrong = 0
    run.errors, run.failure, run.finished_at = [], "", None


def forget_file(run: HomesImport) -> None:
    """Remove the file from the store; how it went stays."""
    if run.stored:
        default_storage.delete(run.stored)
        HomesImport.objects.filter(pk=run.pk).update(stored="")
        run.stored = ""
