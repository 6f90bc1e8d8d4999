"""Tables of homes: taken in, tried, begun, stopped, forgotten."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..choices import ImportState
from ..models import HomesImport
from ..permissions import MANAGE_HOMES
from .home_import import close, forget_file, import_portion, start_over

FOLDER = "homes"
MOST_BYTES = 100 * 1024 * 1024
KEPT = timedelta(days=7)
LIVE = (ImportState.WAITING, ImportState.RUNNING)


def receive_homes(file: "File[bytes]", *, by: Actor, at: datetime) -> HomesImport:
    """Put a table that was sent into the store, to be tried by the worker.  Needs ``register.manage_homes``."""
    by.demand(MANAGE_HOMES)
    name = clean(PurePath((file.name or "").replace("\\", "/")).name)[-200:] or "file"
    if (file.size or 0) > MOST_BYTES:
        raise Refused("too_large", _("文件不能超过100MB，请拆分后再导入。"), "file")
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    stored = default_storage.save(f"{FOLDER}/{uuid7()}", file)
    return HomesImport.objects.create(
        name=name, stored=stored, digest=digest.digest(), language=get_language() or "", account_id=by.account_id, by_label=by.label,
        created_at=at,
    )  # fmt: skip


@transaction.atomic
def begin_import(run_id: UUID, *, is_dry_run: bool, by: Actor) -> HomesImport:
    """Let the worker try the file, or take it over, from its first row.  ``Conflict`` while it is at it, and once the file is gone."""
    run = _held(run_id, by)
    if not run.can_be_begun:
        raise Conflict("import_begun", _("该文件正在处理或已经导入。"))
    start_over(run)
    run.is_dry_run, run.state = is_dry_run, ImportState.WAITING
    run.save()
    return run


@transaction.atomic
def stop_import(run_id: UUID, *, by: Actor, at: datetime) -> HomesImport:
    """Stop after the rows that are being taken; what is registered stays."""
    run = _held(run_id, by)
    if run.is_live:
        run.state, run.finished_at = ImportState.STOPPED, at
        run.save(update_fields=["state", "finished_at"])
    return run


def forget_imports(*, before: datetime) -> int:
    """Remove the files of imports that nobody went on with since then; how many."""
    rows = HomesImport.objects.filter(created_at__lt=before - KEPT).exclude(stored="").exclude(state__in=LIVE)
    runs = list(rows.order_by("created_at")[:500])
    for run in runs:
        forget_file(run)
    return len(runs)


def import_homes(path: Path, *, by: Actor, at: datetime, dry_run: bool = False) -> HomesImport:
    """The whole of a table, for somebody who waits for it: how it went.  The same file again goes on where it was broken off."""
    by.demand(MANAGE_HOMES)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    same = HomesImport.objects.filter(digest=digest, stored="", is_dry_run=False, state=ImportState.RUNNING)
    run = None if dry_run else same.order_by("-created_at").first()
    if run is None:
        run = HomesImport.objects.create(
            name=path.name[-200:], digest=digest, language=get_language() or "", is_dry_run=dry_run, account_id=by.account_id,
            by_label=by.label, created_at=at,
        )  # fmt: skip
    try:
        while run is not None and run.is_live:
            run = import_portion(run.pk, by=by, at=at, path=path)
    finally:
        if run is not None:
            close(run.pk)
    if run is None:
        raise Conflict("import_begun", _("该文件正在处理或已经导入。"))
    return run


def _held(run_id: UUID, by: Actor) -> HomesImport:
    by.demand(MANAGE_HOMES)
    run = HomesImport.objects.select_for_update().filter(pk=run_id, account=by.account_id).first()
    if run is None or by.account_id is None:
        raise NotFound("no_import", _("没有这次导入。"))
    return run
