"""What was opened under a key."""

from collections.abc import Collection

from ..models import IdempotencyKey, Matter


def opened_under(keys: Collection[str]) -> dict[str, Matter]:
    """The matters that were opened under these keys before, with what tells whether it is the same: id, text, stage."""
    rows = IdempotencyKey.objects.filter(key__in=list(keys)).select_related("matter")
    return {row.key: row.matter for row in rows.only("key", "matter__id", "matter__text", "matter__stage")}
