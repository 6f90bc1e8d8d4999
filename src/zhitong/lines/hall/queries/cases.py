"""Applications as they are read: their materials, what stands against an applicant, which lag behind their item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext

from zhitong.base.errors import NotFound
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Attachment, Matter, Record, words_of
from zhitong.kernel.register.public import Written

from ..choices import BreachSort, MaterialState
from ..models import Application, Breach, Handed, Version, in_force
from ..rules.questions import masked, said
from .handed import handed_of
from .versions import with_version

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
class Answered:
    """A question with its answer as a page shows it; ``is_masked``: it says more to whoever gives a reason."""

    slug: str
    label: str
    value: Any
    is_masked: bool


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
    """The application with its item, version and firm, whether another version counts for the item today (``is_behind``), and whether
    something stands against the applicant (``has_stains``).  One query, and the matter has it in hand from then on."""
    found: Application | None = matter._state.fields_cache.get("application")
    if found is None or not hasattr(found, "is_behind"):
        found = _shown(timezone.localdate()).get(pk=matter.pk)
        matter.application = with_version(found)
    return found


def _shown(on: date) -> QuerySet[Application]:
    newer = Version.objects.filter(in_force(on), item=OuterRef("item")).exclude(pk=OuterRef("version"))
    of_firm = Breach.objects.filter(application__firm=OuterRef("firm"))
    of_person = Breach.objects.filter(
        application__firm=None, application__matter__reporter=OuterRef("matter__reporter")
    )
    stained = Case(When(firm=None, then=Exists(of_person)), default=Exists(of_firm))
    rows = Application.objects.select_related("version__item", "item", "firm")
    return rows.annotate(is_behind=Exists(newer), has_stains=stained)


def sheets(matter: Matter) -> list[Sheet]:
    """The check-list in the order of the version.  One query, two where there are files."""
    rows = handed_of(matter)
    ids = [pk for row in rows for pk in row.kept]  # type: ignore[attr-defined]
    files = Attachment.objects.in_bulk(ids) if ids else {}
    return [Sheet(row, [files[pk] for pk in row.kept]) for row in rows]  # type: ignore[attr-defined]


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


def behind_q(on: date) -> Q:
    """Open applications for whose item another version counts on that day.

    The versions are gathered once and looked up: asked of each application, all that were ever closed would be passed by.
    """
    newer = Version.objects.filter(in_force(on), item=OuterRef("item")).exclude(pk=OuterRef("pk"))
    older = Version.objects.filter(Exists(newer)).values("pk")
    gathered = Func(
        F("version"), ArraySubquery(older), arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField()
    )  # fmt: skip
    return Q(is_open=True) & Q(gathered)


BEHIND = "application.behind"


def behind_set(on: date) -> Q:
    """``behind_q`` for matters."""
    return Q(kind="application") & Q(pk__in=Application.objects.filter(behind_q(on)).values("pk"))


def part_of(matter: Matter, by: Actor, _at: datetime) -> dict[str, Any]:
    """What the page of a matter shows of an application."""
    case, knows_people = case_of(matter), by.may("register.reveal")
    return {
        "case": case, "sheets": sheets(matter), "answers": answers_of(case), "may_reveal": knows_people,
        "deliver_to": case.deliver_to if knows_people else mask_inline(case.deliver_to),
        "pause": pause_of(matter), "is_behind": case.is_open and case.is_behind,  # type: ignore[attr-defined]
        "stains": against(matter.reporter_id, case.firm_id) if case.has_stains else [],  # type: ignore[attr-defined]
    }  # fmt: skip


def answers_of(case: Application) -> list[Answered]:
    """The answers with their questions, in the order of the form; the numbers of people in them are masked."""
    given = ((one, case.answers[one.slug]) for one in case.version.form if one.slug in case.answers)
    shown = ((one, value, masked(one, value)) for one, value in given)
    return [Answered(one.slug, one.label, text, text != said(one, value)) for one, value, text in shown]


def written_in(matter: Matter, slug: str) -> Written:
    """An answer that is masked on the page of the matter, to be revealed.  NotFound where there is none."""
    case = case_of(matter) if matter.kind == KIND else None
    for one in case.version.form if case else ():
        if case and one.slug == slug in case.answers and matter.reporter_id:
            return Written(matter.reporter_id, slug, str(said(one, case.answers[slug])))
    raise NotFound("no_answer", gettext("没有找到这项填写内容。"))


def pause_of(matter: Matter) -> str:
    """Which special step is under way (Law on Administrative Licensing, article 45)."""
    record = last_told(matter, "special") if matter.is_paused else None
    if record is None:
        return ""
    _text, facts = words_of(KINDS["application"].moves["special"], record)
    said = gettext("正在进行%(step)s，约需%(days)s个工作日，所需时间依法不计入办理时限。")
    return said % {"step": facts[0][1] if facts else "", "days": record.data.get("days", "")}


def last_told(matter: Matter, action: str) -> Record | None:
    """What was last said of such a move to the applicant."""
    return matter.records.filter(action=action, is_public=True, erased_at=None).order_by("-at").first()
