"""Reading matters of every kind: lists, one with everything, what happened to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.paging import stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Named, Page
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters.public import KINDS, Attachment, Clock, ClockState, Grade, Matter, why
from zhitong.ui.public import named

from ..queries import listing
from ..queries import matter as reading
from ..queries.history import entries
from ..queries.listing import Line
from ..queries.said import Said
from .schemas import (
    AnswerSeen,
    ClockSeen,
    FileSeen,
    HappenedSeen,
    MatterFilter,
    MatterLine,
    MatterSeen,
    PersonSeen,
    RecordSeen,
    TaskSeen,
    TieSeen,
)  # fmt: skip

READS = Needs(("read",), "matters.view")
routes = Routes("matters", _("事项"))
PLAIN = ("q", "organ", "division", "category", "channel", "urgency", "grade", "company", "since", "until")


def line(row: Line) -> dict[str, Any]:
    """A matter as a list shows it."""
    m = row.matter
    columns = (
        "id", "number", "kind", "stage", "channel", "urgency", "grade", "is_public", "is_paused", "lon", "lat",
        "opened_at", "stage_at", "due_at", "closed_at", "version",
    )  # fmt: skip
    return {
        **{name: getattr(m, name) for name in columns},
        "subkind": m.subkind.slug, "stage_label": row.stage, "title": row.title, "division": m.division_id,
        "category": _named(m.category_id, row.category), "area": _named(m.area_id, row.area),
        "lead": _named(m.lead_id, row.organ),
    }  # fmt: skip


def _named(pk: UUID | None, name: str) -> Named | None:
    return Named(id=pk, name=name) if pk else None


def lines(rows: Sequence[Matter]) -> list[MatterLine]:
    """The same for a page of them."""
    return [MatterLine.model_validate(line(row)) for row in listing.lines(rows)]


@routes.serve(
    "GET", "/matters", needs=READS, gives=Page[MatterLine], summary=_("列出和查找事项"), says=_("新提出的在前。")
)
def list_matters(request: HttpRequest, asked: Query[MatterFilter]) -> Page[MatterLine]:
    """What the token may see and fits every filter, the newest first."""
    rows = listing.filtered(actor_of(request), _wanted(asked)).filter(**_equal(asked))
    if asked.changed_since:
        changed = Event.objects.filter(stream_kind="matter", recorded_at__gte=asked.changed_since)
        rows = rows.filter(pk__in=changed.values("stream"))
    found, after = stretch(rows.select_related("lead", "category", "subkind").defer("text", "tracking", "path"), asked)
    return Page(items=lines(found), next=after)


def _wanted(asked: MatterFilter) -> dict[str, Any]:
    """As the list of the desk takes it."""
    wanted = {name: value for name in PLAIN if (value := getattr(asked, name)) is not None}
    ids = {name: str(value) for name, value in wanted.items() if isinstance(value, UUID)}
    return {**wanted, **ids, "stage": asked.state}


def _equal(asked: MatterFilter) -> dict[str, str]:
    wanted = {"kind": asked.kind, "stage": asked.stage, "subkind__slug": asked.subkind}
    return {name: value for name, value in wanted.items() if value}


@routes.serve("GET", "/matters/{uuid:matter_id}", needs=READS, gives=MatterSeen, summary=_("查看一件事项"))
def read_matter(request: HttpRequest, matter_id: UUID) -> MatterSeen:
    """Everything its page shows."""
    seen = reading.detail(matter_id, actor_of(request), timezone.now(), with_course=False)
    [shown] = listing.lines([seen.matter])
    m = seen.matter
    return MatterSeen(
        **(line(shown) | {"title": seen.title}), text=seen.text, address=seen.address, round=m.round, outcome=m.outcome,
        satisfaction=m.satisfaction, clocks=[_clock(c, m) for c in seen.clocks], tasks=[_task(t) for t in seen.tasks],
        people=[PersonSeen(name=who.name, part=who.part) for who in seen.people],
        files=[_file(f) for f in seen.report_files], records=[_record(r) for r in seen.records],
        ties=[
            TieSeen(label=t.label, id=t.matter.pk, number=t.matter.number, stage_label=t.stage)
            for t in seen.ties if t.may_open
        ],
    )  # fmt: skip


def _clock(clock: Clock, matter: Matter) -> ClockSeen:
    labels = {spec.slug: str(spec.label) for spec in KINDS[matter.kind].clocks}
    return ClockSeen(
        slug=clock.slug, label=labels.get(clock.slug, clock.slug), state=ClockState(clock.state),
        grade=Grade(clock.grade),
        started_at=clock.started_at, due_at=clock.due_at, why=why(clock),
    )  # fmt: skip


def _task(task: Any) -> TaskSeen:
    return TaskSeen(
        organ=Named(id=task.organ_id, name=named(task.organ)), role=task.role, state=task.state,
        assignee=task.assignee.name if task.assignee else "", sent_at=task.sent_at, ended_at=task.ended_at,
    )  # fmt: skip


def _file(file: Attachment) -> FileSeen:
    return FileSeen.model_validate(file, from_attributes=True)


def _record(said: Said) -> RecordSeen:
    return RecordSeen(
        action=said.record.action, label=said.label, organ=said.organ, at=said.record.at, by=said.record.by_label,
        answers=[AnswerSeen(label=a.label, value=a.value) for a in said.answers], files=[_file(f) for f in said.files],
    )  # fmt: skip


@routes.serve(
    "GET", "/matters/{uuid:matter_id}/events", needs=READS, gives=Page[HappenedSeen], summary=_("事项的经过"),
    says=_("旧的在前；把最后的seq作为after，只读新的。"),
)  # fmt: skip
def list_events(request: HttpRequest, matter_id: UUID, asked: Query[Asked]) -> Page[HappenedSeen]:
    """The events of a matter in their order."""
    matter = reading.find(matter_id, actor_of(request))
    found, after = stretch(stream(matter.pk), asked, by="seq")
    told = [
        HappenedSeen(seq=e.seq, kind=row.kind, label=e.title, at=e.at, by=e.by, text=e.text, is_public=e.is_public)
        for row, e in zip(found, entries(matter, found), strict=True)
    ]
    return Page(items=told, next=after)
