"""The list of all matters one may see: its filters, and its rows as they are shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import company_q
from zhitong.kernel.matters.public import (
    KINDS,
    LATE_GRADES,
    Gathered,
    Grade,
    Matter,
    SavedView,
    Task,
    TaskRole,
    TaskState,
    catalogue,
    ever,
    gathered_of,
    matching,
    newest_matching,
    visible_matters,
    within_organs,
)
from zhitong.kernel.organisation.public import categories_within, category_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import MOST_COUNTED, applicant_q, applicants_of, count_each, named, set_q

MOST_LISTED = 1_000  # what a list of matters counts to: it costs what it shows, not what there is
NEWEST = "new"
OPEN, ENDED, LATE, PRESSING, NOBODY = "open", "ended", "late", "pressing", "none"


def filtered(by: Actor, wanted: Mapping[str, Any], permission: str = "matters.view") -> QuerySet[Matter]:
    """The matters ``by`` may see that fit every filter; an empty filter lets everything through."""
    rows = _narrowed(by, _conditions(by, wanted), permission)
    return matching(rows, wanted["q"], organs=within_organs(by, permission)) if wanted.get("q") else rows


def newest_found(by: Actor, wanted: Mapping[str, Any], most: int, before: UUID | None) -> QuerySet[Matter]:
    """The newest of `filtered` with something typed, at most so many, older than ``before``.  One query."""
    rows, organs = _narrowed(by, _conditions(by, wanted)), within_organs(by)
    return visible_matters(by).filter(pk__in=newest_matching(rows, wanted["q"], most, before=before, organs=organs))


def _narrowed(by: Actor, conditions: Iterable[Q], permission: str = "matters.view") -> QuerySet[Matter]:
    rows = visible_matters(by, permission)
    for condition in conditions:
        rows = rows.filter(condition)
    return rows


def _conditions(by: Actor, wanted: Mapping[str, Any]) -> list[Q]:
    asked = [(name, value) for name, value in wanted.items() if value not in (None, "")]
    found = [_FILTERS[name](value) for name, value in asked if name in _FILTERS]
    return [*found, set_q(wanted["set"], by)] if wanted.get("set") else found


def listed(by: Actor, wanted: Mapping[str, Any], sort: str) -> tuple[QuerySet[Matter], Gathered | None]:
    """`filtered` as `paging` takes it: what waits for somebody, and what an organ has or had a task in, is gathered in its order and
    needs no other condition; other lists have indexes of their own."""
    if wanted.get("q"):
        return filtered(by, wanted), None
    conditions, found = _conditions(by, wanted), None
    if conditions:
        found = gathered_of(reduce(and_, conditions))
    elif sort == NEWEST:
        found = ever(by, within_organs(by))
    return visible_matters(by) if found else _narrowed(by, conditions), found


def _stage(value: str) -> Q:
    if value in (OPEN, ENDED):
        return Q(closed_at__isnull=value == OPEN)
    slug, _, stage = value.partition(".")
    known = KINDS[slug].by_slug.get(stage) if slug in KINDS else None
    found = Q(kind=slug, stage=stage)
    if known is None:
        return found
    return found & (Q(closed_at__isnull=False) if known.is_end else Q(closed_at=None))


def _division(value: str) -> Q:
    """With everything in it; a street by its own index, in which its matters lie in their order."""
    node = territory.tree().nodes.get(UUID(value))
    is_street = node is not None and node.level == territory.Level.STREET
    return Q(area=value) if is_street else Q(path__contains=[UUID(value)])


def _category(value: str) -> Q:
    return Q(category__in=categories_within(UUID(value)))


def _grade(value: str) -> Q:
    if value == PRESSING:
        return Q(closed_at=None, grade__in=[Grade.WARNING, *LATE_GRADES])
    return Q(grade__in=LATE_GRADES if value == LATE else [value])


def _start(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def due_q(value: str) -> Q:
    """Open matters that are not late: due by the end of today, later this week (it ends on Sunday), or after it."""
    today = timezone.localdate()
    tomorrow, monday = _start(today + timedelta(days=1)), _start(today + timedelta(days=7 - today.weekday()))
    open_ = Q(closed_at=None) & ~Q(grade__in=LATE_GRADES)
    match value:
        case "today":
            return open_ & Q(due_at__lt=tomorrow)
        case "week":
            return open_ & Q(due_at__gte=tomorrow, due_at__lt=monday)
    return open_ & (Q(due_at__gte=max(tomorrow, monday)) | Q(due_at=None))


def _share(**of: Any) -> Exists:
    return Exists(Task.objects.filter(matter=OuterRef("pk"), state=TaskState.OPEN, role=TaskRole.LEAD, **of))


def holder_q(value: str) -> Q:
    """Matters that lie with an organ as open lead; ``none``: with nobody, which is at the centre."""
    return ~Q(_share()) if value == NOBODY else Q(_share(organ=value))


def assignee_q(value: str) -> Q:
    """Matters whose lead task is in somebody's hands; ``none``: in nobody's yet."""
    return Q(_share(assignee=None)) if value == NOBODY else Q(_share(assignee=value))


_FILTERS: dict[str, Callable[[Any], Q]] = {
    "kind": lambda value: Q(kind=value),
    "stage": _stage,
    "subkind": lambda value: Q(subkind=value),
    "category": _category,
    "organ": lambda value: Q(lead=value),
    "division": _division,
    "who": applicant_q,
    "channel": lambda value: Q(channel=value),
    "urgency": lambda value: Q(urgency=value),
    "grade": _grade,
    "due": due_q,
    "holder": holder_q,
    "assignee": assignee_q,
    "since": lambda value: Q(opened_at__gte=_start(value)),
    "until": lambda value: Q(opened_at__lt=_start(value + timedelta(days=1))) if value < date.max else Q(),
    "company": company_q,
    "public": lambda value: Q(is_public=value == "yes"),
}


def count(rows: QuerySet[Matter] | Gathered, most: int = MOST_COUNTED) -> int:
    """How many there are; counting stops one past ``most``."""
    return count_each({"all": rows}, most)["all"]


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of matter."""
    return [(kind.slug, str(kind.label)) for kind in KINDS.values()]


def stage_choices() -> list[tuple[str, str]]:
    """Every stage of every kind as "kind.stage"."""
    return [(f"{kind.slug}.{stage.slug}", str(stage.label)) for kind in KINDS.values() for stage in kind.stages]


def saved_views(by: Actor) -> QuerySet[SavedView]:
    """One's own views of the list, by name."""
    return SavedView.objects.filter(account=by.account_id).order_by("name")


@dataclass(frozen=True, slots=True)
class Line:
    """A matter as a list shows it."""

    matter: Matter
    title: str
    stage: str
    is_end: bool
    subkind: str
    category: str
    area: str
    organ: str
    role: str
    assignee: str
    applicant: str = ""


def lines(rows: Sequence[Matter], organs: frozenset[UUID] = frozenset()) -> list[Line]:
    """Rows with every name they are shown by; ``organs`` says whose share is one's own.  One query, and one for each line that
    says who applies."""
    if not rows:
        return []
    known = catalogue()
    categories = category_names({m.category_id for m in rows})
    areas = territory.labels({m.area_id for m in rows})
    shares, applicants = _shares(rows), applicants_of(rows)
    found = []
    for m in rows:
        stage = KINDS[m.kind].by_slug[m.stage]
        own = [t for t in shares.get(m.pk, ()) if t.organ_id in organs]
        lead = next((t for t in shares.get(m.pk, ()) if t.role == TaskRole.LEAD), None)
        task = next(iter(sorted(own, key=lambda t: t.role != TaskRole.LEAD)), lead)
        found.append(
            Line(
                m, mask_inline(m.title), str(stage.label), stage.is_end, named(known.subkinds[m.subkind_id]),
                categories.get(m.category_id, "") if m.category_id else "", areas.get(m.area_id, "") if m.area_id else "",
                str(m.lead) if m.lead else "", task.get_role_display() if own and task else "",
                task.assignee.name if task and task.assignee else "", applicants.get(m.pk, ""),
            )
        )  # fmt: skip
    return found


def _shares(rows: Sequence[Matter]) -> dict[UUID, list[Task]]:
    found: dict[UUID, list[Task]] = {}
    for task in Task.objects.filter(matter__in=[m.pk for m in rows], state=TaskState.OPEN).select_related("assignee"):
        found.setdefault(task.matter_id, []).append(task)
    return found
