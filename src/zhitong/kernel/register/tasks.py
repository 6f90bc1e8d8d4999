"""What the worker does for the register."""

from time import monotonic

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor

from .actions.home_files import LIVE, forget_imports
from .actions.home_import import import_portion
from .actions.tags import BATCH, end_tags_past
from .models import HomesImport

SLICE = 3.0  # seconds, so that deadlines and notices do not wait for long


@every(seconds=3600, name="register.end_tags", by_clock=True)
def end_tags() -> None:
    """Take off the tags whose day has come."""
    now, by = timezone.now(), Actor.system("register")
    while end_tags_past(timezone.localdate(now), by=by, at=now) == BATCH:
        pass


@every(seconds=1, name="register.import")
def import_waiting() -> None:
    """Go on with the tables that were sent, the oldest first."""
    until = monotonic() + SLICE
    waiting = HomesImport.objects.filter(state__in=LIVE).exclude(stored="").order_by("created_at")
    for run_id in waiting.values_list("pk", flat=True):
        while monotonic() < until:
            run = import_portion(run_id, at=timezone.now())
            if run is None or not run.is_live:
                break


@every(seconds=3600, name="register.forget_files", by_clock=True)
def forget_files() -> None:
    """Remove tables that were sent and not gone on with."""
    forget_imports(before=timezone.now())
