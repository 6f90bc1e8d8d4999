"""What is filled in when an appeal passes by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from zhitong.kernel.dispatch.public import alarm
from zhitong.kernel.matters.public import Matter, Urgency

MOST_REASON = 500


def form_of_pass(
    matter: Matter, category_id: UUID, lead_id: UUID, co_ids: Sequence[UUID], reason: str
) -> Mapping[str, Any] | None:
    """None where life is in danger or haste is needed: somebody must look at it, and perhaps telephone."""
    said = alarm(matter.text, matter.title).urgency
    if Urgency.NORMAL not in (said, matter.urgency) or said != matter.urgency:
        return None
    return {
        "category": category_id, "lead": lead_id, "co": list(co_ids), "urgency": matter.urgency, "reason": reason[:MOST_REASON],
    }  # fmt: skip
