"""Who answers for this, here, on this date?  And where does the duty list fail to say?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.text import in_language
from zhitong.kernel.territory import public as territory
from zhitong.kernel.territory.public import Division, DivisionVersion

from .. import rules
from ..choices import DutyRole
from ..models import Duty, valid_on
from ..rules import Answer, Claim, Path
from .kept import category_paths, directory, headings

Question = tuple[UUID | None, UUID | None, date]
_CLAIM = ("pk", "organ_id", "role", "category_id", "division_id", "valid_from", "valid_to", "organ__sort_key")


def responsible(category_id: UUID | None, division_id: UUID | None, on: date) -> list[Answer]:
    """The organs that answer for a category in a division on that day, most exact duty first, each organ once.

    The first ``lead`` among them is the one to send the matter to; later leads are what the list says more generally.
    Any past or future date may be asked.  No category or no division finds only the duties that name none.
    """
    return responsible_many([(category_id, division_id, on)])[0]


def responsible_many(questions: Sequence[Question]) -> list[list[Answer]]:
    """`responsible` for each question, in order.  One query where all ask about today, a handful otherwise."""
    if not questions:
        return []
    days = [q[2] for q in questions]
    categories = category_paths({q[0] for q in questions})
    divisions = _division_paths({q[1] for q in questions if q[1]}, set(days))
    divisions_on_the_way = [path.steps for paths in divisions.values() for path in paths]
    rows = _claims(min(days), max(days), categories.values(), divisions_on_the_way)
    places = rules.by_place(claim for claim, _basis in rows)
    found: dict[Question, list[Claim]] = {}
    for question in set(questions):
        category, division, on = question
        steps = rules.path_on(divisions.get(division, ()), on)
        found[question] = rules.ranked(places, categories.get(category, ()) if category else (), steps, on)
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
        (_claim(*row), basis)
        for *row, basis in rows.values_list(*_CLAIM, "organ__valid_from", "organ__valid_to", "basis")
    ]


def _claim(
    pk: UUID, organ: UUID, role: str, category: UUID | None, division: UUID | None, start: date, end: date | None, order: str,
    organ_start: date, organ_end: date | None,
) -> Claim:  # fmt: skip
    """A duty counts no longer than its organ exists."""
    ends = [day for day in (end, organ_end) if day is not None]
    return Claim(pk, organ, role, category, division, max(start, organ_start), min(ends) if ends else None, order)


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
        why = explain(claim.role, *names, basis[claim.duty_id])
        found[claim.duty_id] = Answer(claim.organ_id, claim.role, claim.duty_id, *names, basis[claim.duty_id], why)
    return found


def explain(role: str, organ: str, category: str | None, division: str | None, basis: str) -> str:
    """Why this organ, as one sentence in the reader's language."""
    what = _("类别“%(category)s”") % {"category": category} if category else _("各类事项")
    where = _("在“%(division)s”") % {"division": division} if division else _("在全区范围内")
    values = {"what": what, "where": where, "organ": organ, "basis": basis}
    is_lead = role == DutyRole.LEAD
    sentence = _("%(what)s%(where)s由%(organ)s负责") if is_lead else _("%(what)s%(where)s由%(organ)s协办")
    return sentence % values + (_("，依据%(basis)s。") % values if basis else _("。"))


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the duty list names nobody, or several, as lead.

    ``organ_ids`` is empty for a hole.  No division means the whole district, no category every category.
    """

    category_id: UUID | None
    division_id: UUID | None
    organ_ids: tuple[UUID, ...] = ()


def holes(on: date, *, level: str = "street") -> list[Gap]:
    """Categories of the lowest level in use × divisions of that level with no lead on that day.

    A category that has a lead nowhere is named once, without a division.  Two queries, for today one.
    """
    return _holes(_all_leads(on), on, level)


def _holes(leads: list[Claim], on: date, level: str) -> list[Gap]:
    categories, places = _leaves(), rules.by_place(leads)
    divisions = {node.id: node.path for node in territory.of_level(level, on=on)}
    found: list[Gap] = []
    for category, path in categories.items():
        bare = [d for d, steps in divisions.items() if not rules.outrank(places, path, steps, on)]
        if len(bare) == len(divisions):
            found.append(Gap(category, None))
        else:
            found.extend(Gap(category, division) for division in bare)
    return found


def _leaves() -> dict[UUID, tuple[UUID, ...]]:
    """Active categories that have no active category below them, in order, with their paths."""
    rows = headings()
    above = {row.parent_id for row in rows}
    return {row.id: row.path for row in rows if row.id not in above}


def _all_leads(on: date) -> list[Claim]:
    rows = Duty.objects.filter(valid_on(on), valid_on(on, "organ__"), role=DutyRole.LEAD)
    return [_claim(*row) for row in rows.values_list(*_CLAIM, "organ__valid_from", "organ__valid_to")]


def gaps(on: date) -> tuple[list[Gap], list[Gap]]:
    """`holes` and `conflicts` of one day, from one reading of the duty list."""
    leads = _all_leads(on)
    return _holes(leads, on, "street"), _conflicts(leads)


def conflicts(on: date) -> list[Gap]:
    """Category and division of each pair for which two organs or more are named lead on that day.  One query."""
    return _conflicts(_all_leads(on))


def _conflicts(leads: list[Claim]) -> list[Gap]:
    return [
        Gap(category, division, tuple(claim.organ_id for claim in claims))
        for (category, division), claims in rules.by_place(leads).items()
        if len({claim.organ_id for claim in claims}) > 1
    ]
