"""Failed notices back into the queue."""

from datetime import datetime

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import retry

from ..queries.setup import MOST_LISTED, failed_notices


def retry_failed(*, by: Actor, at: datetime) -> int:
    """Try to send the newest failed notices again; how many were put back."""
    by.demand_everywhere("settings.manage")
    return retry(list(failed_notices().values_list("pk", flat=True)[:MOST_LISTED]), at=at)
