"""Every Chinese term of the declarations stands in the glossary with its one English name in code."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from django.utils.translation import override

from zhitong.kernel.accounts.choices import Scope
from zhitong.kernel.accounts.permissions import declared_permissions, default_roles
from zhitong.kernel.indicators.choices import Direction
from zhitong.kernel.matters import choices as matters
from zhitong.kernel.matters.public import KINDS
from zhitong.kernel.organisation.choices import DutyRole, OrganKind
from zhitong.kernel.register import choices as register
from zhitong.kernel.reviews import choices as reviews
from zhitong.kernel.territory.choices import DivisionKind, Level
from zhitong.lines.appeals import choices as appeals
from zhitong.lines.appeals.actions.defaults import REASONS, SUBKINDS
from zhitong.lines.campaigns import choices as campaigns
from zhitong.lines.hall import choices as hall
from zhitong.lines.hall.actions.defaults import REASONS as HALL_REASONS
from zhitong.lines.surveys import choices as surveys

from .sources import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
Term = tuple[str, str]
CHOICES = (
    Level, DivisionKind, OrganKind, DutyRole, Scope, Direction,
    register.FirmKind, register.FirmState, register.HolderKind, register.Contribution, register.Duty,
    register.BuildingKind, register.UnitUse, register.HouseholdKind, register.ResidenceKind, register.Role, register.TagSubject,
    matters.Urgency, matters.Channel, matters.TaskRole, matters.TaskState, matters.ClockState, matters.Grade,
    matters.Unit, matters.Relation, matters.Part, matters.Purpose,
    appeals.Outcome, appeals.Contact, appeals.Visit, appeals.Transfer, appeals.Finding,
    reviews.Mark, reviews.Way, reviews.Source, reviews.Finding,
    hall.ItemKind, hall.OfferedAt, hall.Topic, hall.VersionState, hall.Visits, hall.Delivery, hall.Form, hall.QuestionKind,
    hall.Outcome, hall.MaterialState, hall.BreachSort,
    hall.Source, hall.Priority, hall.TicketState, hall.BookingState, hall.AgentSort, hall.MandateWay,
    surveys.TargetState,
    campaigns.DriveKind, campaigns.TargetState, campaigns.Source, campaigns.Side, campaigns.StepKind, campaigns.Finding,
)  # fmt: skip


def _of_kinds() -> Iterator[Term]:
    for kind in KINDS.values():
        yield str(kind.label), kind.slug
        yield from ((str(label), slug) for slug, label in kind.steps)
        yield from ((str(row.label), row.slug) for row in chain(kind.stages, kind.actions, kind.clocks))


def _of_accounts() -> Iterator[Term]:
    yield from ((role.name, role.slug) for role in default_roles())
    yield from ((str(permission.label), permission.slug) for permission in declared_permissions())


def _of_choices() -> Iterable[Term]:
    return ((str(label), str(value)) for choices in CHOICES for value, label in choices.choices)


def _of_data() -> Iterator[Term]:
    yield from ((name, slug) for slug, name, *_rest in SUBKINDS)
    yield from (
        (name, slug) for entries in (*REASONS.values(), *HALL_REASONS.values()) for slug, name, _english in entries
    )


@pytest.mark.parametrize("terms", [_of_kinds, _of_accounts, _of_choices, _of_data])
def test_every_term_is_in_the_glossary(terms) -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    with override("zh-hans"):
        missing = [f"| {label} | `{slug}` |" for label, slug in terms() if f"| {label} | `{slug}` |" not in text]
    assert not missing, "docs/glossary.md wants these lines, each with its meaning:\n" + "\n".join(missing)
