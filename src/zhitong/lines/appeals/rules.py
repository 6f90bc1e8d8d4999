"""Where an appeal goes: pure functions on plain values."""

from datetime import datetime, timedelta

from .choices import SATISFIED

REOPEN_WITHIN = timedelta(days=30)
ARBITRATED_FROM = 2
MOST_VISITS_MISSED = 3
PETITION = "petition"


def after_return(returns: int) -> str:
    """The first return goes back to the dispatcher, the second to the arbiter."""
    return "arbitration" if returns >= ARBITRATED_FROM else "received"


def is_satisfied(grade: int) -> bool:
    """The first three of the five grades."""
    return grade in SATISFIED


def after_dissatisfaction(round_: int) -> str:
    """The first time the organ handles it again; the second time it goes to supervision."""
    return "second" if round_ == 1 else "supervision"


def may_reopen(closed_at: datetime | None, at: datetime) -> bool:
    """Within thirty days of closing."""
    return closed_at is not None and at <= closed_at + REOPEN_WITHIN


def next_review(stage: str, done: int) -> str | None:
    """A petition is reviewed once and re-reviewed once (Regulation on Petitions: 复查、复核); then it is final."""
    return {0: "review", 1: "rereview"}.get(done) if stage == "closed" else None
