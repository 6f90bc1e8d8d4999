"""Passing on by itself what is sure enough, where the district has switched that on."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, act
from zhitong.kernel.organisation.public import Answer, DutyRole

from ..models import Belonging, Use
from ..queries.routing import Routed, asks_company, route, rules_on
from ..queries.suggesting import Suggested, suggest
from ..rules.passing import PASSING, Passing

log = logging.getLogger("zhitong.dispatch")
BY = "智能转办"
AT_ONCE = 200
PATIENCE = timedelta(minutes=1)


def pass_sure(kind: str, *, at: datetime) -> int:
    """Look at what came in since the last turn; pass on what is surely of one category for which one organ answers.  How many.

    The switch is asked before every one: once it is off, nothing more goes.
    """
    passing, use = PASSING.get(kind), Use.objects.filter(kind=kind, is_automatic=True).first()
    if passing is None or use is None:
        return 0
    rows = Matter.objects.filter(kind=kind).order_by("pk")
    new = rows.filter(pk__gt=use.looked_to) if use.looked_to else rows
    done = 0
    for matter in new.select_related(None)[:AT_ONCE]:
        if not Use.objects.filter(kind=kind, is_automatic=True).exists() or _is_early(matter, at):
            break
        done += _passed(matter, passing, at)
        Use.objects.filter(kind=kind).update(looked_to=matter.pk)
    return done


def _is_early(matter: Matter, at: datetime) -> bool:
    """Whether a rule asks who else says the same, which is not known yet: it takes some seconds."""
    if at - matter.opened_at > PATIENCE or not asks_company(rules_on(matter.kind)):
        return False
    return not Belonging.objects.filter(matter=matter.pk).exists()


def _passed(matter: Matter, passing: Passing, at: datetime) -> bool:
    if matter.stage != passing.stage or matter.returns or matter.erased_at:
        return False
    sure = suggest(matter.kind, matter.title, matter.text).sure
    if sure is None:
        return False
    routed = route(matter, sure.category_id, at)
    lead_id = _surely(routed)
    if lead_id is None:
        return False
    data = passing.form(matter, sure.category_id, lead_id, routed.co_ids, _reason(sure, routed.why))
    if data is None:
        return False
    try:
        act(matter.pk, passing.action, data, by=Actor.system(BY), at=at, version=matter.version)
    except Refused as refused:  # somebody was quicker, or the line does not want it: it stays with people
        log.warning("%s is left to people: %s", matter.number, refused)
        return False
    return True


def _surely(routed: Routed) -> UUID | None:
    """The organ that a rule names, or the only one of the duty list; nobody where a rule wants a person, or haste, to see to it."""
    rule = routed.rule
    if rule and (rule.to_person or rule.urgency):
        return None
    if rule and rule.organ_id:
        return rule.organ_id
    lead = _only_lead(routed.answers)
    return lead.organ_id if lead else None


def _only_lead(answers: Sequence[Answer]) -> Answer | None:
    """Who leads; nobody where the most exact duties name two."""
    leads = [one for one in answers if one.role == DutyRole.LEAD]
    alike = [
        one
        for one in leads
        if (one.category_name, one.division_name) == (leads[0].category_name, leads[0].division_name)
    ]
    return leads[0] if len({one.organ_id for one in alike}) == 1 else None


def _reason(sure: Suggested, why: str) -> str:
    return _("自动转办：把握%(percent)s%%，依据“%(words)s”；%(why)s") % {
        "percent": int(100 * (sure.share or 0)), "words": _("、").join(sure.words), "why": why,
    }  # fmt: skip


def newest(kind: str) -> UUID | None:
    """The last matter of a kind that came in."""
    return Matter.objects.filter(kind=kind).order_by("-pk").values_list("pk", flat=True).first()
