"""What the worker does for the dispatcher."""

import logging

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS

from .actions import TooFew, pass_sure, train
from .queries.learning import is_due
from .rules.passing import PASSING

log = logging.getLogger("zhitong.dispatch")
HOUR = 3600


@every(seconds=HOUR, name="dispatch.learn")
def learn() -> None:
    """Once a night, each kind whose last version is a day old and that has matters closed since."""
    now = timezone.now()
    for kind in (kind for kind in KINDS.values() if kind.has_category):
        if is_due(kind.slug, now):
            try:
                train(kind.slug, by=Actor.system("dispatch.learn"), at=now)
            except TooFew as few:
                log.info("%s: %s", kind.slug, few)


@every(seconds=20, name="dispatch.pass")
def pass_on() -> None:
    """What is sure enough, where a district lets it pass by itself."""
    for kind in PASSING:
        pass_sure(kind, at=timezone.now())
