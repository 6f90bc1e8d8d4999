"""What the worker does for the dispatcher."""

import logging
from datetime import datetime

from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS

from .actions import pass_sure, train
from .actions.checking import check_replies
from .actions.company import count_joined
from .actions.gathering import gather, place
from .queries.learning import asked_for, is_due
from .queries.wording import is_fresh
from .rules.passing import PASSING

log = logging.getLogger("zhitong.dispatch")
HOUR = 3600


@every(seconds=5, name="dispatch.learn", is_long=True)
def learn() -> None:
    """What somebody asked to be learned."""
    now = timezone.now()
    for kind in asked_for(now):
        _learn(kind, now)


@every(seconds=HOUR, name="dispatch.learn_nightly", is_long=True)
def learn_nightly() -> None:
    """Once a night, each kind whose last version is a day old and that has matters closed since."""
    now = timezone.now()
    for kind in (kind for kind in KINDS.values() if kind.has_category):
        if is_due(kind.slug, now):
            _learn(kind.slug, now)


def _learn(kind: str, now: datetime) -> None:
    try:
        train(kind, by=Actor.system("dispatch.learn"), at=now)
    except Refused as refused:  # too few, or another worker is at it: the page says so
        log.info("%s: %s", kind, refused)


@every(seconds=20, name="dispatch.pass")
def pass_on() -> None:
    """What is sure enough, where a district lets it pass by itself."""
    for kind in PASSING:
        pass_sure(kind, at=timezone.now())


@every(seconds=10, name="dispatch.place")
def place_new() -> None:
    """What came in finds what it belongs to."""
    place(timezone.now())


@every(seconds=30, name="dispatch.company")
def count_those_who_joined() -> None:
    """Who joined, or came along with a duplicate, counts at once."""
    count_joined(timezone.now())


@every(seconds=1800, name="dispatch.gather", is_long=True)
def gather_all() -> None:
    """Once a night everything of the last months is gathered anew; what differs is in the log of the worker."""
    now = timezone.now()
    if not is_fresh(now):
        found = gather(now)
        log.info("gathered: %s pairs, %s as before; split: %s", found.pairs, found.common, len(found.split))


@every(seconds=60, name="dispatch.replies")
def look_at_replies() -> None:
    """What was answered since the last look."""
    check_replies(timezone.now())
