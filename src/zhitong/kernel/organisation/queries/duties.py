"""Who answers for this, here, on this date?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.hours import read_hours
from zhitong.base.text import in_language
from zhitong.kernel.territory import public as territory
from zhitong.kernel.territory.public import Division, DivisionVersion

from .. import rules
from ..choices import DutyRole
from ..models import Duty
from ..rules import Answer, Claim, Path
from .kept import category_paths, directory

Question = tuple[UUID | None, UUID | None, date]
CLAIM = (
    "pk", "organ_id", "role", "category_id", "division_id", "valid_from", "valid_to", "organ__sort_key", "hours",
)  # fmt: skip


def responsible(
    category_id: UUID | None, division_id: UUID | None, on: date, at: datetime | None = None
) -> list[Answer]:
    """The organs that answer for a category in a division on that day, most exact duty first, each organ once.

    The first ``lead`` among them is the one to send the matter to; later leads are what the list says more generally.
    Any past or future date may be asked, and a moment ``at`` of it: then only duties count that hold at that
    hour.  No category or no division finds only the duties that name none.
    """
    return responsible_many([(category_id, division_id, on)], at)[0]


def responsible_many(questions: Sequence[Question], at: datetime | None = None) -> list[list[Answer]]:
    """`responsible` for each question, in order.  One query where all ask about today, a handful otherwise."""
    if not questions:
        return []
    days, moment = [q[2] for q in questions], timezone.localtime(at) if at else None
    categories = category_paths({q[0] for q in questions})
    divisions = _division_paths({q[1] for q in questions if q[1]}, set(days))
    divisions_on_the_way = [path.steps for paths in divisions.values() for path in paths]
    rows = _claims(min(days), max(days), categories.values(), divisions_on_the_way)
    places = rules.by_place(claim for claim, _basis in rows)
    found: dict[Question, list[Claim]] = {}
    for question in set(questions):
        category, division, on = question
        steps = rules.path_on(divisions.get(division, ()), on)
        found[question] = rules.ranked(places, categories.get(category, ()) if category else (), steps, on, moment)
    answers = _answers(
        (claim for claims in found.values() for claim in claims), {c.duty_id: basis for c, basis in rows}
    )
    return [[answers[claim.duty_id] for claim in found[question]] for question in questions]


def _division_paths(ids: set[UUID], days: set[date]) -> dict[UUID | None, list[Path]]:
    """Where each division stood in the tree and when, the present last; for today from what the process keeps."""
    today = timezone.localdate()
    nodes = territory.tree(today).nodes if days == {today} else {}
    found: dict[UUID | None, list[Path]] = {i: [Path(nodes[i].path, date.min, None)] for i in ids if i in nodes}
    if not (rest := [i for i in ids if i not in nodes]):
        return found
    versions = DivisionVersion.objects.filter(division__in=rest).order_by("valid_from")
    for pk, steps, start, end in versions.values_list("division_id", "path", "valid_from", "valid_to"):
        found.setdefault(pk, []).append(Path(tuple(steps), start, end))
    for pk, steps, start in Division.objects.filter(pk__in=rest).values_list("pk", "path", "valid_from"):
        found.setdefault(pk, []).append(Path(tuple(steps), start, None))
    return found


def _claims(
    first: date, last: date, categories: Iterable[Sequence[UUID]], divisions: Iterable[Sequence[UUID]]
) -> list[tuple[Claim, str]]:
    """The duties in force on some day from ``first`` to ``last`` that name a category and a division on these paths, each
    with its basis."""
    in_time = Q(valid_from__lte=last) & (Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    organ_in_time = Q(organ__valid_from__lte=last) & (Q(organ__valid_to__isnull=True) | Q(organ__valid_to__gt=first))
    of_category = Q(category__isnull=True) | Q(category__in={step for path in categories for step in path})
    of_division = Q(division__isnull=True) | Q(division__in={step for path in divisions for step in path})
    rows = Duty.objects.filter(in_time, organ_in_time, of_category, of_division)
    return [
        (claim_of(*row), basis)
        for *row, basis in rows.values_list(*CLAIM, "organ__valid_from", "organ__valid_to", "basis")
    ]


def claim_of(
    pk: UUID, organ: UUID, role: str, category: UUID | None, division: UUID | None, start: date, end: date | None, order: str, hours: str,
    organ_start: date, organ_end: date | None,
) -> Claim:  # fmt: skip
    """A row of ``CLAIM`` and the days of its organ: a duty counts no longer than that exists."""
    ends = [day for day in (end, organ_end) if day is not None]
    return Claim(
        pk,
        organ,
        role,
        category,
        division,
        max(start, organ_start),
        min(ends) if ends else None,
        order,
        read_hours(hours),
    )


def _answers(claims: Iterable[Claim], basis: Mapping[UUID, str]) -> dict[UUID, Answer]:
    """With the names of the duty, and why."""
    known, nodes, language = directory(), territory.tree().nodes, get_language()
    found = {}
    for claim in claims:
        organ = known.organs[claim.organ_id]
        category = known.categories.get(claim.category_id) if claim.category_id else None
        division = nodes.get(claim.division_id) if claim.division_id else None
        names = (
            in_language(organ.name, organ.name_en, language),
            str(category) if category else None,
            str(division) if division else None,
        )
        hours = str(claim.hours)
        why = explain(claim.role, *names, basis[claim.duty_id], hours)
        found[claim.duty_id] = Answer(
            claim.organ_id, claim.role, claim.duty_id, *names, basis[claim.duty_id], why, claim.valid_from, hours
        )
    return found


def explain(role: str, organ: str, category: str | None, division: str | None, basis: str, hours: str = "") -> str:
    """Why this organ, as one sentence in the reader's language."""
    what = _("类别“%(category)s”") % {"category": category} if category else _("各类事项")
    where = _("在“%(division)s”") % {"division": division} if division else _("在全区范围内")
    where += _("（%(hours)s）") % {"hours": hours} if hours else ""
    values = {"what": what, "where": where, "organ": organ, "basis": basis}
    is_lead = role == DutyRole.LEAD
    sentence = _("%(what)s%(where)s由%(organ)s负责") if is_lead else _("%(what)s%(where)s由%(organ)s协办")
    return sentence % values + (_("，依据%(basis)s。") % values if basis else _("。"))
