"""What the worker does for appeals."""

from time import monotonic

from django.utils import timezone

from zhitong.base.periodic import every

from .actions.importing import import_batch
from .actions.orders import LIVE
from .models import OrderImport

SLICE = 3.0  # seconds, so that deadlines and notices do not wait for long


@every(seconds=1, name="appeals.import")
def import_waiting() -> None:
    """Go on with the files that were sent, the oldest first."""
    until = monotonic() + SLICE
    for run_id in (
        OrderImport.objects.filter(state__in=LIVE, is_attended=False)
        .order_by("created_at")
        .values_list("pk", flat=True)
    ):
        position = -1
        while monotonic() < until:
            run = import_batch(run_id, at=timezone.now())
            if run.state not in LIVE or run.position == position:
                break
            position = run.position
