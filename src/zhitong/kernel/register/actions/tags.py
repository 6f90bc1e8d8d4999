"""Tags: their kinds, put on and taken off, and ended when their day has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, Happening, Telling, notify_many, record, record_many

from ..choices import TagSubject
from ..models import Firm, Household, Person, Residence, Tag, TagKind, Unit
from ..permissions import MANAGE_FIRMS, MANAGE_HOMES, TAG_KINDS, reach
from ..rules.homes import LONGEST_TAG_DAYS, tag_end

SUBJECTS: dict[str, Any] = {"person": Person, "household": Household, "unit": Unit, "firm": Firm}
BATCH = 500
OVER = "register.tags_over"
_SYSTEM = _("没有登记这一条，可能已被删除。")


@transaction.atomic
def keep_tag_kind(
    *, by: Actor, at: datetime, name: str, subject: str, purpose: str, days: int = 365, name_en: str = "",
    is_in_use: bool = True, kind_id: UUID | None = None,
) -> TagKind:  # fmt: skip
    """A new kind of tag, or other facts of one; the subject of a kind stays.  Needs ``register.tag_kinds`` everywhere.

    Raises ``Refused`` naming the wrong part, ``Conflict`` for a name that is taken.
    """
    by.demand_everywhere(TAG_KINDS)
    facts: dict[str, Any] = {
        "name": clean(name), "name_en": clean(name_en), "purpose": clean(purpose), "days": days, "is_in_use": is_in_use,
    }  # fmt: skip
    _check_kind(facts, subject)
    row = TagKind.objects.select_for_update().filter(pk=kind_id).first() if kind_id else TagKind(subject=subject)
    if row is None:
        raise NotFound("no_tag_kind", _("没有这种标签。"))
    for part, value in facts.items():
        setattr(row, part, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("tag_kind_taken", _("已有同名的标签，请换一个名称。"), "name") from error
    record("tag_kind.kept", row.pk, stream_kind="tag_kind", at=at, by=by, data={"name": row.name, "days": days})
    return row


def _check_kind(facts: dict[str, Any], subject: str) -> None:
    wrong = {
        "name": not 0 < len(facts["name"]) <= 40 or len(facts["name_en"]) > 80,
        "subject": subject not in TagSubject.values,
        "purpose": not 0 < len(facts["purpose"]) <= 200,
        "days": not 0 < facts["days"] <= LONGEST_TAG_DAYS,
    }
    words = {
        "name": _("请填写标签名称，40个字以内。"), "subject": _("请选择标注对象。"), "purpose": _("请写明目的和依据，200个字以内。"),
        "days": _("有效天数应在1到1098之间。"),
    }  # fmt: skip
    if first := next((part for part, is_wrong in wrong.items() if is_wrong), None):
        raise Refused(f"tag_kind_{first}", words[first], first)


@transaction.atomic
def put_tag(
    kind_id: UUID, subject_id: UUID, *, purpose: str, by: Actor, at: datetime, until: date | None = None
) -> Tag:
    """A tag on what its kind is for, until a day (not later than three years), else for as long as the kind holds.

    A tag that is on already is given the new purpose and end.  Needs ``register.manage_homes`` where the thing is, for firms
    ``register.manage_firms``.  Raises ``Refused`` naming the wrong part.
    """
    kind = TagKind.objects.filter(pk=kind_id, is_in_use=True).first()
    if kind is None:
        raise NotFound("no_tag_kind", _("没有这种标签。"))
    demand_subject(kind.subject, subject_id, by)
    since, facts = timezone.localdate(at), tag_facts(kind, purpose, until, by=by, at=at)
    there = {"kind": kind, kind.subject: SUBJECTS[kind.subject](pk=subject_id)}
    tag = Tag.objects.select_for_update().filter(kind=kind, ended_at=None, **{f"{kind.subject}_id": subject_id}).first()
    if tag is None:
        tag = Tag.objects.create(since=since, created_at=at, **there, **facts)
    else:
        Tag.objects.filter(pk=tag.pk).update(**facts)
        tag.refresh_from_db()
    data = {"tag": kind.name, "until": facts["until"]}
    record("tag.put", subject_id, stream_kind=kind.subject, at=at, by=by, data=data)
    return tag


def tag_facts(kind: TagKind, purpose: str, until: date | None, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Why a tag is put on, until when and by whom; raises ``Refused`` naming the wrong part."""
    since, purpose = timezone.localdate(at), clean(purpose)
    end = tag_end(since, kind.days, until)
    if not 0 < len(purpose) <= 200:
        raise Refused("tag_purpose", _("请写明标注原因，200个字以内。"), "purpose")
    if not 0 < (end - since).days <= LONGEST_TAG_DAYS:
        raise Refused("tag_until", _("到期日期应在今天之后、三年之内。"), "until")
    return {"purpose": purpose, "until": end, "by_label": by.label}


@transaction.atomic
def end_tag(tag_id: UUID, *, by: Actor, at: datetime) -> Tag:
    """Take a tag off; one that is off stays so."""
    tag = Tag.objects.select_for_update(of=("self",)).select_related("kind").filter(pk=tag_id).first()
    if tag is None:
        raise NotFound("no_tag", _SYSTEM)
    subject = UUID(str(tag.subject_id))
    demand_subject(tag.kind.subject, subject, by)
    if tag.ended_at is None:
        tag.ended_at = at
        tag.save(update_fields=["ended_at"])
        record("tag.ended", subject, stream_kind=tag.kind.subject, at=at, by=by, data={"tag": tag.kind.name})
    return tag


@transaction.atomic
def end_tags_past(on: date, *, by: Actor, at: datetime) -> int:
    """Take off what ends on that day or ended before; how many, at most a batch.  Whoever put them on is told."""
    rows = Tag.objects.filter(ended_at=None, until__lte=on).select_related("kind").order_by("until", "id")
    some = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    Tag.objects.filter(pk__in=[tag.pk for tag in some]).update(ended_at=at)
    ended = record_many([
        Happening("tag.ended", UUID(str(tag.subject_id)), tag.kind.subject, at, by, {"tag": tag.kind.name})
        for tag in some
    ])  # fmt: skip
    _tell(some, ended)
    return len(some)


def _tell(tags: Sequence[Tag], ended: Sequence[Happening]) -> None:
    """Whoever put them on, in the application: one message a kind."""
    things = [UUID(str(tag.subject_id)) for tag in tags]
    put = Event.objects.filter(stream__in=things, kind="tag.put", by_account__isnull=False).order_by("seq")
    last = {(stream, data["tag"]): account for stream, data, account in put.values_list("stream", "data", "by_account")}
    told: dict[tuple[UUID, UUID], list[int]] = {}
    for place, tag in enumerate(tags):
        if account := last.get((things[place], tag.kind.name)):
            told.setdefault((account, tag.kind_id), []).append(place)
    notify_many([
        Telling(
            ended[places[0]].id, kind_id, OVER, "in_app", to_account=account,
            context={"tag": tags[places[0]].kind.name, "count": len(places)},
        )
        for (account, kind_id), places in told.items()
    ])  # fmt: skip


def demand_subject(subject: str, subject_id: UUID, by: Actor) -> None:
    """Raise unless ``by`` keeps the register of this thing: NotFound where there is none, NotAllowed where it is not theirs."""
    if subject == TagSubject.FIRM:
        by.demand(MANAGE_FIRMS)
        if not Firm.objects.filter(pk=subject_id).exists():
            raise NotFound("no_entry", _SYSTEM)
        return
    by.demand(MANAGE_HOMES)
    if not SUBJECTS[subject].objects.filter(pk=subject_id).exists():
        raise NotFound("no_entry", _SYSTEM)
    reached = reach(by, MANAGE_HOMES)
    if reached is not None and reached.isdisjoint(_divisions(subject, subject_id)):
        raise NotAllowed("not_your_division", _("此处不在您负责的区划内。"))


def _divisions(subject: str, subject_id: UUID) -> list[UUID]:
    """Where the thing is; a person may be registered in one division and live in another, or be in none."""
    if subject == TagSubject.UNIT:
        return list(Unit.objects.filter(pk=subject_id).values_list("building__division", flat=True))
    if subject == TagSubject.HOUSEHOLD:
        return list(Household.objects.filter(pk=subject_id).values_list("unit__building__division", flat=True))
    return list(
        Residence.objects.filter(person=subject_id, until=None).values_list("household__unit__building__division", flat=True)
    )  # fmt: skip
