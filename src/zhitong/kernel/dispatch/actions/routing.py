"""Routing rules: drafted, switched on and off, put into an order; and every use of them counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.hours import read_hours
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record, set_mark
from zhitong.kernel.matters.public import KINDS, Channel, Matter, Urgency
from zhitong.kernel.organisation.public import known_organ

from ..choices import RuleState
from ..models import RoutingRule, RuleUse
from ..permissions import demand_manage
from ..queries.routing import MARK, Ruled, applying
from ..rules.routing import ANONYMOUS, NAMED, REPEAT, When

MOST_NAME, MOST_WORDS, LONGEST_WORD, MOST_TOGETHER = 60, 50, 30, 1000


@transaction.atomic
def save_rule(
    kind: str, name: str, when: When, *, organ_id: UUID | None = None, urgency: str = "", to_person: bool = False,
    rule_id: UUID | None = None, by: Actor, at: datetime,
) -> RoutingRule:  # fmt: skip
    """Draft a rule, or change one: it counts a version on and is a draft until it is switched on again."""
    demand_manage(by)
    if kind not in KINDS or not KINDS[kind].has_category:
        raise NotFound("no_kind", _("没有这种业务，或者它没有类别。"))
    name, when = _checked(name, when, organ_id, urgency, to_person)
    row = _locked(rule_id) if rule_id else _new(kind)
    said = (name, when.kept(), organ_id, urgency, to_person)
    if rule_id and said == (row.name, row.when, row.organ_id, row.urgency, row.to_person):
        return row
    row.version += 1 if rule_id else 0
    row.name, row.when, row.organ_id, row.urgency, row.to_person = said
    row.state = RuleState.DRAFT
    _put(row, "dispatch.rule_set", by=by, at=at)
    return row


def _new(kind: str) -> RoutingRule:
    last = RoutingRule.objects.filter(kind=kind).aggregate(n=Max("position"))["n"] or 0
    return RoutingRule(id=uuid7(), kind=kind, position=last + 1)


def _checked(name: str, when: When, organ_id: UUID | None, urgency: str, to_person: bool) -> tuple[str, When]:
    name = clean(name)
    if not name or len(name) > MOST_NAME:
        raise Refused("bad_name", _("请填写规则名称，不超过60个字。"), field="name")
    if when.is_empty:
        raise Refused("no_condition", _("请至少填写一个条件，否则所有事项都会符合。"), field="categories")
    if not (organ_id or urgency or to_person):
        raise Refused("no_outcome", _("请选择转给哪个单位，或者进入紧急通道、须由人转办。"), field="organ")
    organ = known_organ(organ_id)
    if organ_id and (organ is None or organ.valid_to is not None):
        raise Refused("unknown_organ", _("没有这个单位，或者它已撤销。"), field="organ")
    if urgency not in ("", Urgency.URGENT, Urgency.DANGER) or not set(when.channels) <= set(Channel.values):
        raise Refused("not_a_choice", _("请从列表中选择。"), field="urgency")
    if not set(when.people) <= {ANONYMOUS, NAMED, REPEAT}:
        raise Refused("not_a_choice", _("请从列表中选择。"), field="people")
    if not 0 <= when.least <= MOST_TOGETHER or when.least == 1:
        raise Refused("bad_least", _("联名人数请填2到1000，不限的不填。"), field="least")
    return name, _tidy(when)


def _tidy(when: When) -> When:
    try:
        hours = str(read_hours(when.hours))
    except ValueError:
        raise Refused(
            "bad_hours", _("时段请写成“周一至周五 8:30-17:30”或“22:00-6:00”的形式。"), field="hours"
        ) from None
    return When(
        when.categories, when.divisions, _words(when.words, "words"), _words(when.without, "without"), hours,
        when.channels, when.people, when.least,
    )  # fmt: skip


def _words(given: Sequence[str], name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word for one in given if (word := clean(one))))
    if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found):
        raise Refused("bad_words", _("词语最多50个，每个不超过30个字。"), field=name)
    return found


def _locked(rule_id: UUID) -> RoutingRule:
    row = RoutingRule.objects.select_for_update().filter(pk=rule_id).first()
    if row is None:
        raise NotFound("no_rule", _("没有这条分派规则。"))
    return row


def _put(row: RoutingRule, event: str, *, by: Actor, at: datetime, **more: Any) -> None:
    row.changed_at, row.by_label = at, by.label
    row.save()
    set_mark(MARK)
    data = {
        "kind": row.kind, "name": row.name, "version": row.version, "position": row.position, "state": row.state,
        "when": row.when, "organ": row.organ_id, "urgency": row.urgency, "to_person": row.to_person, **more,
    }  # fmt: skip
    record(event, row.pk, stream_kind="dispatch", at=at, by=by, data=data)


@transaction.atomic
def switch_rule(rule_id: UUID, *, is_on: bool, by: Actor, at: datetime) -> RoutingRule:
    """From now on it is asked, or no longer."""
    demand_manage(by)
    row = _locked(rule_id)
    state = RuleState.ON if is_on else RuleState.OFF
    if row.state != state:
        row.state = state
        _put(row, "dispatch.rule_on" if is_on else "dispatch.rule_off", by=by, at=at)
    return row


@transaction.atomic
def move_rule(rule_id: UUID, *, is_up: bool, by: Actor, at: datetime) -> RoutingRule:
    """Let it be asked one place earlier, or later; at the end nothing changes."""
    demand_manage(by)
    row = _locked(rule_id)
    rows = RoutingRule.objects.select_for_update().filter(kind=row.kind)
    rows = (
        rows.filter(position__lt=row.position).order_by("-position")
        if is_up
        else rows.filter(position__gt=row.position).order_by("position")
    )
    other = rows.first()
    if other is not None:
        row.position, other.position = other.position, row.position
        other.save(update_fields=["position"])
        _put(row, "dispatch.rule_moved", by=by, at=at)
    return row


def note_rule(
    matter: Matter, category_id: UUID | None, lead_id: UUID, *, at: datetime, is_automatic: bool
) -> Ruled | None:  # fmt: skip
    """A matter is passed on: the rule that applied first, counted with whether the matter goes where it says; None without any."""
    rule = next(iter(applying(matter, category_id)), None)
    if rule is None:
        return None
    RuleUse.objects.create(
        rule_id=rule.id, matter_id=matter.pk, version=rule.version, at=at,
        is_followed=rule.organ_id in (None, lead_id), is_automatic=is_automatic,
    )  # fmt: skip
    return rule
