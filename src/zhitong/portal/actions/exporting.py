"""An export leaves a trace: who took how much, by which filters."""

from datetime import datetime

from django.db import transaction

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

EXPORTED, REVIEWS_EXPORTED = "matters.exported", "reviews.exported"


@transaction.atomic
def log_export(
    *, filters: dict[str, str], rows: int, by: Actor, at: datetime, what: str = EXPORTED, needs: str = "matters.export"
) -> None:  # fmt: skip
    """Write it into the log.  What was searched for is not kept: it may be a name or a number."""
    by.demand(needs)
    kept = {name: value for name, value in filters.items() if name != "q"}
    stream = by.account_id or uuid7()
    record(what, stream, stream_kind="account", at=at, by=by, data={"filters": kept, "rows": rows})
