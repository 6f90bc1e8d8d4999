"""What a figure can be broken down by: taken from the matter when the event is written, so that it never changes."""

from typing import Any, Protocol
from uuid import UUID


class Dimensioned(Protocol):
    """What is needed of a matter."""

    kind: str
    subkind_id: UUID
    channel: str
    urgency: str
    category_id: UUID | None
    division_id: UUID | None
    area_id: UUID | None
    lead_id: UUID | None


def dims(matter: Dimensioned) -> dict[str, Any]:
    """Dimensions of a matter as plain JSON values."""
    return {
        "kind": matter.kind,
        "subkind": str(matter.subkind_id),
        "channel": str(matter.channel),
        "urgency": str(matter.urgency),
        "category": str(matter.category_id) if matter.category_id else None,
        "division": str(matter.division_id) if matter.division_id else None,
        "area": str(matter.area_id) if matter.area_id else None,
        "organ": str(matter.lead_id) if matter.lead_id else None,
    }
