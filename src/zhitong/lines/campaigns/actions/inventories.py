"""Inventories and what stands in them: defined, entered, changed, gone and back; stalls let and given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record, record_many
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.register.public import find_or_create_person
from zhitong.kernel.territory.public import paths

from ..models import MOST_FIELDS, Entry, Inventory, Stall
from ..permissions import KEEP, demand_keep, reached_entries

MOST_ENTRIES = 100_000
MOST_STALLS = 500
LONGEST_VALUE = 200
STREAM = "campaigns_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """What an inventory is.  ``shown`` are those of ``fields`` that the public sees; ``check_days`` between two inspections."""

    name: str
    organ: UUID
    purpose: str = ""
    fields: Sequence[str] = ()
    shown: Sequence[str] = ()
    has_holder: bool = True
    has_licence: bool = False
    has_stalls: bool = False
    check_days: int | None = None

    def row(self) -> dict[str, Any]:
        """The fields of the row."""
        fields = _names(self.fields)
        return {
            "name": clean(self.name)[:60], "organ_id": self.organ, "purpose": self.purpose.strip(), "fields": fields,
            "shown": [one for one in _names(self.shown) if one in fields], "has_holder": self.has_holder,
            "has_licence": self.has_licence, "has_stalls": self.has_stalls, "check_days": self.check_days,
        }  # fmt: skip


def _names(said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(clean(one)[:40] for one in said if clean(one)))


def define(said: Defined, *, by: Actor, at: datetime) -> Inventory:
    """A new inventory.  ``Refused`` for what is wrong with it; ``NotAllowed`` for an organ that is not one's own."""
    _checked(said, by)
    with transaction.atomic():
        inventory = Inventory.objects.create(created_at=at, created_by=by.label, **said.row())
        _log("campaigns.inventory.defined", inventory, by, at)
    return inventory


@transaction.atomic
def redefine(inventory_id: UUID, said: Defined, *, by: Actor, at: datetime) -> Inventory:
    """Change what an inventory is.  What is written in a field that goes stays with its entry; another cycle counts from the last look."""
    inventory = own_inventory(inventory_id, by, lock=True)
    _checked(said, by, but=inventory.pk)
    was = inventory.check_days
    for name, value in said.row().items():
        setattr(inventory, name, value)
    inventory.save()
    if was != inventory.check_days:
        _set_cycle(inventory, at)
    _log("campaigns.inventory.changed", inventory, by, at)
    return inventory


def _set_cycle(inventory: Inventory, at: datetime) -> None:
    rows = list(Entry.objects.filter(inventory=inventory, gone_on=None).prefetch_related("inspections"))
    for row in rows:
        last = max((one.on for one in row.inspections.all()), default=None)
        row.check_by = next_look(inventory, last, timezone.localdate(at))
    Entry.objects.bulk_update(rows, ["check_by"], batch_size=1_000)


def next_look(inventory: Inventory, last: date | None, today: date) -> date | None:
    """By when an entry is to be inspected: a cycle after the last look, or after today where nobody has looked yet."""
    return None if inventory.check_days is None else (last or today) + timedelta(days=inventory.check_days)


def _checked(said: Defined, by: Actor, but: UUID | None = None) -> None:
    if known_organ(said.organ) is None:
        raise Refused("no_organ", _("没有这个单位，请重新选择。"), "organ")
    demand_keep(by, said.organ)
    row = said.row()
    if not row["name"]:
        raise Refused("no_name", _("请填写台账名称。"), "name")
    if len(row["fields"]) > MOST_FIELDS:
        raise Refused("too_many_fields", _("登记项目最多12项。"), "fields")
    called = Inventory.objects.filter(name=row["name"])
    if (called.exclude(pk=but) if but else called).exists():
        raise Refused("name_taken", _("已有同名的台账。"), "name")


@transaction.atomic
def publish(inventory_id: UUID, *, is_shown: bool, by: Actor, at: datetime) -> None:
    """Show it to the public, or no longer."""
    inventory = own_inventory(inventory_id, by, lock=True)
    if bool(inventory.published_at) != is_shown:
        inventory.published_at = at if is_shown else None
        inventory.save(update_fields=["published_at"])
        _log("campaigns.inventory.published" if is_shown else "campaigns.inventory.withdrawn", inventory, by, at)


def own_inventory(inventory_id: UUID, by: Actor, *, lock: bool = False) -> Inventory:
    """One that ``by`` keeps; ``NotFound`` or ``NotAllowed``."""
    rows = Inventory.objects.select_for_update() if lock else Inventory.objects.all()
    inventory = rows.filter(pk=inventory_id).first()
    if inventory is None:
        raise NotFound("no_inventory", _("没有这个台账。"))
    demand_keep(by, inventory.organ_id)
    return inventory


def _log(name: str, inventory: Inventory, by: Actor, at: datetime) -> None:
    record(name, inventory.pk, stream_kind="campaigns_inventory", at=at, by=by, data={"name": inventory.name})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A thing of an inventory.  ``values`` by the names of the inventory's fields; others are left out."""

    name: str
    division: UUID
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    holder: str = ""
    licence: str = ""
    valid_until: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def once(self) -> tuple[UUID, str]:
        """What it must not share with another that is there."""
        return self.division, clean(self.name)[:120]

    def row(self, inventory: Inventory) -> dict[str, Any]:
        """The fields of the row; those the inventory does not have stay empty."""
        name, address, holder = clean(self.name)[:120], clean(self.address)[:200], clean(self.holder)[:120]
        kept = {one: clean(self.values.get(one, ""))[:LONGEST_VALUE] for one in inventory.fields}
        return {
            "name": name, "address": address, "division_id": self.division, "lon": self.lon, "lat": self.lat,
            "holder": holder if inventory.has_holder else "",
            "licence": clean(self.licence)[:60] if inventory.has_licence else "",
            "valid_until": self.valid_until if inventory.has_licence else None,
            "values": {one: text for one, text in kept.items() if text}, "words": tsvector(name, address, holder, *kept.values()),
        }  # fmt: skip


def enter(inventory_id: UUID, entries: Sequence[NewEntry], *, by: Actor, at: datetime) -> list[Entry]:
    """Write things down; those that are there already under that name in that division are left out."""
    with transaction.atomic():
        inventory = own_inventory(inventory_id, by, lock=True)
        if inventory.last_number + len(entries) > MOST_ENTRIES:
            raise Refused("too_many", _("一个台账最多十万条。"), "file")
        wanted = {one.once: one for one in entries}
        for known in known_of(inventory.pk, wanted):
            wanted.pop(known)
        rows = _rows(inventory, list(wanted.values()), at)
        Entry.objects.bulk_create(rows, batch_size=1_000)
        inventory.last_number += len(rows)
        inventory.save(update_fields=["last_number"])
        record_many(
            [Happening("campaigns.entry.added", row.pk, STREAM, at, by, {"inventory": inventory.pk}, is_first=True) for row in rows]
        )  # fmt: skip
    return rows


def known_of(inventory_id: UUID, wanted: Mapping[tuple[UUID, str], Any]) -> list[tuple[UUID, str]]:
    """Which of these are there already."""
    names = {name for _division, name in wanted}
    rows = Entry.objects.filter(inventory=inventory_id, gone_on=None, name__in=names).values_list("division", "name")
    return [key for key in rows if key in wanted]


def _rows(inventory: Inventory, new: Sequence[NewEntry], at: datetime) -> list[Entry]:
    above = paths({one.division for one in new})
    first = next_look(inventory, None, timezone.localdate(at))
    return [
        Entry(
            id=uuid7(), inventory=inventory, number=inventory.last_number + place, path=list(above[one.division][0]),
            check_by=first, changed_at=at, **one.row(inventory),
        )
        for place, one in enumerate(new, 1)
    ]  # fmt: skip


@transaction.atomic
def rewrite(entry_id: UUID, said: NewEntry, *, by: Actor, at: datetime) -> Entry:
    """Change what is written of a thing."""
    entry = own_entry(entry_id, by)
    if set(known_of(entry.inventory_id, {said.once: None})) - {(entry.division_id, entry.name)}:
        raise Refused("entry_known", _("这个辖区已有同名的条目。"), "name")
    for name, value in said.row(entry.inventory).items():
        setattr(entry, name, value)
    entry.path, entry.changed_at = list(paths([entry.division_id])[entry.division_id][0]), at
    entry.save()
    _entry_log("campaigns.entry.changed", entry, by, at)
    return entry


@transaction.atomic
def take_away(entry_id: UUID, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """It stands there no longer: it stays on record, its stalls end."""
    entry = own_entry(entry_id, by)
    said = clean(reason)[:200]
    if not said:
        raise Refused("no_reason", _("请写明撤除原因。"), "reason")
    if on > timezone.localdate(at):
        raise Refused("not_yet", _("撤除日期不能晚于今天。"), "on")
    if entry.gone_on is None:
        entry.gone_on, entry.reason, entry.changed_at, entry.check_by = on, said, at, None
        entry.save(update_fields=["gone_on", "reason", "changed_at", "check_by"])
        for stall in entry.stalls.filter(until=None):
            _end(stall, on)
        _entry_log("campaigns.entry.gone", entry, by, at)


@transaction.atomic
def bring_back(entry_id: UUID, *, by: Actor, at: datetime) -> None:
    """It was taken off by mistake, or stands there again.  Its stalls are let anew."""
    entry = own_entry(entry_id, by)
    if known_of(entry.inventory_id, {(entry.division_id, entry.name): None}) and entry.gone_on:
        raise Conflict("entry_known", _("这个辖区已有同名的条目。"))
    last = entry.inspections.order_by("-at").values_list("on", flat=True).first()
    entry.gone_on, entry.reason, entry.changed_at = None, "", at
    entry.check_by = next_look(entry.inventory, last, timezone.localdate(at))
    entry.save(update_fields=["gone_on", "reason", "changed_at", "check_by"])
    _entry_log("campaigns.entry.back", entry, by, at)


def own_entry(entry_id: UUID, by: Actor, permission: str = KEEP) -> Entry:
    """One that ``by`` reaches with the permission, locked; ``NotFound``."""
    by.demand(permission)
    rows = Entry.objects.select_for_update(of=("self",)).select_related("inventory")
    entry = rows.filter(reached_entries(by, permission), pk=entry_id).first()
    if entry is None:
        raise NotFound("no_entry", _("没有这个台账条目。"))
    return entry


def _entry_log(name: str, entry: Entry, by: Actor, at: datetime) -> None:
    record(name, entry.pk, stream_kind=STREAM, at=at, by=by, data={"inventory": entry.inventory_id})


@transaction.atomic
def let(
    entry_id: UUID, label: str, vendor: str, product: str, *, since: date, phone: str = "", by: Actor, at: datetime
) -> Stall:
    """Somebody sells something at a stall from a day on; whoever had it before has it until the day before."""
    entry = own_entry(entry_id, by)
    if not entry.inventory.has_stalls or entry.gone_on:
        raise Conflict("no_stalls", _("这里不分摊位，或已撤除。"))
    said = {"label": clean(label)[:20], "vendor": clean(vendor)[:60], "product": clean(product)[:80]}
    for name, text in said.items():
        if not text:
            raise Refused(f"no_{name}", _("请填写摊位号、经营者和经营产品。"), name)
    if entry.stalls.count() >= MOST_STALLS:
        raise Refused("too_many_stalls", _("一个点位最多登记500次摊位。"), "label")
    for stall in entry.stalls.filter(label=said["label"], until=None):
        if since <= stall.since:
            raise Refused(
                "stall_taken", _("这个摊位从%(day)s起由他人经营，请选更晚的日期。") % {"day": stall.since}, "since"
            )
        _end(stall, since - timedelta(days=1))
    person = find_or_create_person(name=said["vendor"], phone=phone, by=by, at=at).person_id if phone else None
    stall = Stall.objects.create(entry=entry, since=since, person_id=person, **said)
    _entry_log("campaigns.stall.let", entry, by, at)
    return stall


@transaction.atomic
def give_back(stall_id: UUID, *, on: date, by: Actor, at: datetime) -> None:
    """A stall is free from the day after ``on``."""
    stall = Stall.objects.filter(pk=stall_id).first()
    if stall is None:
        raise NotFound("no_stall", _("没有这个摊位。"))
    entry = own_entry(stall.entry_id, by)
    if stall.until is None:
        _end(stall, on)
        _entry_log("campaigns.stall.back", entry, by, at)


def _end(stall: Stall, on: date) -> None:
    stall.until = max(on, stall.since)
    stall.save(update_fields=["until"])


def forget(person_id: UUID) -> int:
    """No stall names this person any more; how many did."""
    return Stall.objects.filter(person=person_id).update(vendor="", person=None)
