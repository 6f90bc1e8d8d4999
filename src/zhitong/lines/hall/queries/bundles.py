"""Reads of bundles: what is offered, the one form and the one set of materials, and how far an application has come."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import KnownOrgan, known_organ

from ..choices import Outcome
from ..models import Bundle, BundleCase, BundlePart, BundleVersion, Item, Material, Version, in_force
from ..permissions import CATALOGUE, may_edit_organ
from ..rules import bundles as rules
from ..rules.problems import Problem
from .guide import Wanted

KIND = "bundle"
_FILLERS = re.compile(r"我们|我|想|要|请问|怎么|如何|一[家个]|个|的|了|刚|小(?!孩)")  # what says nothing of the matter


def in_force_by_code(codes: list[str], on: date) -> dict[str, Version]:
    """The versions that count on that day, by the codes of their items; two queries."""
    rows = Version.objects.filter(in_force(on), item__code__in=codes).select_related("item", "item__base")
    return {row.item.code: row for row in rows.prefetch_related("materials")}


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """A material that several parts want; handed in once.  ``wanted`` by part; ``held_by`` where no part asks for it.
    ``needed_if`` as with a material, on the facts; none where a part asks for it whatever was answered."""

    name: str
    wanted: Mapping[str, Material]
    pk: int = 0
    needed_if: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """When it is needed, as long as no part needs it always."""
        said = [one.condition for one in self.wanted.values() if not one.held_by]
        return _("；").join(dict.fromkeys(said)) if all(said) else ""

    @property
    def is_judged_by_applicant(self) -> bool:
        """Whether only a sentence says for some part when it is needed, and no part needs it always."""
        return bool(self.condition) and any(one.is_judged_by_applicant for one in self.wanted.values())

    @property
    def first(self) -> Material:
        """As the first part describes it."""
        return next(iter(self.wanted.values()))

    @property
    def held_by(self) -> str:
        """Where it is taken from when nobody has to hand it in."""
        held = [one.held_by for one in self.wanted.values()]
        return held[0] if all(held) else ""

    @property
    def is_deferrable(self) -> bool:
        """Whether it may follow later, for every part."""
        return all(one.is_deferrable or one.held_by for one in self.wanted.values())

    @property
    def by_commitment(self) -> bool:
        """Whether a promise will do, for every part."""
        return all(one.by_commitment or one.held_by for one in self.wanted.values())


@dataclass(frozen=True, slots=True)
class Whole:
    """A definition with the items it stands for today: one form, one set of materials, the graph and its longest way."""

    definition: rules.Definition
    versions: Mapping[str, Version]
    form: rules.OneForm
    materials: list[MergedMaterial]
    levels: list[list[rules.Part]]
    days: int
    way: list[str]
    asked_before: int = 0
    materials_before: int = 0
    absent: list[str] = field(default_factory=list)

    @property
    def taken_in_within(self) -> int:
        """In how many working days each part is accepted."""
        return rules.TAKEN_IN_WITHIN

    @property
    def for_firms(self) -> bool:
        """Whether a firm may apply: every part is for firms."""
        return bool(self.versions) and all(version.item.for_firms for version in self.versions.values())

    @property
    def for_persons(self) -> bool:
        """Whether a person may: every part is for persons."""
        return all(version.item.for_persons for version in self.versions.values())

    def name_of(self, slug: str) -> str:
        """What the item of a part is called."""
        return self.versions[slug].item.name if slug in self.versions else slug

    def names_of(self, slugs: Iterable[str]) -> list[str]:
        """What the items of several parts are called."""
        return [self.name_of(slug) for slug in slugs]

    def organ_of(self, slug: str) -> KnownOrgan | None:
        """Who handles a part."""
        return known_organ(self.versions[slug].item.organ_id) if slug in self.versions else None


def whole(definition: rules.Definition, on: date) -> Whole:
    """A definition as it would be applied for on that day.  It must be without a way round."""
    found = in_force_by_code([part.item for part in definition.parts], on)
    versions = {part.slug: found[part.item] for part in definition.parts if part.item in found}
    form = rules.one_form(definition, {slug: version.form for slug, version in versions.items()})
    wanted: dict[str, dict[str, Material]] = {}
    for slug, version in versions.items():
        for one in version.materials.all():
            wanted.setdefault(one.name, {})[slug] = one
    taken = {slug: rules.TAKEN_IN_WITHIN + (version.promised_days or 0) for slug, version in versions.items()}
    days, way = rules.longest(definition.parts, taken)
    return Whole(
        definition, versions, form,
        [MergedMaterial(name, parts, number, _needed_if(parts, form)) for number, (name, parts) in enumerate(wanted.items())],
        rules.levels(definition.parts), days, way, sum(len(v.form) for v in versions.values()),
        sum(len(parts) for parts in wanted.values()), [p.item for p in definition.parts if p.item not in found],
    )  # fmt: skip


def _needed_if(wanted: Mapping[str, Material], form: rules.OneForm) -> tuple[str, ...]:
    """When the answers make it needed for one part or another."""
    asked = {part: one for part, one in wanted.items() if not one.held_by}
    if not all(one.needed_when for one in asked.values()):
        return ()
    return tuple(dict.fromkeys(rules.of_facts(one.needed_when, form.asks[part]) for part, one in asked.items()))


def problems_of_bundle(bundle: Bundle, at: datetime) -> list[Problem]:
    """What keeps the bundle from being published."""
    definition, on = bundle.drafted, timezone.localdate(at)
    known = Version.objects.filter(in_force(on), item__code__in=[part.item for part in definition.parts])
    found = rules.faults(definition, known.values_list("item__code", flat=True))
    if found:
        return found
    one = whole(definition, on)
    if not (one.for_persons or one.for_firms):
        message = _("有的事项只由个人申请，有的只由企业申请，不能合成一件事；请去掉其中一类。")
        return [Problem("audience", "parts", message)]
    return [Problem("form", "same", message) for message in one.form.problems]


def offered() -> list[BundleVersion]:
    """The bundles one can apply for."""
    return list(BundleVersion.objects.filter(ended_at=None).select_related("bundle").order_by("bundle__code"))


def bundles_for(wanted: Wanted) -> list[Bundle]:
    """The bundles that residents see above the items they look for: all of them, or those called so."""
    typed = _FILLERS.sub("", wanted.words).split()
    found = [version.bundle for version in offered()]
    if wanted.topic:
        found = [one for one in found if one.topic == wanted.topic]
    if not typed:
        return found if not (wanted.organ or wanted.visits or wanted.is_instant) else []
    return [one for one in found if _is_called(_FILLERS.sub("", f"{one.name} {one.everyday}"), typed)]


def _is_called(names: str, typed: list[str]) -> bool:
    """Whether every word is in the names, or one of the names is in what was typed: 我想开个小饭馆 asks for 开饭馆."""
    return all(word in names for word in typed) or any(name in "".join(typed) for name in names.split())


def offered_one(code: str) -> BundleVersion | None:
    """What counts for the bundle of that code now."""
    return BundleVersion.objects.filter(ended_at=None, bundle__code=code).select_related("bundle").first()


def shown_one(code: str, version_id: UUID) -> BundleVersion | None:
    """A version of the bundle of that code, though it may have ended."""
    return BundleVersion.objects.filter(pk=version_id, bundle__code=code).select_related("bundle").first()


def editable_bundles(by: Actor) -> list[Bundle]:
    """The bundles ``by`` may edit, each with its open version in ``opened``."""
    by.demand(CATALOGUE)
    opened = Prefetch("versions", BundleVersion.objects.filter(ended_at=None), to_attr="opened")
    return [one for one in Bundle.objects.prefetch_related(opened) if may_edit_organ(by, one.organ_id)]


@dataclass(frozen=True, slots=True)
class PartSeen:
    """A part as the applicant and the desk see it.  ``stage`` and ``due`` are those of its application, once it has begun."""

    slug: str
    name: str
    organ: KnownOrgan | None
    state: str
    label: Any
    after: list[str]
    stage: Any = ""
    due: datetime | None = None
    number: str = ""
    matter_id: Any = None
    result: str = ""
    result_number: str = ""
    trouble: str = ""
    is_decided: bool = False
    is_closed: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it goes with the whole when that is taken back."""
        return self.state in (rules.WAITING, rules.OPEN, rules.STUCK)


@dataclass(frozen=True, slots=True)
class Progress:
    """An application over several items: its parts level by level, its one clock, its results."""

    case: BundleCase
    levels: list[list[PartSeen]]
    clock: m.Clock | None
    why: Any

    @property
    def parts(self) -> list[PartSeen]:
        """All parts."""
        return [part for level in self.levels for part in level]

    @property
    def standing(self) -> list[PartSeen]:
        """The parts on which something was decided: they stand, whatever becomes of the whole."""
        return [part for part in self.parts if part.is_decided]

    @property
    def results(self) -> list[PartSeen]:
        """The result pack: what has come out so far."""
        return [part for part in self.parts if part.state == rules.DONE]


def case_of(matter: m.Matter) -> BundleCase:
    """What a matter of this kind is applied for with."""
    return BundleCase.objects.select_related("matter", "version__bundle", "firm").get(pk=matter.pk)


def progress_of(case: BundleCase) -> Progress:
    """How far it has come; some six queries however many parts."""
    definition = case.version.defined
    rows = {
        row.slug: row
        for row in case.parts.select_related("item", "matter", "matter__application", "matter__application__version")
    }
    names = {slug: row.item.name for slug, row in rows.items()}
    clock = m.Clock.objects.filter(matter=case.pk, slug="whole").first()
    levels = [[_seen(part, rows[part.slug], names) for part in level] for level in rules.levels(definition.parts)]
    return Progress(case, levels, clock, m.why(clock) if clock else None)


def _seen(part: rules.Part, row: BundlePart, names: Mapping[str, str]) -> PartSeen:
    matter = row.matter
    case = matter.application if matter else None
    return PartSeen(
        part.slug, row.item.name, known_organ(row.item.organ_id), row.state, row.get_state_display(),
        [names.get(slug, slug) for slug in part.after],
        stage=_stage(matter) if matter else "", due=matter.due_at if matter else None,
        number=matter.number if matter else "", matter_id=matter.pk if matter else None,
        result=case.version.result if case else "", result_number=case.result_number if case else "", trouble=row.trouble,
        is_decided=matter is not None and row.state in (rules.OPEN, rules.DONE) and not rules.is_undecided(matter.stage),
        is_closed=matter is not None and matter.closed_at is not None,
    )  # fmt: skip


def _stage(matter: m.Matter) -> Any:
    """Where an application stands; of one that was refused, that it was."""
    if matter.outcome == Outcome.REFUSED:
        return Outcome.REFUSED.label
    return m.KINDS[matter.kind].by_slug[matter.stage].label


def items_in_force(on: date) -> list[Item]:
    """The items a bundle can be made of."""
    ids = Version.objects.filter(in_force(on)).values("item")
    return list(Item.objects.filter(pk__in=ids).order_by("code"))
