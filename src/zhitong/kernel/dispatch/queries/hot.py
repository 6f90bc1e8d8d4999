"""The hottest things, as far as somebody may see their matters."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from zhitong.base.likeness import Heat, heat_of
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, Part, Participant, visible_matters

from ..models import Rising, Thing

WITHIN = timedelta(days=90)
SHOWN = 30


@dataclass(slots=True)
class Hot:
    """A thing: what is said of it, where, its heat, how many came of late and in as many days before, whether it is rising, and
    since when those who lead know."""

    id: UUID
    title: str
    names: list[str]
    n: int
    heat: Heat
    late: int
    before: int
    is_rising: bool = False
    raised_at: datetime | None = None
    members: list[Matter] = field(default_factory=list)


def rising_rule() -> Rising:
    """When a thing rises.  One query."""
    return Rising.objects.first() or Rising()


def hottest(
    by: Actor, at: datetime, most: int = SHOWN, *, raised_only: bool = False, rule: Rising | None = None
) -> list[Hot]:
    """The hottest of the last 90 days, or of those that were raised as rising; figures count only what ``by`` may see.
    ``rule`` is `rising_rule`, where the caller has it.  Four queries and that one."""
    seen = visible_matters(by).filter(belonging__thing__isnull=False, opened_at__gte=at - WITHIN, erased_at=None)
    if raised_only:
        seen = seen.filter(belonging__thing__raised_at__isnull=False)
    rule = rule or rising_rule()
    span = timedelta(days=rule.days)
    week, fortnight = at - span, at - 2 * span
    rows = (
        seen.order_by()
        .values("belonging__thing")
        .annotate(
            n=Count("pk"), known=Count("reporter", distinct=True), unknown=Count("pk", filter=Q(reporter=None)),
            first=Min("opened_at"), last=Max("opened_at"), late=Count("pk", filter=Q(opened_at__gt=week)),
            before=Count("pk", filter=Q(opened_at__gt=fortnight, opened_at__lte=week)),
            late_known=Count("reporter", distinct=True, filter=Q(opened_at__gt=week)),
            late_unknown=Count("pk", filter=Q(reporter=None, opened_at__gt=week)),
        )
        .filter(n__gte=2)
    )  # fmt: skip
    found = {row["belonging__thing"]: row for row in rows}
    support = _support(found.keys())
    hot = [
        Hot(
            pk, "", [], row["n"],
            heat_of(row["known"] + row["unknown"], support.get(pk, 0), row["first"], row["last"], at),
            row["late"], row["before"],
            rule.holds(row["late"], row["before"], row["late_known"] + row["late_unknown"]),
        )
        for pk, row in found.items()
    ]  # fmt: skip
    hot.sort(key=lambda one: (-one.heat.figure, one.id))
    return _filled(hot[:most], seen)


def _support(things: object) -> dict[UUID, int]:
    joined = Participant.objects.filter(part=Part.SUPPORTER, matter__belonging__thing__in=list(things))  # type: ignore[call-overload]
    counted = joined.values("matter__belonging__thing").annotate(n=Count("person", distinct=True))
    return {row["matter__belonging__thing"]: row["n"] for row in counted}


def _filled(hot: list[Hot], seen) -> list[Hot]:  # type: ignore[no-untyped-def]
    """Their titles, names and matters, the newest first."""
    ids = [one.id for one in hot]
    members: defaultdict[UUID, list[Matter]] = defaultdict(list)
    for row in (
        seen.filter(belonging__thing__in=ids).select_related("belonging").defer("text", "tracking").order_by("-pk")
    ):
        members[row.belonging.thing_id].append(row)
    things = {thing.pk: thing for thing in Thing.objects.filter(pk__in=ids)}
    for one in hot:
        one.members = members[one.id]
        thing = things.get(one.id)
        speaks = [row for row in one.members if thing and row.pk == thing.speaker_id]
        one.title = (speaks or one.members)[0].title if one.members else ""
        one.names = thing.names if thing else []
        one.raised_at = thing.raised_at if thing else None
    return [one for one in hot if one.members]
