"""Applications as they are read: their materials, what stands against an applicant, which lag behind their item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Attachment, Matter

from ..choices import BreachSort, MaterialState
from ..models import Application, Breach, Handed, Version, in_force
from ..rules.questions import said

KIND = "application"
WAITING = (MaterialState.MISSING, MaterialState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A material on the check-list of an application, with its files."""

    row: Handed
    files: Sequence[Attachment]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.material.name


@dataclass(frozen=True, slots=True)
class Stain:
    """Something that stands against an applicant: what, when, and the application with which it came about."""

    sort: str
    label: str
    at: datetime
    matter_id: UUID
    number: str
    title: str


def case_of(matter: Matter) -> Application:
    """The application with its item and version.  One query."""
    return Application.objects.select_related("version", "item", "firm", "matter").get(pk=matter.pk)


def sheets(matter_id: UUID) -> list[Sheet]:
    """The check-list in the order of the version.  Two queries."""
    rows = Handed.objects.filter(application=matter_id).select_related("material")
    found = rows.order_by("material__position", "id").prefetch_related("files__attachment")
    return [Sheet(row, [one.attachment for one in row.files.all()]) for row in found]


def against(person_id: UUID | None, firm_id: UUID | None = None) -> list[Stain]:
    """What the applicant did not keep, newest first."""
    if person_id is None and firm_id is None:
        return []
    who = (
        Q(application__firm=firm_id) if firm_id else Q(application__firm=None, application__matter__reporter=person_id)
    )
    rows = Breach.objects.filter(who).select_related("application__matter")
    return [
        Stain(row.sort, str(BreachSort(row.sort).label), row.at, row.application_id, row.application.matter.number,
              row.application.matter.title)
        for row in rows.order_by("-at")
    ]  # fmt: skip


def behind_q(on: date, prefix: str = "") -> Q:
    """Open applications for whose item another version counts on that day; ``prefix`` names a relation."""
    newer = Version.objects.filter(in_force(on), item=OuterRef(f"{prefix}item")).exclude(
        pk=OuterRef(f"{prefix}version")
    )
    return Q(**{f"{prefix}is_open": True}) & Q(Exists(newer))


BEHIND = "application.behind"


def behind_set(on: date) -> Q:
    """``behind_q`` for matters."""
    return Q(kind="application") & Q(pk__in=Application.objects.filter(behind_q(on)).values("pk"))


def part_of(matter: Matter, _by: Actor, at: datetime) -> dict[str, Any]:
    """What the page of a matter shows of an application."""
    case = case_of(matter)
    newer = case.is_open and Application.objects.filter(behind_q(timezone.localdate(at)), pk=case.pk).exists()
    return {
        "case": case, "sheets": sheets(matter.pk), "answers": answers_of(case), "is_behind": newer,
        "stains": against(matter.reporter_id, case.firm_id),
    }  # fmt: skip


def answers_of(case: Application) -> list[tuple[str, Any]]:
    """The answers with their questions, in the order of the form."""

    return [(one.label, said(one, case.answers[one.slug])) for one in case.version.form if one.slug in case.answers]
