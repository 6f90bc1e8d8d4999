"""What the page of the hall's figures shows beside the indicators: what the catalogue promises, and cases item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import Figure, Filters, Indicator, Unit, definitions, figures, written
from zhitong.kernel.organisation.public import organ_names
from zhitong.lines.hall import public as hall

from .periods import Period

HALL = ("application_", "hall_")
TILES = (
    "application_volume", "application_decided", "application_in_time_promised", "application_in_time_statutory",
    "application_instant_share", "application_saved_days", "application_cut", "application_days",
)  # fmt: skip
COMPARED = (
    "application_volume",
    "application_accepted",
    *TILES[1:5],
    "application_days",
    "application_saved_days",
    "hall_waiting",
)
BY_ITEM = ("application_volume", *TILES[1:5], "application_days", "application_saved_days")
FIRST = BY_ITEM[0]
PAGE, TOP = 30, 10


def indicators(on: date) -> dict[str, Indicator]:
    """Those of the hall, as defined on a day."""
    return {slug: row for slug, row in definitions(on).items() if slug.startswith(HALL)}


def compared(every: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Those that streets and organs are compared by."""
    return {slug: every[slug] for slug in COMPARED if slug in every}


@dataclass(frozen=True, slots=True)
class Promised:
    """A figure over the catalogue: how it comes about, what counts, and the items that it counts as a query (empty for all)."""

    name: str
    value: Decimal | None
    text: str
    explanation: str
    basis: str
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrganOffers:
    """What one organ offers."""

    id: UUID | None
    name: str
    offer: hall.Offer

    @property
    def instant(self) -> str:
        """Share of items decided within the visit."""
        return _share(self.offer.instant, self.offer.items)

    @property
    def statutory(self) -> str:
        """Mean limit by law, in working days."""
        return _mean(self.offer.statutory, self.offer.limited)

    @property
    def promised(self) -> str:
        """Mean limit as promised, in working days."""
        return _mean(self.offer.promised, self.offer.limited)

    @property
    def cut(self) -> str:
        """Mean share of the legal limit that the promise leaves out."""
        return _share(self.offer.cut, self.offer.limited)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is in force on a day, in all and by organ."""

    on: date
    whole: hall.Offer
    visits: list[Promised]
    others: list[Promised]
    organs: list[OrganOffers]


def catalogue(period: Period, organ: UUID | None, by: Actor) -> Catalogue:
    """The catalogue as it stood on the last day of the period."""
    found = hall.offers(period.end, organ=organ, by=by)
    whole = hall.together(found)
    names = organ_names([one.organ for one in found if one.organ])
    rows = [OrganOffers(one.organ, names.get(one.organ, ""), one) for one in found if one.organ]
    rows.sort(key=lambda row: (-row.offer.items, row.name))
    return Catalogue(period.end, whole, _visits(whole), _others(whole), rows)


def _visits(whole: hall.Offer) -> list[Promised]:
    basis = _("期末当天有效的事项版本中，跑动次数为“%(name)s”的事项数；占比为它除以全部有效事项数。")
    return [
        _promised(str(visits.label), getattr(whole, visits.value), whole.items, basis % {"name": visits.label}, {"visits": visits.value})
        for visits in hall.Visits
    ]  # fmt: skip


def _others(whole: hall.Offer) -> list[Promised]:
    basis = _("期末当天有效的事项版本中，即办的事项数；占比为它除以全部有效事项数。")
    found = [_promised(_("即办事项"), whole.instant, whole.items, basis, {"instant": "1"})]
    limits = (
        (_("法定时限平均（工作日）"), whole.statutory, _("期末当天有效、有法定时限的事项，法定时限之和除以事项数。")),
        (_("承诺时限平均（工作日）"), whole.promised, _("期末当天有效、有法定时限的事项，承诺时限之和除以事项数；即办为0。")),
    )  # fmt: skip
    for name, top, told in limits:
        said = _sum(Decimal(top), whole.limited, _mean(top, whole.limited))
        found.append(Promised(name, None, _mean(top, whole.limited), said, told, {}))
    cut, told = _share(whole.cut, whole.limited), _("每个事项的（法定时限 − 承诺时限）÷ 法定时限，再按事项平均。")
    value = whole.cut / whole.limited if whole.limited else None
    return [*found, Promised(_("承诺时限平均压缩"), value, cut, _sum(whole.cut, whole.limited, cut), told, {})]


def _promised(name: str, top: int, bottom: int, basis: str, items: Mapping[str, str]) -> Promised:
    share = Decimal(top) / bottom if bottom else None
    said = _sum(Decimal(top), bottom, _share(top, bottom))
    return Promised(name, share, written(Decimal(top), Unit.COUNT), said, basis, items)


def _sum(top: Decimal, bottom: int, text: str) -> str:
    return f"{written(top, Unit.COUNT)} ÷ {written(Decimal(bottom), Unit.COUNT)} = {text}"


def _share(top: int | Decimal, bottom: int) -> str:
    return written(Decimal(top) / bottom if bottom else None, Unit.PERCENT)


def _mean(top: int, bottom: int) -> str:
    return written(Decimal(top) / bottom if bottom else None, Unit.SCORE)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with what it promises on the last day, if it is in force then, and its cases."""

    item: hall.Item
    version: hall.Version | None
    organ: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Items:
    """A page of items, those with most cases first."""

    columns: list[Indicator]
    rows: list[ItemRow]
    total: int
    number: int
    pages: int


def items(
    sought: hall.Sought, period: Period, filters: Filters, by: Actor, *, number: int = 1, size: int = PAGE
) -> Items:
    """What is in force on the last day or had a case in the period, and fits.  Six queries."""
    every = indicators(period.end)
    columns = {slug: every[slug] for slug in BY_ITEM if slug in every}
    many = (
        figures({FIRST: every[FIRST]}, period.start, period.end, by=["item"], filters=filters, scope=by)
        if FIRST in every
        else []
    )
    volume: dict[Any, Decimal] = {one.keys[0]: one.value or Decimal() for one in many if one.keys[0]}
    found = hall.items_sought(sought, period.end, also=list(volume), by=by)
    order = [pk for pk, _code in sorted(found, key=lambda one: (-volume.get(one[0], Decimal()), one[1]))]
    pages = max(1, -(-len(order) // size))
    number = max(1, min(number, pages))
    shown = order[(number - 1) * size : number * size]
    rows = _item_rows(shown, columns, period, filters, by)
    return Items(list(columns.values()), rows, len(order), number, pages)


def _item_rows(
    ids: Sequence[UUID], columns: Mapping[str, Indicator], period: Period, filters: Filters, by: Actor
) -> list[ItemRow]:
    if not ids:
        return []
    only = replace(filters, items=tuple(ids))
    cells: dict[Any, list[Figure]] = {}
    for one in figures(columns, period.start, period.end, by=["item"], filters=only, scope=by) if columns else ():
        cells.setdefault(one.keys[0], []).append(one)
    known = hall.items_on(ids, period.end)
    organs = organ_names({item.organ_id for item, _version in known.values()})
    return [
        ItemRow(*known[pk], organs.get(known[pk][0].organ_id, ""), cells.get(pk, [])) for pk in ids if pk in known
    ]  # fmt: skip
