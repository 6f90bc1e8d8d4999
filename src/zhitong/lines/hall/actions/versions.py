"""Draft, publish and withdraw versions.  What is published is never changed: a new version takes its place."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.moments import dated
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Delivery, VersionState
from ..models import Item, Material, Version
from ..permissions import demand_item
from ..queries import plain_materials, plain_version, problems_of
from ..rules import FIELDS, MATERIAL_FIELDS, MOST_DAYS
from .questions import condition, stored
from .writing import changed, fetched, put

MOST_MATERIALS = 60


class MaterialFields(TypedDict, total=False):
    """A material as it is given; the order of the list is the order of the guide."""

    name: str
    form: str
    copies: int
    condition: str
    needed_when: str
    is_deferrable: bool
    by_commitment: bool
    held_by: str


def start_draft(item_id: UUID, *, by: Actor, at: datetime) -> Version:
    """A draft that says what the newest version said.  ``Conflict`` while there is another draft."""
    with transaction.atomic():
        item = _item(item_id, by)
        newest = Version.objects.filter(item=item).prefetch_related("materials").order_by("-number").first()
        draft = Version(item=item, number=newest.number + 1 if newest else 1)
        if newest:
            changed(draft, plain_version(newest))
        put(draft)
        if newest:
            _write_materials(draft, plain_materials(newest.materials.all()))
        _told("hall.version.drafted", draft, by, at, {})
    return draft


def write_draft(
    version_id: UUID, fields: Mapping[str, Any], materials: Sequence[MaterialFields], *, by: Actor, at: datetime,
    seen: int | None = None,
) -> Version:  # fmt: skip
    """Replace what the draft says; ``fields`` are those of ``rules.FIELDS`` and ``questions``.

    ``seen`` is the revision that was edited: ``Conflict`` when somebody else has written since.
    """
    with transaction.atomic():
        draft = _version(version_id, by)
        _demand_draft(draft)
        if seen is not None and seen != draft.revision:
            raise Conflict("changed_meanwhile", _("草稿已被他人修改，请刷新后重新填写。"))
        before = plain_version(draft), plain_materials(draft.materials.all())
        changed(draft, {name: value for name, value in fields.items() if name in FIELDS})
        if "questions" in fields:
            draft.questions = stored(fields["questions"])
        _demand_sensible(draft)
        draft.revision += 1
        put(draft)
        draft.materials.all().delete()
        _write_materials(draft, materials)
        now = plain_version(draft), plain_materials(draft.materials.all())
        if now != before:
            _told("hall.version.written", draft, by, at, {"revision": draft.revision})
    return draft


def discard_draft(version_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take the draft away; what is published stays."""
    with transaction.atomic():
        draft = _version(version_id, by)
        _demand_draft(draft)
        _told("hall.version.discarded", draft, by, at, {})
        draft.delete()


def publish(version_id: UUID, *, effective_on: date, by: Actor, at: datetime) -> Version:
    """The draft counts from that day on; the version it follows ends there.

    Refused when something is missing, when the day is past, or not after the first day of the newest version.
    """
    with transaction.atomic():
        draft = _version(version_id, by)
        _demand_draft(draft)
        if problems := problems_of(draft):
            raise Refused("incomplete", _("还不能发布：%(what)s") % {"what": problems[0].message}, problems[0].field)
        _demand_day(effective_on, at)
        others = Version.objects.select_for_update().filter(item=draft.item_id).exclude(state=VersionState.DRAFT)
        newest = others.order_by("-number").first()
        if newest and newest.state == VersionState.PUBLISHED:
            _supersede(newest, effective_on)
        elif latest := others.aggregate(day=Max("ended_on"))["day"]:
            effective_on = max(effective_on, latest)
        draft.state, draft.effective_on, draft.published_at = VersionState.PUBLISHED, effective_on, at
        draft.save(update_fields=["state", "effective_on", "published_at"])
        _told("hall.version.published", draft, by, at, {"effective_on": effective_on.isoformat()})
    return draft


def withdraw(version_id: UUID, *, on: date, reason: str, by: Actor, at: datetime) -> Version:
    """The version ends on that day.  One that was to begin later never counts, and the one before it goes on."""
    reason = clean(reason)
    if not reason:
        raise Refused("no_reason", _("请填写停用原因。"), "reason")
    with transaction.atomic():
        version = _version(version_id, by)
        if version.state != VersionState.PUBLISHED or version.effective_on is None:
            raise Conflict("not_published", _("只能停用已发布的版本，请刷新后重试。"))
        if version.ended_on is not None:
            raise Conflict("superseded", _("该版本已由新版本接替，请停用新版本。"))
        _demand_day(on, at, "on")
        never = on <= version.effective_on
        version.state, version.reason = VersionState.WITHDRAWN, reason[:200]
        version.ended_on = version.effective_on if never else on
        version.save(update_fields=["state", "reason", "ended_on"])
        if never and version.effective_on > _today(at):
            _go_on(version)
        _told(
            "hall.version.withdrawn",
            version,
            by,
            at,
            {"ended_on": version.ended_on.isoformat(), "reason": reason[:200]},
        )
    return version


def _supersede(newest: Version, effective_on: date) -> None:
    if newest.effective_on is not None and effective_on <= newest.effective_on:
        message = _("生效日期须晚于上一版本的生效日期%(day)s。")
        raise Refused("not_after", message % {"day": dated(newest.effective_on, get_language())}, "effective_on")
    newest.ended_on = effective_on
    newest.save(update_fields=["ended_on"])


def _go_on(withdrawn: Version) -> None:
    """What the version would have ended goes on."""
    before = Version.objects.filter(
        item=withdrawn.item_id, state=VersionState.PUBLISHED, ended_on=withdrawn.effective_on
    ).first()
    if before:
        before.ended_on = None
        before.save(update_fields=["ended_on"])


def _today(at: datetime) -> date:
    return timezone.localdate(at)


def _demand_day(day: date, at: datetime, field: str = "effective_on") -> None:
    if day < _today(at):
        raise Refused("past_day", _("日期不能早于今天。"), field)


def _item(item_id: UUID, by: Actor) -> Item:
    item = fetched(Item, item_id)
    demand_item(by, item)
    return item


def _version(version_id: UUID, by: Actor) -> Version:
    """The version, with its item locked: two people cannot publish for one item at the same time."""
    version = fetched(Version, version_id)
    _item(version.item_id, by)
    return version


def _demand_draft(version: Version) -> None:
    if not version.is_draft:
        raise Conflict("not_a_draft", _("该版本已发布，不能修改；请另起一份草稿。"))


def _demand_sensible(draft: Version) -> None:
    for field in ("statutory_days", "promised_days"):
        if (getattr(draft, field) or 0) > MOST_DAYS:
            raise Refused("too_many_days", _("时限最多%(days)d个工作日。") % {"days": MOST_DAYS}, field)
    draft.delivery = [way for way in Delivery.values if way in draft.delivery]


def _write_materials(version: Version, materials: Sequence[Mapping[str, Any]]) -> None:
    if len(materials) > MOST_MATERIALS:
        raise Refused("too_many", _("材料最多%(n)d种，请合并。") % {"n": MOST_MATERIALS}, "materials")
    for position, given in enumerate(materials):
        row = Material(version=version, position=position)
        changed(row, {name: value for name, value in given.items() if name in ("name", *MATERIAL_FIELDS)})
        row.needed_when = condition(row.needed_when, "materials")
        put(row)


def _told(kind: str, version: Version, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    data = {"version": str(version.pk), "number": version.number, **data}
    record(kind, version.item_id, stream_kind="hall_item", at=at, by=by, data=data)
