"""What the worker does for the register."""

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor

from .actions.tags import BATCH, end_tags_past


@every(seconds=3600, name="register.end_tags", by_clock=True)
def end_tags() -> None:
    """Take off the tags whose day has come."""
    now, by = timezone.now(), Actor.system("register")
    while end_tags_past(timezone.localdate(now), by=by, at=now) == BATCH:
        pass
