"""Files of work orders: taken in, tried, begun, stopped, forgotten; and what their columns mean, under a name."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path, PurePath

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Datum, ImportState
from ..models import OrderImport, OrderMapping
from ..permissions import IMPORT
from ..rules.orders import BY_SLUG, LONGEST_SOURCE
from .importing import forget_file, start_over

FOLDER = "orders"
MOST_BYTES = 200 * 1024 * 1024
HOTLINE = "12345"
LIVE = (ImportState.WAITING, ImportState.RUNNING)


def receive_file(file: "File[bytes]", *, by: Actor, at: datetime) -> OrderImport:
    """Put a file that was sent into the store.  Nothing is read yet."""
    by.demand(IMPORT)
    name = clean(PurePath((file.name or "").replace("\\", "/")).name)[-200:] or "file"
    if (file.size or 0) > MOST_BYTES:
        raise Refused("too_large", _("文件不能超过200MB，请拆分后再导入。"), "file")
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    stored = default_storage.save(f"{FOLDER}/{uuid7()}", file)
    return OrderImport.objects.create(
        name=name, stored=stored, digest=digest.digest(), source=HOTLINE, account_id=by.account_id, by_label=by.label,
        created_at=at,
    )  # fmt: skip


def attended(
    path: Path, *, columns: Mapping[str, str], source: str, datum: str = Datum.WGS84, is_dry_run: bool = False,
    passes: Mapping[str, str] | None = None, by: Actor, at: datetime,
) -> OrderImport:  # fmt: skip
    """The import of a file that stays where it is, for somebody who waits for it: a new one, or the one of the same file that
    was broken off, which goes on behind the last row it has done."""
    by.demand(IMPORT)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    facts = {"source": checked_source(source), "datum": datum, "columns": [list(pair) for pair in columns.items()]}
    broken_off = OrderImport.objects.filter(
        digest=digest, is_attended=True, is_dry_run=False, state=ImportState.RUNNING
    )
    for run in broken_off.filter(**facts).order_by("-created_at"):
        if run.passes == passes and not is_dry_run:
            return run
    return OrderImport.objects.create(
        name=path.name[-200:], digest=digest, is_attended=True, is_dry_run=is_dry_run, state=ImportState.WAITING,
        by_label=by.label, created_at=at, passes=passes, **facts,
    )  # fmt: skip


@transaction.atomic
def begin(
    run: OrderImport, *, columns: Mapping[str, str], source: str, datum: str, is_dry_run: bool, by: Actor
) -> None:  # fmt: skip
    """Let the worker try the file, or import it.  Not while it is at work on it, nor once the file is gone."""
    by.demand(IMPORT)
    run.refresh_from_db(from_queryset=OrderImport.objects.select_for_update())
    if run.state in LIVE or not run.stored:
        raise Conflict("import_begun", _("该文件正在处理或已经导入。"))
    start_over(run)
    run.columns, run.source, run.datum = list(columns.items()), checked_source(source), datum
    run.is_dry_run, run.state, run.held_until = is_dry_run, ImportState.WAITING, None
    run.save()


@transaction.atomic
def stop(run: OrderImport, *, by: Actor, at: datetime) -> None:
    """Stop after the rows that are being done; what is opened stays opened."""
    by.demand(IMPORT)
    run.refresh_from_db(from_queryset=OrderImport.objects.select_for_update())
    if run.state in LIVE:
        run.state, run.finished_at = ImportState.STOPPED, at
        run.save(update_fields=["state", "finished_at"])


def discard(run: OrderImport, *, by: Actor) -> None:
    """Forget the file and the rows that were left out; how many there were is kept."""
    by.demand(IMPORT)
    with transaction.atomic():
        run.refresh_from_db(from_queryset=OrderImport.objects.select_for_update())
        if run.state in LIVE:
            raise Conflict("import_begun", _("该文件正在处理，请先停止。"))
        run.problems.all().delete()
        if run.state == ImportState.DRAFT or run.is_dry_run:
            stored, run.stored = run.stored, ""
            run.delete()
            if stored:
                transaction.on_commit(lambda: default_storage.delete(stored))
            return
    forget_file(run)


def old_imports(before: datetime) -> QuerySet[OrderImport]:
    """Imports sent before then that still have their file or rows that were left out."""
    old = OrderImport.objects.filter(created_at__lt=before).exclude(state__in=LIVE)
    return old.exclude(stored="", problems=None, unknown={}).distinct()


def forget_imports(*, before: datetime) -> int:
    """Remove files, rows that were left out and values that were not known; how many imports."""
    count = 0
    for run in old_imports(before):
        run.problems.all().delete()
        forget_file(run)
        OrderImport.objects.filter(pk=run.pk).update(unknown={})
        count += 1
    return count


def save_mapping(
    name: str, *, columns: Mapping[str, str], source: str, datum: str = Datum.WGS84, by: Actor, at: datetime
) -> OrderMapping:  # fmt: skip
    """Keep what the columns mean under a name; the name's former meaning is replaced."""
    by.demand(IMPORT)
    name = clean(name)
    if not name or len(name) > 40:
        raise Refused("mapping_name", _("请填写名称，最多40个字。"), "name")
    if unknown := sorted({slug for slug in columns.values() if slug not in BY_SLUG}):
        raise Refused("unknown_field", _("没有“%(fields)s”这个字段。") % {"fields": "、".join(unknown)}, "columns")
    facts = {"columns": list(columns.items()), "source": checked_source(source), "datum": datum}
    with transaction.atomic():
        row, _made = OrderMapping.objects.update_or_create(name=name, defaults=facts | {"changed_at": at})
        record("appeals.mapping_saved", row.pk, stream_kind="order_mapping", at=at, by=by, data={"name": name, **facts})
    return row


def checked_source(source: str) -> str:
    """The hotline's short name, as it stands in the key of each of its orders."""
    source = clean(source)
    if not source or len(source) > LONGEST_SOURCE or ":" in source:
        raise Refused("bad_source", _("来源代号请用1到30个字，不含冒号。"), "source")
    return source


def pairs(given: Iterable[str]) -> dict[str, str]:
    """``column=field`` as it is typed; Refused names the one that is neither."""
    found = {}
    for text in given:
        heading, sign, slug = text.rpartition("=")
        if not sign or not heading.strip():
            raise Refused("bad_pair", _("“%(text)s”应写成“列名=字段”。") % {"text": text})
        found[" ".join(heading.split())] = slug.strip()
    return found
