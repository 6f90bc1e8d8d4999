"""A kind of matter as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from .clocks import Terms

OwnTerms = Mapping[UUID, Mapping[str, Terms | None]]


class Who(StrEnum):
    """How somebody must stand to a matter to take an action on it; the permission is asked for besides."""

    SCOPE = "scope"  # the matter lies within the scope of the grant
    LEAD = "lead"  # an open lead task of the own organ
    TASKED = "tasked"  # any open task of the own organ
    ABOVE = "above"  # within scope, and not the one who asked
    OUTSIDER = "outsider"  # within scope, and the own organ never handled it
    REPORTER = "reporter"  # the resident who raised it or joined it
    ANY_RESIDENT = "any_resident"  # anybody, on a matter that is public
    SYSTEM = "system"  # the machine itself


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a matter stands.  ``step`` is the step of the public progress bar that it belongs to."""

    slug: str
    label: Any
    step: str
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A clock runs as long as the matter is in one of ``runs_in`` during one of the rounds.

    ``is_held`` False: it runs on while the matter is paused.  ``on_due`` is the action that the system takes, without a form, when
    it runs out; it must be one that ends the clock, or it is tried again at every later grade.
    """

    slug: str
    label: Any
    runs_in: frozenset[str]
    first_round: int = 1
    last_round: int = 1
    is_held: bool = True
    on_due: str = ""

    def runs(self, stage: str, round_: int) -> bool:
        """Whether this clock runs in ``stage`` of the ``round_``-th handling."""
        return stage in self.runs_in and self.first_round <= round_ <= self.last_round


@dataclass(frozen=True, slots=True)
class Action:
    """One move: from which stages, to which, by whom, asking what, with which effect.

    ``to`` None leaves the stage to the effect (or unchanged).  ``effect(ctx, payload)`` changes the matter through its
    context only.  ``shows`` says when, beyond stage and person, it is offered.  ``is_public`` events are shown to the resident.
    ``keeps`` False leaves no record of what was said (where it went into the register instead).  ``takes`` says what files
    given with it are kept as: no files when empty, all of them as the one purpose, or each as one of several.
    ``filed(ctx, payload, attachments)`` runs once they are kept.
    """

    slug: str
    label: Any
    from_: tuple[str, ...]
    to: str | None = None
    who: tuple[Who, ...] = (Who.SCOPE,)
    permission: str = ""
    payload: type[msgspec.Struct] | None = None
    effect: Callable[[Any, Any], None] | None = None
    shows: Callable[[Any], bool] | None = None
    when_paused: bool = False
    is_public: bool = False
    keeps: bool = True
    takes: tuple[str, ...] = ()
    filed: Callable[[Any, Any, Sequence[Any]], None] | None = None
    icon: str = "arrow-right"
    tone: str = "secondary"
    past: Any = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Stages, actions and clocks of one kind of matter.

    ``steps`` are the public steps in order (slug, label).  The first stage is the one a new matter is in.  Staff need
    ``open_permission`` to open one.  ``received_letter`` tells the reporter that it came in.  ``opened(matters, openings)`` runs inside
    the transaction of a batch.  Whoever holds ``supervise_permission`` is told what is late.

    ``text_label`` and ``people_label`` head its text and its people on the page of staff.  ``has_category``: its matters are sorted
    into categories.  ``takes_findings``: other lines raise matters of it from what they find, by text, place and category alone.
    ``followed_at`` is the name of the page on which whoever raised it follows it, by its number.

    ``terms(matters, openings)`` is for kinds whose matters bring their own limits: for each matter by its id the limits of its
    clocks, None where a clock does not run; a clock that is not named has the district's limit.  ``openings`` belong to the matters
    one by one while a batch is opened, and are None afterwards, when the line has its own rows.

    ``actions`` are the kind's own; ``moves`` are all by slug, also those that belong to every kind (``declare_common``).

    ``erased(matter_ids, action)`` takes out what the line itself keeps of their words: of all, or of what
    was written down in one action.  ``written(matter)`` gives what the line keeps of them as (label, text), for who asks what is held.
    """

    slug: str
    label: Any
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    clocks: tuple[ClockSpec, ...] = ()
    steps: tuple[tuple[str, Any], ...] = ()
    open_permission: str = ""
    opened: Callable[[Any, Any], None] | None = None
    erased: Callable[[Any, str], None] | None = None
    written: Callable[[Any], Iterable[tuple[str, str]]] | None = None
    received_letter: str = ""
    supervise_permission: str = ""
    followed_at: str = ""
    text_label: Any = ""
    people_label: Any = ""
    has_category: bool = True
    takes_findings: bool = False
    terms: Callable[[Sequence[Any], Sequence[Any] | None], OwnTerms] | None = None
    by_slug: dict[str, Stage] = field(init=False, default_factory=dict, compare=False)
    moves: dict[str, Action] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self.by_slug.update({s.slug: s for s in self.stages})
        self.moves.update({a.slug: a for a in self.actions})
        self._check()

    def _check(self) -> None:
        """A table that names a stage it does not have does not load."""
        if len(self.by_slug) != len(self.stages) or len(self.moves) != len(self.actions):
            raise ValueError(f"{self.slug}: a stage or an action is declared twice")
        named = {s for a in self.actions for s in (*a.from_, *([a.to] if a.to else []))}
        named |= {s for c in self.clocks for s in c.runs_in}
        steps = {slug for slug, _ in self.steps}
        if unknown := named - set(self.by_slug):
            raise ValueError(f"{self.slug}: unknown stages {sorted(unknown)}")
        if unknown := {s.step for s in self.stages} - steps:
            raise ValueError(f"{self.slug}: unknown steps {sorted(unknown)}")
        if unknown := {c.on_due for c in self.clocks if c.on_due} - set(self.moves):
            raise ValueError(f"{self.slug}: unknown actions {sorted(unknown)}")

    @property
    def opening(self) -> str:
        """The stage a new matter is in."""
        return self.stages[0].slug

    def is_end(self, stage: str) -> bool:
        """Whether nothing is waited for any more."""
        return self.by_slug[stage].is_end

    def spec(self, clock: str) -> ClockSpec | None:
        """What is declared of a clock."""
        return next((c for c in self.clocks if c.slug == clock), None)

    def own_terms(self, matters: Sequence[Any], openings: Sequence[Any] | None = None) -> OwnTerms:
        """The limits these matters bring along; nothing where the kind has none of its own."""
        return self.terms(matters, openings) if self.terms and matters else {}

    def take(self, common: Action, *, also_ended: bool) -> None:
        """One more move, of no line in particular: in every stage, or in every one that is no end."""
        if common.slug in self.moves:
            raise ValueError(f"{self.slug}: {common.slug} is declared twice")
        stages = tuple(stage.slug for stage in self.stages if also_ended or not stage.is_end)
        self.moves[common.slug] = replace(common, from_=stages)

    def running(self, stage: str, round_: int) -> set[str]:
        """Slugs of the clocks that run in ``stage``."""
        return {c.slug for c in self.clocks if c.runs(stage, round_)}


KINDS: dict[str, Kind] = {}
COMMON: list[tuple[Action, bool]] = []


def register_kind(kind: Kind) -> Kind:
    """Tell the engine of a kind; the same slug twice is a mistake in code."""
    if KINDS.setdefault(kind.slug, kind) is not kind:
        raise ValueError(f"kind {kind.slug} is registered twice")
    for action, also_ended in COMMON:
        kind.take(action, also_ended=also_ended)
    return kind


def register_common(action: Action, *, also_ended: bool) -> None:
    """Add a move to every kind, those that are told of later too."""
    COMMON.append((action, also_ended))
    for kind in KINDS.values():
        kind.take(action, also_ended=also_ended)
