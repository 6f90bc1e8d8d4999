"""The two sizes of a hall that are compared: ten thousand applications and a million, otherwise alike."""

from datetime import timedelta
from functools import partial
from typing import Any

from . import setting
from .districts import SIZES
from .fill import TABLES, fill, run

DATABASES = {size: f"hall_{size}" for size in SIZES}
SEEDS, SPAN = 400, timedelta(days=365)
FAVOUR = 0.8  # the n-th item is asked for n to that power times less often than the first
# What no page of the hall reads is left out, so that a million takes half the room: events, letters to applicants, papers' facts.
_LETTERS, _PAPERS = TABLES["events_notice"], TABLES["papers_paper"]
LEAN = {
    "events_event": None,
    "events_notice": (f"{_LETTERS[0]} WHERE t.to_contact IS NULL", _LETTERS[1]),
    "papers_paper": (_PAPERS[0], {**_PAPERS[1], "facts": "''::bytea"}),
}
PAPERS = "UPDATE papers_paper SET docx = sha256(id::text::bytea), pdf = sha256(id::text::bytea), next_at = NULL"


def ensure() -> None:
    """Make what is missing; the million takes minutes, once for every schema."""
    for size in SIZES:
        _ensure(size)


def ensure_small() -> None:
    """Make the small one only."""
    _ensure("small")


def _ensure(size: str) -> None:
    total = SIZES[size]
    setting.ensure("hall_seed", f"{SEEDS} applications", seed)
    made_by = f"{total} applications from {SEEDS}, lean"
    setting.ensure(DATABASES[size], made_by, partial(fill, total, LEAN), source="hall_seed")


def seed() -> None:
    """The originals: a year of applications, taken through all their ways by the engine; their papers count as made."""
    from django.utils import timezone

    from zhitong.config.demo import cases, history, loading
    from zhitong.kernel.events.public import SHANGHAI
    from zhitong.kernel.matters.public import tick
    from zhitong.kernel.reviews.public import load_defaults

    now = timezone.now()
    load_defaults(by=loading.BY)
    run("SET synchronous_commit = off")
    w = history.world(now.astimezone(SHANGHAI))
    w.random.seed(loading.SEED)
    liked = {way: _liked(items) for way, items in cases.fitting(w).items()}
    cases.tell(w, liked, SEEDS, "bench-hall", SPAN)
    tick(now, most=10**6)
    loading.settle_notices(now)
    run(PAPERS)


def _liked(items: list[Any]) -> list[Any]:
    """A few items are asked for by many, most by few: as often as each is to be chosen."""
    return [item for n, item in enumerate(items, start=1) for _ in range(round(100 * n**-FAVOUR))]
