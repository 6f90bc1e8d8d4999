"""Inventories that somebody has to do with, what stands in them, and what the public sees of those that are published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.holdings import Case, Held
from zhitong.base.text import clean, tsquery
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import labels

from ..choices import Finding
from ..models import Entry, Inspection, InspectionPhoto, Inventory, Stall
from ..permissions import INSPECT, KEEP, VIEW, leads, reached_entries

SHOWN, MOST_POINTS, SOON = 50, 2_000, timedelta(days=30)
ANY = (VIEW, INSPECT, KEEP)
STANDINGS = ("there", "due", "fault", "late", "expiring", "gone")


def inventories(by: Actor) -> QuerySet[Inventory]:
    """Those of own organs and those in which ``by`` reaches an entry, by name."""
    if any(by.may_everywhere(permission) for permission in ANY):
        return Inventory.objects.all()
    own = leads(by, KEEP) if by.may(KEEP) else frozenset[UUID]()
    reached = Exists(Entry.objects.filter(reached_entries(by, *ANY), inventory=OuterRef("pk")))
    return Inventory.objects.filter(Q(organ__in=own or ()) | Q(reached))


def inventory(by: Actor, inventory_id: UUID) -> Inventory:
    """One of them; NotFound also for what the person must not see."""
    found = inventories(by).select_related("organ").filter(pk=inventory_id).first()
    if found is None:
        raise NotFound("no_inventory", _("没有这个台账。"))
    return found


@dataclass(slots=True)
class Counts:
    """Of one inventory, or of all entries in reach: how many are there, and how many want something done."""

    there: int = 0
    due: int = 0
    fault: int = 0
    late: int = 0
    expiring: int = 0
    gone: int = 0
    looked: int = 0


def counts(by: Actor, ids: list[UUID], today: date) -> dict[UUID, Counts]:
    """Of each of these inventories, counted from the entries in reach."""
    looked = Q(gone_on=None) & Q(Exists(Inspection.objects.filter(entry=OuterRef("pk"))))
    wanted = {name: standing(name, today) for name in STANDINGS} | {"looked": looked}
    sums: dict[str, Any] = {f"n_{name}": Count("pk", filter=condition) for name, condition in wanted.items()}
    rows = Entry.objects.filter(reached_entries(by, *ANY), inventory__in=ids).values("inventory").annotate(**sums)
    found: dict[UUID, Counts] = {}
    for row in rows:
        counted: dict[str, Any] = dict(row)
        found[counted["inventory"]] = Counts(**{name: counted[f"n_{name}"] for name in wanted})
    return {one: found.get(one, Counts()) for one in ids}


def standing(name: str, today: date) -> Q:
    """What a tab of the list asks for."""
    there = Q(gone_on=None)
    faults = Inspection.objects.filter(entry=OuterRef("pk"), finding=Finding.FAULT, settled_on=None)
    return {
        "there": there,
        "due": there & Q(check_by__lte=today),
        "fault": there & Q(Exists(faults)),
        "late": there & Q(Exists(faults.filter(due_on__lt=today))),
        "expiring": there & Q(valid_until__lt=today + SOON),
        "gone": Q(gone_on__isnull=False),
    }.get(name, there)


def entries_of(inventory_id: UUID) -> list[UUID]:
    """What is there of it, by number, for code that asked who may."""
    return list(
        Entry.objects.filter(inventory=inventory_id, gone_on=None).order_by("number").values_list("pk", flat=True)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: words or a number, a standing, a division, and the number behind which it goes on."""

    text: str = ""
    standing: str = "there"
    inside: UUID | None = None
    after: int = 0


def entries(by: Actor, one: Inventory, wanted: Wanted, today: date) -> QuerySet[Entry]:
    """The entries in reach that are asked for, by number."""
    rows = Entry.objects.filter(reached_entries(by, *ANY), standing(wanted.standing, today), inventory=one)
    if wanted.inside is not None:
        rows = rows.filter(path__contains=[wanted.inside])
    return _matching(rows, wanted.text).filter(number__gt=wanted.after).defer("words", "path").order_by("number")


def _matching(rows: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    typed = clean(text)[:60]
    if not typed:
        return rows
    if typed.isascii() and typed.isdigit() and len(typed) < 8:
        return rows.filter(number=int(typed))
    stalls = Stall.objects.filter(
        Q(vendor__contains=typed) | Q(product__contains=typed), entry=OuterRef("pk"), until=None
    )
    found = Q(Exists(stalls)) | Q(licence=typed)
    if query := tsquery(typed):
        found |= Q(pk__in=RawSQL("SELECT id FROM campaigns_entry WHERE words @@ %s::tsquery", [query]))
    else:
        found |= Q(name__contains=typed)
    return rows.filter(found)


def marks(rows: list[Entry], today: date) -> dict[UUID, list[tuple[str, str]]]:
    """What is to be seen at once of each: (words, tone)."""
    faults: dict[UUID, bool] = {}
    open_ = Inspection.objects.filter(entry__in=rows, finding=Finding.FAULT, settled_on=None)
    for fault in open_.only("entry_id", "finding", "due_on", "settled_on"):
        faults[fault.entry_id] = faults.get(fault.entry_id, False) or fault.is_late_on(today)
    return {row.pk: list(_marks(row, faults, today)) for row in rows}


def _marks(row: Entry, faults: dict[UUID, bool], today: date) -> Iterator[tuple[str, str]]:
    if row.gone_on:
        yield _("已撤除"), "neutral"
        return
    if row.pk in faults:
        yield (_("整改超期"), "bad") if faults[row.pk] else (_("整改中"), "warn")
    if row.check_by and row.check_by <= today:
        yield _("待检查"), "warn"
    if row.valid_until and row.valid_until < today:
        yield _("许可已到期"), "bad"
    elif row.valid_until and row.valid_until < today + SOON:
        yield _("许可快到期"), "warn"


def entry(by: Actor, entry_id: UUID) -> Entry:
    """One of them; NotFound also for what the person must not see."""
    rows = Entry.objects.filter(reached_entries(by, *ANY), pk=entry_id).select_related("inventory__organ")
    found = rows.prefetch_related("stalls").first()
    if found is None:
        raise NotFound("no_entry", _("没有这个台账条目。"))
    return found


def inspections(one: Entry) -> list[Inspection]:
    """Every look at it with its photos, the newest first."""
    photos = Prefetch("photos", InspectionPhoto.objects.order_by("side", "id"))
    return list(one.inspections.prefetch_related(photos).order_by("-at", "-id")[:SHOWN])


def photo(by: Actor, entry_id: UUID, photo_id: UUID) -> InspectionPhoto:
    """One of an entry's; NotFound."""
    found = InspectionPhoto.objects.filter(pk=photo_id, inspection__entry=entry(by, entry_id)).first()
    if found is None:
        raise NotFound("no_photo", _("没有这张照片，或已销毁。"))
    return found


def may_inspect(by: Actor, one: Entry) -> bool:
    """Whether ``by`` writes down what was seen there."""
    return by.may(INSPECT) and Entry.objects.filter(reached_entries(by, INSPECT), pk=one.pk).exists()


def stall_counts(rows: list[Entry]) -> dict[UUID, int]:
    """How many stalls of each are let."""
    counted = Stall.objects.filter(entry__in=rows, until=None).values("entry").annotate(n=Count("pk"))
    return {row["entry"]: row["n"] for row in counted}


def located(rows: QuerySet[Entry]) -> list[Entry]:
    """Those that have a place on the map; ``MOST_POINTS`` at most."""
    return list(rows.filter(lon__isnull=False)[:MOST_POINTS])


def published() -> QuerySet[Inventory]:
    """What the public sees."""
    return Inventory.objects.exclude(published_at=None).select_related("organ").order_by("name")


def shown_counts(rows: list[Inventory]) -> dict[UUID, int]:
    """How many things stand in each."""
    counted = Entry.objects.filter(inventory__in=rows, gone_on=None).values("inventory").annotate(n=Count("pk"))
    return {row["inventory"]: row["n"] for row in counted}


def shown_inventory(inventory_id: UUID) -> Inventory:
    """One that is published; NotFound."""
    found = published().filter(pk=inventory_id).first()
    if found is None:
        raise NotFound("no_inventory", _("没有这个台账。"))
    return found


def shown_entries(one: Inventory, text: str = "", after: int = 0) -> QuerySet[Entry]:
    """What is there of a published inventory, with the stalls that are let, by number."""
    rows = _matching(Entry.objects.filter(inventory=one, gone_on=None), text).filter(number__gt=after)
    stalls = Prefetch("stalls", Stall.objects.filter(until=None).order_by("label"), to_attr="open_stalls")
    return rows.defer("words", "path").prefetch_related(stalls).order_by("number")


def export_rows(by: Actor, one: Inventory, wanted: Wanted, today: date) -> Iterator[list[str]]:
    """A row for each entry, or for each stall where there are stalls; the first row is the heading."""
    licence = [_("许可证号"), _("许可有效期至")] if one.has_licence else []
    holder = [_("设置人或经营单位")] if one.has_holder else []
    stalls = [_("摊位号"), _("经营者"), _("经营产品")] if one.has_stalls else []
    heading = [_("序号"), _("名称"), _("统一编码"), _("所在辖区"), _("地点"), _("经度"), _("纬度")]
    yield [*heading, *holder, *licence, *one.fields, _("下次检查"), _("状态"), *stalls]
    rows = entries(by, one, wanted, today).select_related("division").prefetch_related(
        Prefetch("stalls", Stall.objects.filter(until=None).order_by("label"), to_attr="open_stalls")
    )  # fmt: skip
    for part in _parts(list(rows)):
        places, seen = labels({row.division_id for row in part}), marks(part, today)
        for row in part:
            cells = [*_cells(one, row, places), "、".join(words for words, _tone in seen[row.pk])]
            for stall in row.open_stalls or [None]:  # type: ignore[attr-defined]
                yield cells + ([stall.label, stall.vendor, stall.product] if stall else [""] * len(stalls))


def _parts(rows: list[Entry]) -> Iterator[list[Entry]]:
    return (rows[start : start + 1_000] for start in range(0, len(rows), 1_000))


def _cells(one: Inventory, row: Entry, places: dict[UUID, str]) -> list[str]:
    said: list[Any] = [
        row.number, row.name, row.division.code, places.get(row.division_id, ""), row.address, row.lon, row.lat,
        *([row.holder] if one.has_holder else []), *([row.licence, row.valid_until] if one.has_licence else []),
        *(row.values.get(name, "") for name in one.fields), row.check_by,
    ]  # fmt: skip
    return ["" if value is None else str(value) for value in said]


def held_of(case: Case) -> list[Held]:
    """The stalls somebody has or had."""
    rows = Stall.objects.filter(person=case.person_id).select_related("entry")
    facts = [(_("经营者"), "vendor"), (_("经营产品"), "product")]
    return [
        Held(row.pk, f"{row.entry.name} {row.label}", None, [(label, getattr(row, name)) for label, name in facts])
        for row in rows
    ]
