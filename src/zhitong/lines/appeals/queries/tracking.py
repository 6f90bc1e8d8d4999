"""What whoever raised an appeal sees of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import organ_names

from ..choices import Satisfaction
from ..rules import for_all
from .public import KIND, REPLIED, file_is_public, public_appeals

# Moves of the house that are nobody's business outside it, and what is said of the others.
INSIDE = {"send_back", "assign", "note", "add_co", "publish", "reroute", "expedite"}
# In which answer of which move the reply to the person stands.
WRITTEN = {"conclude": "reply", "on_spot": "done"}
# The photos and papers of these moves are shown to the person together with the reply.
EVIDENT = ("handle", "conclude", "on_spot")
MOST_HOPS = 5


@dataclass
class Progress:
    """Everything a tracking page shows.  ``files`` are what the person sent; ``results`` what the organ shows with its reply."""

    matter: m.Matter
    steps: list[m.Step]
    stage_label: Any
    is_over: bool
    holders: list[str]
    dues: list[m.FollowedDue]
    told: list[m.Told]
    reply: str
    files: list[m.Attachment] = field(default_factory=list)
    results: list[m.Attachment] = field(default_factory=list)


def tracked_appeal(by: Actor, number: str) -> m.Matter:
    """The appeal of that number, when this browser has shown its code; otherwise NotFound, whether there is one or not."""
    rows = m.visible_matters(Actor.resident(by.tracked)).filter(kind=KIND, number=number)
    matter = rows.select_related("appeal", "subkind", "area", "category").first()
    if matter is None:
        raise NotFound("no_appeal", gettext("请输入查询码后查看。"))
    return matter


def main_of(matter: m.Matter) -> m.Matter | None:
    """The appeal that a merged one is handled with, through as many mergers as there were."""
    found = None
    for _hop in range(MOST_HOPS):
        if (found or matter).stage != "merged":
            break
        link = m.Link.objects.filter(source=found or matter, relation=m.Relation.DUPLICATE_OF)
        target = link.select_related("target__appeal").first()
        if target is None:
            break
        found = target.target
    return found


def progress_of(matter: m.Matter, *, is_own: bool = True) -> Progress:
    """How far it is.  With ``is_own`` False nothing that a person said is in it: for the main one of a merged appeal."""
    events = list(stream(matter.pk))
    kind = m.KINDS[KIND]
    replied = matter.appeal.reply if matter.stage in REPLIED or kind.is_end(matter.stage) else ""
    names = [] if is_own or matter.reporter is None else [matter.reporter.name]
    files = _files(matter, is_own=is_own)
    return Progress(
        matter=matter,
        steps=m.progress(matter, events),
        stage_label=kind.by_slug[matter.stage].label,
        is_over=kind.is_end(matter.stage),
        holders=waiting_for(matter),
        dues=m.dues_of(matter),
        told=_told(matter, events, with_words=is_own),
        reply=replied if is_own else for_all(replied, names),
        files=[file for file in files if not _is_result(file)],
        results=[file for file in files if _is_result(file)],
    )


def waiting_for(matter: m.Matter) -> list[str]:
    """Names of whoever has it now: the organs with an open task, lead first; the centre when nobody has."""
    if m.KINDS[KIND].is_end(matter.stage):
        return []
    tasks = sorted(matter.tasks.filter(state=m.TaskState.OPEN), key=lambda t: t.role != m.TaskRole.LEAD)
    names = organ_names((task.organ_id for task in tasks), in_full=True)
    return [names[task.organ_id] for task in tasks] or [gettext("综治中心")]


def _files(matter: m.Matter, *, is_own: bool) -> list[m.Attachment]:
    rows = matter.attachments.select_related("record").order_by("added_at", "id")
    return list(rows.filter(_may_see(is_own=is_own)))


def _may_see(*, is_own: bool) -> Q:
    """One's own: what was sent in, what was shown to the reporter, and once there is a reply what was done for it; of others
    what is public to all."""
    shown_with_reply = Q(record__action__in=EVIDENT, matter__stage__in=REPLIED)
    return Q(is_public=True) | Q(purpose=m.Purpose.REPORT) | shown_with_reply if is_own else file_is_public()


def _is_result(file: m.Attachment) -> bool:
    return file.record is not None and file.record.action in EVIDENT


def file_of(by: Actor, number: str, file_id: UUID) -> m.Attachment:
    """A file of an appeal that this browser tracks, or a public one of a public appeal; otherwise NotFound."""
    own = Q(matter__in=by.tracked) & _may_see(is_own=True)
    open_ = _may_see(is_own=False) & Q(matter__in=public_appeals())
    found = m.Attachment.objects.filter(own | open_, pk=file_id, matter__number=number, matter__kind=KIND).first()
    if found is None:
        raise NotFound("no_file", gettext("没有找到这个文件。"))
    return found


# the course of events


def _told(matter: m.Matter, events: Sequence[Event], *, with_words: bool) -> list[m.Told]:
    """Newest first: every move to another stage, and whatever is public by its declaration."""
    records = {r.event: r for r in matter.records.all()} if with_words else {}
    replies, organs = _replies(events, records), _organs(events)
    public = {pk: record for pk, record in records.items() if record.is_public}
    entries = [_entry(event, public.get(event.id), organs, replies.get(event.id, "")) for event in events]
    return [entry for entry in reversed(entries) if entry is not None]


def _replies(events: Iterable[Event], records: Mapping[UUID, m.Record]) -> dict[UUID, str]:
    """Each reply with the event by which it was given: of several handlings the person has several."""
    replies: dict[UUID, str] = {}
    written = ""
    for event in events:
        record = records.get(event.id)
        if record is not None and record.action in WRITTEN and not record.erased_at:
            written = str(record.data.get(WRITTEN[record.action], ""))
        if event.data.get("to") == "concluded" != event.data.get("from"):
            replies[event.id], written = written, ""
    return replies


def _entry(event: Event, record: m.Record | None, organs: dict[str, str], reply: str) -> m.Told | None:
    slug = event.kind.partition(".")[2]
    if slug == "opened":
        return m.Told(event.at, gettext("收到诉求"), "inbox")
    action = m.KINDS[KIND].moves.get(slug)
    if action is None or slug in INSIDE or (event.data.get("from") == event.data.get("to") and not action.is_public):
        return None
    text, facts = m.words_of(action, record) if record and not record.erased_at else ("", ())
    return m.Told(event.at, _title(event, action), action.icon, _sent_to(event, organs), text or reply, facts)


def _title(event: Event, action: m.Action) -> str:
    """What was done; of a visit also what comes of it."""
    past = str(action.past or action.label)
    if action.slug == "visit" and (again := event.data.get("again")):
        return gettext("已回访：不满意，转督查") if again == "supervision" else gettext("已回访：不满意，再次办理")
    if action.slug == "visit" and str(event.data.get("grade")) in Satisfaction.values:
        return gettext("已回访：%(grade)s") % {"grade": Satisfaction(str(event.data["grade"])).label}
    return past


def _sent_to(event: Event, organs: dict[str, str]) -> str:
    lead = [t["organ"] for t in event.data.get("tasks", ()) if t["did"] == "sent" and t["role"] == m.TaskRole.LEAD]
    return organs.get(lead[0], "") if lead else ""


def _organs(events: Sequence[Event]) -> dict[str, str]:
    ids = {UUID(t["organ"]) for event in events for t in event.data.get("tasks", ())}
    return {str(i): name for i, name in organ_names(ids, in_full=True).items()}
