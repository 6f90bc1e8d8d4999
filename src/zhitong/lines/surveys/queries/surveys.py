"""Surveys, how far they are, and what is still to be done."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.organisation.public import posts_of_divisions
from zhitong.kernel.register.public import VIEW_HOMES, residents_of
from zhitong.kernel.territory.public import Level, ancestor, labels, level_below

from ..choices import TargetState
from ..models import Answer, Survey, Target
from ..permissions import ANSWER, DESIGN, READ, VIEW, reached
from ..rules.xform import Form

SHOWN = 50


def surveys(by: Actor) -> QuerySet[Survey]:
    """Those of which ``by`` may see or answer a target, or all for whoever designs them."""
    if by.may(DESIGN):
        return Survey.objects.all()
    if not (by.may(VIEW) or by.may(ANSWER)):
        return Survey.objects.none()
    return Survey.objects.filter(Exists(Target.objects.filter(_seen(by), survey=OuterRef("pk"))))


def _seen(by: Actor) -> Q:
    return reached(by, VIEW, ANSWER)


def survey(by: Actor, survey_id: UUID) -> Survey:
    """One of them; NotFound also for what the person must not see."""
    found = (
        Survey.objects.filter(pk=survey_id)
        .select_related("version__form")
        .defer("version__workbook", "version__itemsets")
    )
    row = found.first()
    if row is None or not (by.may(DESIGN) or targets(by, row).exists()):
        raise NotFound("no_survey", _("没有这项摸排。"))
    return row


def targets(by: Actor, one: Survey, *, permission: str = "") -> QuerySet[Target]:
    """The targets ``by`` may see, or reach with the permission, in the order of the list."""
    reach = reached(by, permission) if permission else (Q() if by.may(DESIGN) else _seen(by))
    return Target.objects.filter(reach, survey=one).order_by("sort", "id")


@dataclass(slots=True)
class Progress:
    """How far one division is: targets in all, answered, and missed with a reason; ``who`` works there, where it is a grid."""

    division: UUID | None
    label: str
    total: int = 0
    done: int = 0
    missed: int = 0
    who: list[str] = field(default_factory=list)

    @property
    def open(self) -> int:
        return self.total - self.done - self.missed

    @property
    def share(self) -> float:
        """Answered of all, 0 to 1."""
        return self.done / self.total if self.total else 0.0


@dataclass(slots=True)
class Far:
    """The whole, and by street (or, inside one, by what lies below); the last first."""

    whole: Progress
    parts: list[Progress] = field(default_factory=list)


def progress(by: Actor, one: Survey, *, inside: UUID | None = None) -> Far:
    """How far the survey is among what ``by`` sees: by street, inside one by community, inside a community by grid, with its worker."""
    seen = targets(by, one).order_by()
    if inside is not None:
        seen = seen.filter(path__contains=[inside])
    counted = seen.values("division").annotate(
        total=Count("pk"), done=Count("pk", filter=Q(state=TargetState.DONE)),
        missed=Count("pk", filter=Q(state=TargetState.MISSED)),
    )  # fmt: skip
    whole, parts, level = Progress(inside, ""), dict[UUID | None, Progress](), level_below(inside)
    for row in counted:
        at = ancestor(row["division"], level) or row["division"]
        part = parts.setdefault(at, Progress(at, ""))
        for sum_ in (whole, part):
            sum_.total += row["total"]
            sum_.done += row["done"]
            sum_.missed += row["missed"]
    names, workers = labels(set(parts)), _workers(parts) if level == Level.GRID else {}
    for part in parts.values():
        part.label = names.get(part.division, "") if part.division else ""
        part.who = workers.get(part.division, [])
    return Far(whole, sorted(parts.values(), key=lambda part: (part.share, part.label)))


def _workers(grids: Iterable[UUID | None]) -> dict[UUID | None, list[str]]:
    """Who is there for these grids today, by name."""
    found: dict[UUID | None, list[str]] = {}
    for one in posts_of_divisions([grid for grid in grids if grid], timezone.localdate()):
        found.setdefault(one.post.division_id, []).append(one.staff.name)
    return found


def shares(ids: list[UUID]) -> dict[UUID, Progress]:
    """How far each of these surveys is as a whole."""
    counted = Target.objects.filter(survey__in=ids).values("survey").annotate(
        total=Count("pk"), done=Count("pk", filter=Q(state=TargetState.DONE)),
        missed=Count("pk", filter=Q(state=TargetState.MISSED)),
    )  # fmt: skip
    return {row["survey"]: Progress(None, "", row["total"], row["done"], row["missed"]) for row in counted}


def answers(by: Actor, one: Survey) -> Iterator[tuple[Answer, str, dict[str, Any]]]:
    """Every answer of the survey in full, with the name of its target: for whoever may read and take them away."""
    by.demand_everywhere(READ)
    for row in Answer.objects.filter(survey=one).select_related("target").order_by("given_at", "id").iterator(500):
        yield row, row.target.name if row.target else "", row.values if row.sealed else {}


def certificate(one: Survey) -> Event | None:
    """The event of the log that says what was destroyed, when and by whom; nothing before that."""
    return stream(one.pk).filter(kind="surveys.destroyed").last()


def held_of(person_id: UUID) -> QuerySet[Answer]:
    """The answers that named this person by name and number."""
    return Answer.objects.filter(person=person_id).exclude(sealed=b"").select_related("survey")


def own_target(by: Actor, target_id: UUID) -> Target:
    """A target that ``by`` may answer for; NotFound."""
    found = (
        Target.objects.filter(reached(by, ANSWER), pk=target_id)
        .select_related("survey__version")
        .defer("survey__version__workbook", "survey__version__itemsets")
        .first()
    )
    if found is None:
        raise NotFound("no_target", _("没有这个摸排对象。"))
    return found


def next_open(by: Actor, target: Target) -> Target | None:
    """The next one of the list that nobody has answered."""
    rows = targets(by, target.survey, permission=ANSWER).filter(state=TargetState.OPEN, sort__gt=target.sort)
    return rows.only("pk", "name").first()


def known(by: Actor, target: Target, form: Form) -> dict[str, str]:
    """What the register knows of the household, by the question mapped to it: its head's name.  Numbers are never filled in."""
    return known_of(by, [target], lambda _target: form).get(target.pk, {})


def known_of(by: Actor, some: Sequence[Target], form_of: Callable[[Target], Form]) -> dict[UUID, dict[str, str]]:
    """The same for many targets, each with its form.  One query."""
    ids = {one.household_id for one in some if one.household_id} if by.may(VIEW_HOMES) else set[UUID]()
    living = residents_of(ids) if ids else {}
    found = dict[UUID, dict[str, str]]()
    for one in some:
        home = living.get(one.household_id) if one.household_id else None
        named = (
            next((question.path for question in form_of(one).asked if question.mapped == "name"), None)
            if home
            else None
        )
        if home and named:
            found[one.pk] = {named: home[0].person.name}
    return found
