"""Looking at the replies that were given, each once."""

from datetime import datetime, timedelta
from uuid import UUID

from zhitong.kernel.matters.public import Record

from ..models import ReplyCheck
from ..queries.replies import doubts
from ..rules.replying import REPLYING

MOST, BACK = 50, timedelta(days=90)


def check_replies(at: datetime) -> int:
    """Look at replies that were given since the last look, of the last 90 days at first; how many.  Costs the same however many
    there were before."""
    last = ReplyCheck.objects.order_by("-pk").values_list("pk", flat=True).first()
    start = last or UUID(int=int((at - BACK).timestamp() * 1000) << 80)
    actions = {action for _kind, action in REPLYING}
    rows = (
        Record.objects.filter(pk__gt=start, action__in=actions, erased_at=None).select_related("matter").order_by("pk")
    )
    found = [_checked(row) for row in rows[:MOST] if (row.matter.kind, row.action) in REPLYING]
    ReplyCheck.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _checked(row: Record) -> ReplyCheck:
    found = doubts(row.matter, str(row.data.get(REPLYING[row.matter.kind, row.action], "")))
    of = next((one.of for one in found if one.of), None)
    return ReplyCheck(
        record=row, matter=row.matter, organ_id=row.organ_id, of=of, flags=[one.kind for one in found], at=row.at
    )
