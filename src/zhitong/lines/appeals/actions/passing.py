"""Passing on many at once: what still waits for it and has a category."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Duty, DutyRole, Organ, responsible, valid_on

from ..queries.orders import FORMER, categories_by_name


def passing(
    ids: Mapping[str, UUID], openings: Sequence[m.Opening], organs: Mapping[str, str], by: Actor, at: datetime
) -> int:
    """Pass on those of the matters (by key) that still wait for it: to the organ that ``organs`` names for the category (ids),
    else to the one of the duty list.  How many."""
    leads: dict[UUID, UUID | None] = {UUID(category): UUID(organ) for category, organ in organs.items()}
    waiting = m.Matter.objects.filter(pk__in=list(ids.values()), stage="received", category__isnull=False)
    categories = dict(waiting.values_list("pk", "category"))
    done = 0
    for opening in openings:
        matter_id = ids.get(opening.key)
        category_id = categories.pop(matter_id, None) if matter_id else None
        if matter_id is None or category_id is None:
            continue
        if category_id not in leads:
            leads[category_id] = _by_duty(category_id, at)
        if (lead := leads[category_id]) is not None:
            data = {
                "category": category_id,
                "lead": lead,
                "urgency": opening.urgency,
                "reason": _("按职责清单批量转办"),
            }
            m.act(matter_id, "pass", data, by=by, at=at)
            done += 1
    return done


def organs_named(organs: Mapping[str, str], at: datetime) -> dict[str, str]:
    """Ids of organs by ids of categories, each given by name or code; Refused for one there is none of."""
    categories, live = categories_by_name(), Organ.objects.filter(valid_on(timezone.localdate(at)))
    ids = {text: pk for pk, *texts in live.values_list("pk", "name", "code") for text in texts}
    found = {}
    for name, organ in organs.items():
        category = FORMER.get(name, name)
        if category not in categories or organ not in ids:
            raise Refused(
                "bad_mapping", _("类别“%(category)s”或单位“%(organ)s”不存在。") % {"category": name, "organ": organ}
            )
        found[str(categories[category][0][0])] = str(ids[organ])
    return found


def _by_duty(category_id: UUID, at: datetime) -> UUID | None:
    """Who answers for the category; for one that only its parts are shared out of, whoever has most of them."""
    on = timezone.localdate(at)
    answer = next((a for a in responsible(category_id, None, on) if a.role == DutyRole.LEAD), None)
    if answer is not None:
        return answer.organ_id
    duties = Duty.objects.filter(
        valid_on(on), category__path__contains=[category_id], role=DutyRole.LEAD, division=None
    )
    most = Counter(duties.values_list("organ", flat=True)).most_common(1)
    return most[0][0] if most else None
