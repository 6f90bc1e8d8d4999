"""What an applicant sees of the own application."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import organ_names

from ..choices import Outcome
from ..models import Application
from .cases import Sheet, answers_of, case_of, last_told, pause_of, sheets

KIND = "application"
# m.Told to the applicant although the words of it are not.
BARE = ("opened", "examine")


@dataclass(kw_only=True)
class Course:
    """How far a matter is, as whoever asked for it is told."""

    matter: m.Matter
    steps: list[m.Step]
    stage: m.Stage
    organ: str
    dues: list[m.FollowedDue]
    told: list[m.Told]


def course(matter: m.Matter) -> dict[str, Any]:
    """The parts of `Course`.  A handful of queries."""
    events = list(stream(matter.pk))
    return {
        "matter": matter, "steps": m.progress(matter, events), "stage": m.KINDS[matter.kind].by_slug[matter.stage],
        "organ": lead_of(matter), "dues": m.dues_of(matter), "told": told_of(matter, events),
    }  # fmt: skip


@dataclass(kw_only=True)
class Followed(Course):
    """Everything the page of an application shows to whoever applied; ``notice``: what was said to be missing, while it is;
    ``pause``: why the limits do not run, while they do not."""

    case: Application
    sheets: list[Sheet]
    answers: list[tuple[str, Any]]
    notice: str = ""
    pause: str = ""

    @property
    def outcome(self) -> str:
        """What was decided."""
        return str(Outcome(self.matter.outcome).label) if self.matter.outcome in Outcome.values else ""

    @property
    def lacks(self) -> list[Sheet]:
        """What the applicant has still to hand in."""
        return [one for one in self.sheets if one.row.state in ("missing", "deferred")]


def followed(by: Actor, number: str, kind: str = KIND) -> m.Matter:
    """The matter of that number and kind, when this browser has shown its code; otherwise NotFound, whether there is one or not."""
    matter = m.visible_matters(Actor.resident(by.tracked)).filter(kind=kind, number=number).first()
    if matter is None:
        raise NotFound("no_application", gettext("请输入查询码后查看。"))
    return matter


def course_of(matter: m.Matter) -> Followed:
    """How far it is.  A handful of queries."""
    case = case_of(matter)
    return Followed(
        **course(matter),
        case=case,
        sheets=sheets(matter),
        answers=[(one.label, one.value) for one in answers_of(case)],
        notice=_notice(matter),
        pause=pause_of(matter),
    )


def _notice(matter: m.Matter) -> str:
    """The words of the last notice of correction, as long as it stands."""
    if matter.stage != "awaiting":
        return ""
    record = last_told(matter, "correct")
    return str(record.data.get("words", "")) if record else ""


def lead_of(matter: m.Matter) -> str:
    """The name of the organ in the lead; empty while there is none."""
    return organ_names([matter.lead_id], in_full=True).get(matter.lead_id, "") if matter.lead_id else ""


def told_of(matter: m.Matter, events: list[Event]) -> list[m.Told]:
    """Newest first: what is public by its declaration, and the moves that every applicant may know of."""
    records = {row.event: row for row in matter.records.filter(is_public=True, erased_at=None)}
    found = [_entry(m.KINDS[matter.kind], event, records.get(event.id)) for event in reversed(events)]
    return [entry for entry in found if entry is not None]


def _entry(kind: m.Kind, event: Event, record: m.Record | None) -> m.Told | None:
    slug = event.kind.partition(".")[2]
    if slug == "opened":
        return m.Told(event.at, gettext("收到申请"), "inbox")
    action = kind.moves.get(slug)
    if action is None or not (action.is_public or slug in BARE):
        return None
    text, facts = m.words_of(action, record) if record else ("", ())
    return m.Told(event.at, str(action.past or action.label), action.icon, text=text, facts=facts)


def file_of(by: Actor, number: str, file_id: UUID) -> m.Attachment:
    """A file that was handed in with an application that this browser follows."""
    own = Q(matter__in=by.tracked) & (Q(is_public=True) | Q(purpose=m.Purpose.MATERIAL))
    found = m.Attachment.objects.filter(own, pk=file_id, matter__number=number, matter__kind=KIND).first()
    if found is None:
        raise NotFound("no_file", gettext("没有找到这个文件。"))
    return found
