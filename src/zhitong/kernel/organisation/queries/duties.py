"""Who answers for this, here, on this date?  And where does the duty list fail to say?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.text import in_language
from zhitong.kernel.territory.public import Division, DivisionVersion

from .. import rules
from ..choices import DutyRole
from ..models import Category, Duty, valid_on
from ..rules import Answer, Claim, Path

Question = tuple[UUID | None, UUID | None, date]
_CLAIM = ("pk", "organ_id", "role", "category_id", "division_id", "valid_from", "valid_to", "organ__sort_key")


def responsible(category_id: UUID | None, division_id: UUID | None, on: date) -> list[Answer]:
    """The organs that answer for a category in a division on that day, most exact duty first, each organ once.

    The first ``lead`` among them is the one to send the matter to; later leads are what the list says more generally.
    Any past or future date may be asked.  No category or no division finds only the duties that name none.
    """
    return responsible_many([(category_id, division_id, on)])[0]


def responsible_many(questions: Sequence[Question]) -> list[list[Answer]]:
    """`responsible` for each question, in order.  A handful of queries for any number of questions."""
    if not questions:
        return []
    categories = _category_paths({q[0] for q in questions if q[0]})
    divisions = _division_paths({q[1] for q in questions if q[1]})
    days = [q[2] for q in questions]
    divisions_on_the_way = [path.steps for paths in divisions.values() for path in paths]
    places = rules.by_place(_claims(min(days), max(days), categories.values(), divisions_on_the_way))
    found: dict[Question, list[Claim]] = {}
    for question in set(questions):
        category, division, on = question
        steps = rules.path_on(divisions.get(division, ()), on)
        found[question] = rules.ranked(places, categories.get(category, ()), steps, on)
    answers = _answers(claim for claims in found.values() for claim in claims)
    return [[answers[claim.duty_id] for claim in found[question]] for question in questions]


def _category_paths(ids: set[UUID]) -> dict[UUID | None, list[UUID]]:
    """Path from the top down to each id; an id that does not exist has none."""
    return dict(Category.objects.filter(pk__in=ids).values_list("pk", "path"))


def _division_paths(ids: set[UUID]) -> dict[UUID | None, list[Path]]:
    """Where each division stood in the tree and when, the present last."""
    found: dict[UUID | None, list[Path]] = {}
    versions = DivisionVersion.objects.filter(division__in=ids).order_by("valid_from")
    for pk, steps, start, end in versions.values_list("division_id", "path", "valid_from", "valid_to"):
        found.setdefault(pk, []).append(Path(tuple(steps), start, end))
    for pk, steps, start in Division.objects.filter(pk__in=ids).values_list("pk", "path", "valid_from"):
        found.setdefault(pk, []).append(Path(tuple(steps), start, None))
    return found


def _claims(
    first: date, last: date, categories: Iterable[Sequence[UUID]], divisions: Iterable[Sequence[UUID]]
) -> Iterable[Claim]:
    """The duties in force on some day from ``first`` to ``last`` that name a category and a division on these paths."""
    in_time = Q(valid_from__lte=last) & (Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    organ_in_time = Q(organ__valid_from__lte=last) & (Q(organ__valid_to__isnull=True) | Q(organ__valid_to__gt=first))
    of_category = Q(category__isnull=True) | Q(category__in={step for path in categories for step in path})
    of_division = Q(division__isnull=True) | Q(division__in={step for path in divisions for step in path})
    rows = Duty.objects.filter(in_time, organ_in_time, of_category, of_division)
    return _as_claims(rows.values_list(*_CLAIM, "organ__valid_from", "organ__valid_to"))


def _as_claims(rows: Iterable[tuple]) -> Iterable[Claim]:  # type: ignore[type-arg]
    """A duty counts no longer than its organ exists."""
    for pk, organ, role, category, division, start, end, order, organ_start, organ_end in rows:
        ends = [day for day in (end, organ_end) if day is not None]
        yield Claim(pk, organ, role, category, division, max(start, organ_start), min(ends) if ends else None, order)


def _answers(claims: Iterable[Claim]) -> dict[UUID, Answer]:
    """Names and reasons, once per duty.  One query."""
    ids = {claim.duty_id for claim in claims}
    language = get_language()
    rows = Duty.objects.filter(pk__in=ids).values_list(
        "pk", "organ_id", "role", "basis", "organ__name", "organ__name_en", "category__name", "category__name_en",
        "division__name", "division__name_en",
    )  # fmt: skip
    found = {}
    for pk, organ, role, basis, organ_zh, organ_en, category_zh, category_en, division_zh, division_en in rows:
        names = (
            in_language(organ_zh, organ_en, language),
            category_zh and in_language(category_zh, category_en or "", language),
            division_zh and in_language(division_zh, division_en or "", language),
        )
        found[pk] = Answer(organ, role, pk, *names, basis, explain(role, *names, basis))
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

    A category that has a lead nowhere is named once, without a division.  Four queries.
    """
    categories = _leaves()
    divisions = dict(Division.objects.filter(valid_on(on), level=level).order_by("code").values_list("pk", "path"))
    places = rules.by_place(_all_leads(on))
    found: list[Gap] = []
    for category, path in categories.items():
        bare = [d for d, steps in divisions.items() if not rules.outrank(places, path, steps, on)]
        if len(bare) == len(divisions):
            found.append(Gap(category, None))
        else:
            found.extend(Gap(category, division) for division in bare)
    return found


def _leaves() -> dict[UUID, list[UUID]]:
    """Active categories that have no active category below them, in order, with their paths."""
    rows = list(Category.objects.filter(is_active=True).values_list("pk", "path", "parent_id"))
    above = {parent for _pk, _path, parent in rows}
    return {pk: path for pk, path, _parent in rows if pk not in above}


def _all_leads(on: date) -> Iterable[Claim]:
    rows = Duty.objects.filter(valid_on(on), valid_on(on, "organ__"), role=DutyRole.LEAD)
    return _as_claims(rows.values_list(*_CLAIM, "organ__valid_from", "organ__valid_to"))


def conflicts(on: date) -> list[Gap]:
    """Category and division of each pair for which two organs or more are named lead on that day.  One query."""
    pairs = rules.by_place(_all_leads(on))
    return [
        Gap(category, division, tuple(claim.organ_id for claim in claims))
        for (category, division), claims in pairs.items()
        if len({claim.organ_id for claim in claims}) > 1
    ]
