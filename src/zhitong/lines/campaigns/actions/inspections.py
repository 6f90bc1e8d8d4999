"""Entries of inventories are inspected, and faults put right."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import Upload, put_file

from ..choices import Finding, Side
from ..models import Entry, Inspection, InspectionPhoto
from ..permissions import INSPECT
from .inventories import STREAM, next_look, own_entry
from .photos import demand_photos


@transaction.atomic
def inspect(
    entry_id: UUID, finding: str, text: str = "", *, due_on: date | None = None, photos: Sequence[Upload] = (), by: Actor,
    at: datetime,
) -> Inspection:  # fmt: skip
    """Write down a look at an entry.  A fault wants words and the day by which it is put right; the next look is a cycle later."""
    entry = own_entry(entry_id, by, INSPECT)
    if entry.gone_on is not None:
        raise Conflict("gone", _("已撤除的条目不再检查。"))
    if finding not in Finding.values:
        raise Refused("no_finding", _("请选择检查结果。"), "finding")
    today, said = timezone.localdate(at), clean(text)[:500]
    if finding == Finding.FAULT:
        if not said:
            raise Refused("no_text", _("请写明发现的问题。"), "text")
        if due_on is None or due_on < today:
            raise Refused("no_due", _("请填写整改期限，不早于今天。"), "due_on")
    demand_photos(photos, "photos")
    done = Inspection.objects.create(
        entry=entry, on=today, finding=finding, text=said, due_on=due_on if finding == Finding.FAULT else None,
        by_label=by.label, at=at,
    )  # fmt: skip
    _keep(done, Side.BEFORE, photos)
    entry.check_by, entry.changed_at = next_look(entry.inventory, today, today), at
    entry.save(update_fields=["check_by", "changed_at"])
    _log("campaigns.entry.inspected", entry, done, by, at)
    return done


@transaction.atomic
def settle(inspection_id: UUID, text: str, *, photos: Sequence[Upload] = (), by: Actor, at: datetime) -> Inspection:
    """A fault is put right; done twice it counts once."""
    found = Inspection.objects.filter(pk=inspection_id).first()
    if found is None:
        raise NotFound("no_inspection", _("没有这次检查。"))
    entry = own_entry(found.entry_id, by, INSPECT)
    done = Inspection.objects.get(pk=inspection_id)  # as it stands behind the lock
    if done.finding != Finding.FAULT:
        raise Conflict("no_fault", _("这次检查没有发现问题。"))
    if done.settled_on is not None:
        return done
    said = clean(text)[:500]
    if not said:
        raise Refused("no_text", _("请写明整改情况。"), "text")
    demand_photos(photos, "photos")
    done.settled_on, done.settled_text, done.settled_by = timezone.localdate(at), said, by.label
    done.save(update_fields=["settled_on", "settled_text", "settled_by"])
    _keep(done, Side.AFTER, photos)
    _log("campaigns.fault.settled", entry, done, by, at)
    return done


def _keep(done: Inspection, side: Side, uploads: Sequence[Upload]) -> None:
    for upload in uploads:
        photo = InspectionPhoto(inspection=done, side=side, media_type=upload.media_type, size=len(upload.content))
        put_file(photo.file, upload.content)
        photo.save(force_insert=True)


def _log(name: str, entry: Entry, done: Inspection, by: Actor, at: datetime) -> None:
    data = {"inventory": entry.inventory_id, "inspection": done.pk, "finding": done.finding}
    record(name, entry.pk, stream_kind=STREAM, at=at, by=by, data=data)
