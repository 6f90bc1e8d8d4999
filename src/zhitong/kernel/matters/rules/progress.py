"""How far a matter has come: its public steps, worked out from its moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .kinds import Kind

DONE, CURRENT, BACK, WAITING, SKIPPED = "done", "current", "back", "waiting", "skipped"


@dataclass(frozen=True, slots=True)
class Move:
    """One event of a matter: where it came to, when, and whether a step was waived with it."""

    to: str
    at: datetime
    is_waiver: bool = False


def states(kind: Kind, moves: Sequence[Move], stage: str, round_: int) -> list[tuple[str, datetime | None]]:
    """State and moment of each public step, in the order of the kind.

    A step is done once the matter came to a stage of it, or to one of a later step (then it was skipped).  What was done
    before a matter was sent back stands open again.
    """
    order = {slug: n for n, (slug, _label) in enumerate(kind.steps)}
    step_of: Mapping[str, int] = {s.slug: order[s.step] for s in kind.stages}
    here, is_over = step_of[stage], kind.is_end(stage)
    entered: dict[int, Move] = {}
    last = -1
    for move in moves:
        step = step_of[move.to]
        if step != last or move.is_waiver:
            entered[step] = move
        last = step
    next_ = BACK if round_ > 1 else CURRENT
    return [_state(entered.get(n), n - here, is_over, next_) for n in range(len(kind.steps))]


def _state(entered: Move | None, ahead: int, is_over: bool, next_: str) -> tuple[str, datetime | None]:
    if ahead > 0:
        return (next_ if ahead == 1 and not is_over else WAITING), None
    if entered is None:
        return SKIPPED, None
    return (SKIPPED if entered.is_waiver else DONE), entered.at
