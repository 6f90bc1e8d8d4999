"""Entries of an inventory from a table, with errors by row.  A trial tells what would happen and keeps nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.tables import Row
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import ImportResult

from ..models import Inventory
from ..rules.sheets import entry_sheet
from .inventories import MOST_ENTRIES, NewEntry, enter, known_of, own_inventory
from .reading import Reader, imported

_TWICE = _("与前面的行重复。")


def import_entries(
    inventory_id: UUID, content: bytes, *, by: Actor, at: datetime, dry_run: bool = False
) -> ImportResult:
    """Write down the rows of a table.  Rows that are wrong are told and left out; what is there already stays as it is.

    The table that the inventory gives away can be filled in and taken back.  ``Refused`` for what is no such table.
    """
    inventory = own_inventory(inventory_id, by)

    def take(reader: Reader, rows: Iterable[Row]) -> None:
        new = list(_entries(reader, inventory, rows))
        written = 0 if dry_run else len(enter(inventory_id, new, by=by, at=at))
        known = len(known_of(inventory_id, {one.once: one for one in new})) if dry_run else len(new) - written
        reader.result.created, reader.result.unchanged = len(new) - known, known

    return imported(entry_sheet(inventory), content, MOST_ENTRIES, take, dry_run=dry_run)


def _entries(reader: Reader, inventory: Inventory, rows: Iterable[Row]) -> Iterator[NewEntry]:
    seen = set[tuple[UUID, str]]()
    for number, values, division, point in reader.placed(rows):
        lon, lat = point or (None, None)
        one = NewEntry(
            name=values["name"], division=division, address=values.get("address", ""), lon=lon, lat=lat,
            holder=values.get("holder", ""), licence=values.get("licence", ""), valid_until=values.get("valid_until"),
            values={name: values.get(f"field {name}", "") for name in inventory.fields},
        )  # fmt: skip
        if one.once in seen:
            reader.wrong(number, "name", _TWICE)
            continue
        seen.add(one.once)
        yield one
