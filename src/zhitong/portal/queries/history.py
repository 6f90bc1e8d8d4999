"""What happened to a matter, as a time line and as steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.kernel.events.public import Event, describe
from zhitong.kernel.matters.public import KINDS, Grade, Matter, TaskRole
from zhitong.kernel.organisation.public import organ_names
from zhitong.ui.public import moment

TONES = {"overdue": "bad", "moderate": "bad", "severe": "bad", "warning": "warn"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the time line shows it."""

    seq: int
    title: str
    icon: str
    tone: str
    at: datetime
    by: str
    text: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps that everybody knows: done, current, back (again), skipped or waiting."""

    label: str
    mark: str
    state: str
    at: datetime | None
    note: str


def entries(matter: Matter, events: Sequence[Event]) -> list[Entry]:
    """Events in words, in the order given."""
    organs = organ_names({UUID(t["organ"]) for e in events for t in e.data.get("tasks", ())})
    return [_entry(matter, event, organs) for event in events]


def _entry(matter: Matter, event: Event, organs: Mapping[UUID, str]) -> Entry:
    label, icon, sentence = describe(event)
    kind = KINDS[matter.kind]
    action = kind.moves.get(event.kind.partition(".")[2])
    labels = {c.slug: str(c.label) for c in kind.clocks}
    text = _("；").join(
        filter(None, [sentence, _passed(event.data, labels), *_tasks(event.data, organs), *_clocks(event.data, labels)])
    )
    return Entry(
        event.seq, label, icon, TONES.get(str(event.data.get("grade")), "neutral"), event.at, _who(event), text,
        bool(action and action.is_public) or event.kind.endswith(".opened"),
    )  # fmt: skip


def _who(event: Event) -> str:
    """A person by the name they went by, a machine in the reader's language."""
    return _(event.by_label) if event.by_account is None and event.by_label else event.by_label


def _passed(data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """A clock went from one grade to the next."""
    clock, grade = data.get("clock"), data.get("grade")
    if clock not in labels or grade not in Grade.values:
        return ""
    return _("%(clock)s：%(grade)s") % {"clock": labels[str(clock)], "grade": Grade(grade).label}


def _tasks(data: Mapping[str, Any], organs: Mapping[UUID, str]) -> Iterable[str]:
    for told in data.get("tasks", ()):
        if told.get("did") == "sent":
            role = TaskRole(told["role"]).label
            yield _("派给%(organ)s（%(role)s）") % {"organ": organs.get(UUID(told["organ"]), "—"), "role": role}


def _clocks(data: Mapping[str, Any], labels: Mapping[str, str]) -> Iterable[str]:
    ended = {t.get("slug") for t in data.get("clocks", ()) if t.get("did") in ("stopped", "cancelled")}
    for told in data.get("clocks", ()):
        if (
            told.get("slug") not in ended
            and told.get("did") in ("extended", "recomputed", "changed", "resumed")
            and told.get("slug") in labels
        ):
            due = moment(datetime.fromisoformat(str(told["due_at"])))
            yield _("%(clock)s调整至%(due)s") % {"clock": labels[told["slug"]], "due": due}


def steps(matter: Matter, events: Sequence[Event]) -> list[Step]:
    """The steps of the kind: those reached, the one under way, those that were waived.  ``events`` in their order."""
    kind = KINDS[matter.kind]
    order = [slug for slug, _label in kind.steps]
    reached = order.index(kind.by_slug[matter.stage].step)
    times, waived = _reached(matter, events)
    is_over = matter.closed_at is not None
    found = []
    for index, (slug, label) in enumerate(kind.steps):
        state = "done" if index <= reached else "current" if index == reached + 1 and not is_over else "waiting"
        if state == "current" and matter.round > 1 and slug in times:
            state = "back"
        if slug in waived and state == "done":
            state = "skipped"
        found.append(
            Step(str(label), str(label)[:1], state, times.get(slug) if index <= reached else None, waived.get(slug, ""))
        )
    return found


def _reached(matter: Matter, events: Sequence[Event]) -> tuple[dict[str, datetime], dict[str, str]]:
    """When each step was last come to, and which of them by a waiver."""
    kind = KINDS[matter.kind]
    times: dict[str, datetime] = {}
    waived: dict[str, str] = {}
    for event in events:
        came, went = event.data.get("from"), event.data.get("to")
        if went not in kind.by_slug or came == went:
            continue
        step = kind.by_slug[went].step
        is_within = came in kind.by_slug and kind.by_slug[came].step == step
        if is_within and step in times and not event.data.get("waived"):
            continue  # from one stage of the step to another
        times[step] = event.at
        if event.data.get("waived"):
            waived[step] = describe(event)[0]
        else:
            waived.pop(step, None)
    return times, waived
