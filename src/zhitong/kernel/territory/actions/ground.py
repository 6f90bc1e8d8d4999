"""Choosing the tiles that lie beneath the maps."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhitong.kernel.events.public import record, set_mark

from ..choices import GROUND_MARK
from ..models import GroundChoice
from ..permissions import By, demand_manage

STREAM = UUID("0199f000-0000-7000-8000-000000000001")  # the one choice of the district


@transaction.atomic
def choose_ground(
    *, tiles: str, labels: str, attribution: str, datum: str, zoom: int, sealed: bytes | None, by: By, at: datetime
) -> GroundChoice:
    """From now on these tiles; the addresses were checked (``base.ground``), ``sealed`` is the key for `GroundChoice.PLACE`."""
    demand_manage(by)
    given = {
        "tiles": tiles,
        "labels": labels,
        "attribution": attribution,
        "datum": datum,
        "zoom": zoom,
        "sealed": sealed,
    }
    row, _made = GroundChoice.objects.update_or_create(pk=1, defaults={**given, "at": at, "by_label": by.label[:200]})
    set_mark(GROUND_MARK)
    record("territory.ground_chosen", STREAM, stream_kind="ground", at=at, by=by, data={"tiles": tiles, "datum": datum})
    return row


@transaction.atomic
def drop_ground(*, by: By, at: datetime) -> None:
    """No tiles of the administration's choice any more."""
    demand_manage(by)
    if GroundChoice.objects.all().delete()[0]:
        set_mark(GROUND_MARK)
        record("territory.ground_dropped", STREAM, stream_kind="ground", at=at, by=by, data={})


@transaction.atomic
def reseal_ground(again: Callable[[bytes, str], bytes | None]) -> int:
    """Seal the key anew: ``again`` gives the new bytes for the old ones and their place, None where they need not be; how many were."""
    row = GroundChoice.objects.select_for_update().filter(sealed__isnull=False).first()
    new = again(bytes(row.sealed), GroundChoice.PLACE) if row and row.sealed else None
    if row is None or new is None:
        return 0
    row.sealed = new
    row.save(update_fields=["sealed"])
    set_mark(GROUND_MARK)
    return 1
