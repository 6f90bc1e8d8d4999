"""The public steps of a matter, with their dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhitong.kernel.events.public import Event, stream

from ..models import Matter
from ..rules import progress as rules
from ..rules.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """One step as ``ui.stage_steps`` shows it: done, current, back (once more), waiting or skipped."""

    slug: str
    label: Any
    state: str
    at: datetime | None


def progress(matter: Matter, events: Iterable[Event] | None = None) -> list[Step]:
    """The steps of ``matter``; ``events`` are those of its stream when they are at hand."""
    kind = KINDS[matter.kind]
    told = stream(matter.pk) if events is None else events
    moves = [rules.Move(e.data["to"], e.at, "waived" in e.data) for e in told if e.data.get("to") in kind.by_slug]
    found = rules.states(kind, moves, matter.stage, matter.round)
    return [Step(slug, label, state, at) for (slug, label), (state, at) in zip(kind.steps, found, strict=True)]
