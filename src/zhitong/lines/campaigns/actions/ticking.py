"""Drives on the phone: a target ticked off, and a find, both entered without network and sent later."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from zhitong.base.errors import Overtaken, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import Entry

from ..models import Stage
from .finding import Find, find
from .moving import Said, move, note, working


def tick(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Move a target on, or only note.  What somebody else has done meanwhile is shown first; where both did the same, the words and photos
    are added to it."""
    said = entry.fields
    target = working(said["target"], by)
    wanted = Stage.objects.filter(drive=target.drive_id, name=said["stage"]).first() if said["stage"] else target.stage
    if wanted is None:
        raise Refused("no_stage", _("请选择下一个环节。"), "stage")
    now = target.stage
    if wanted.pk != now.pk and said["version"] != now.name:
        told = _("这个对象已由他人推进到“%(stage)s”，请核对后再办。") % {"stage": now}
        raise Overtaken("moved", told, version=now.name, fields={"stage": now.name})
    added = Said(text=said["text"], before=entry.photos, after=entry.after)
    if wanted.position > now.position:
        move(target.pk, wanted.pk, added, done_at=entry.done_at(at), by=by, at=at)
    elif clean(added.text) or added.before or added.after or not said["stage"]:
        note(target.pk, added, by=by, at=at)
    return {"target": str(target.pk)}


def found(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Put what is found on the spot on the list."""
    said = entry.fields
    is_here = said["lon"] is not None
    new = Find(
        key=entry.key, name=said["name"], sort=said["sort"], address=said["address"], lon=said["lon"], lat=said["lat"],
        division=None if is_here else said["grid"], note=said["text"], before=entry.photos, found_at=entry.done_at(at),
    )  # fmt: skip
    target, _is_new = find(said["drive"], new, by=by, at=at)
    return {"number": str(target.number)}
