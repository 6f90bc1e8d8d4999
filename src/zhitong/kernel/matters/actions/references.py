"""Ids in a payload must name something that exists, is in force, and may be chosen by this person."""

from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.organisation.public import Organ, staff_of, valid_on
from zhitong.kernel.territory.public import Division

from ..models import Matter
from ..permissions import visible_q
from ..queries.catalogue import catalogue
from ..queries.places import category_paths
from ..rules.payloads import Ask, Choose, questions
from .context import Context


def check(payload: msgspec.Struct, ctx: Context) -> None:
    """Refuse the first id that cannot be chosen."""
    for name, _bare, ask, _required, _default in questions(type(payload)):
        given = getattr(payload, name)
        if ask.choose is None or ask.choose is Choose.FILE or not given:
            continue
        wanted: set[Any] = set(given) if isinstance(given, list) else {given}
        if not wanted <= _allowed(ask, wanted, ctx):
            raise Refused("not_a_choice", _("所选内容不存在或已停用，请重新选择。"), field=name)


def _allowed(ask: Ask, wanted: set[Any], ctx: Context) -> set[Any]:
    known = catalogue()
    match ask.choose:
        case Choose.OWN:
            return {value for value, _label in ask.own(ctx.matter)} if ask.own else set()
        case Choose.ORGAN:
            live = Organ.objects.filter(valid_on(timezone.localdate(ctx.at)), pk__in=wanted)
            return set(live.values_list("pk", flat=True))
        case Choose.STAFF:
            return _staff(ctx)
        case Choose.CATEGORY:
            return set(category_paths(wanted))
        case Choose.SUBKIND:
            return {s.pk for s in known.subkinds.values() if s.kind == ctx.kind.slug and s.is_active}
        case Choose.DIVISION:
            return set(Division.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        case Choose.REASON:
            return {r.pk for r in known.reasons.values() if r.list == ask.reasons and r.is_active}
        case Choose.MATTER:
            seen = Matter.objects.filter(visible_q(ctx.by), pk__in=wanted, kind=ctx.kind.slug).exclude(pk=ctx.matter.pk)
            return set(seen.values_list("pk", flat=True))
    return wanted


def _staff(ctx: Context) -> set[UUID]:
    on = timezone.localdate(ctx.at)
    organs = {t.organ_id for t in ctx.own_tasks}
    return {a.staff_id for organ in organs for a in staff_of(organ, on)}
