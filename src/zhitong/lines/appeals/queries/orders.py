"""From the rows of a hotline's file to appeals that can be opened, and what of them could not be understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

import numpy as np
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.geometry import convert
from zhitong.base.tables import BadTable, Row, read_table
from zhitong.base.text import clean
from zhitong.kernel.dispatch.public import Alarm, alarms
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category, refused_table
from zhitong.kernel.register.public import NewPerson, prepare
from zhitong.kernel.territory import public as territory

from ..choices import Datum
from ..rules.orders import SUBKINDS, Columns, Order, gathered, guess, parts, placed, read_order, word

KIND, OTHERWISE = "appeal", "report"
RANK = tuple(m.Urgency.values)
# What ministries and their lists were called before.
FORMER = {"劳动和社会保障": "劳动社保", "卫生计生": "卫生健康"}
SAMPLE = 20


@dataclass(slots=True)
class Read:
    """One row: what would be opened, or why not; ``unknown`` holds what was written and is not known, by field."""

    row: int
    cells: list[str]
    reporter: NewPerson | None = None
    opening: m.Opening | None = None
    refused: Refused | None = None
    unknown: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads rows as one mapping says; what it knows of categories and sub-kinds is that of its making."""

    def __init__(self, columns: Columns, source: str, datum: str, at: datetime) -> None:
        self._columns, self._source, self._datum, self._at = columns, source, datum, at
        self._categories = categories_by_name()
        self._subkinds = {text: s.slug for s in m.subkinds(KIND) for text in (s.slug, s.name, s.name_en.casefold())}
        self._slugs = set(self._subkinds.values())

    def read(self, rows: Sequence[Row]) -> list[Read]:
        """Each of the rows, in order; places are looked for all at once."""
        found = [Read(number, cells) for number, cells in rows]
        orders: list[tuple[Read, Order]] = []
        for one in found:
            try:
                orders.append((one, self._order(one)))
            except Refused as refused:
                one.refused = refused
        said = alarms((order.text, order.title) for _one, order in orders)
        for (one, order), division_id, alarm in zip(orders, self._divisions(orders), said, strict=True):
            one.opening = self._opening(one, order, division_id, alarm)
        return found

    def _order(self, one: Read) -> Order:
        order = read_order(gathered(one.cells, self._columns), m.MOST_TEXT)
        if order.raised_at is not None and order.raised_at > self._at:
            raise Refused("in_future", _("受理时间晚于现在，请核对。"), "raised_at")
        if order.name or order.phone:
            one.reporter = prepare(NewPerson(name=order.name, phone=order.phone))
        return order

    def _opening(self, one: Read, order: Order, division_id: UUID | None, alarm: Alarm) -> m.Opening:
        category = self._category(order.category)
        for slug, text, answer in (("category", order.category, category), ("division", order.division, division_id)):
            if text and answer is None:
                one.unknown[slug] = text[:60]
        lon, lat = order.point or (None, None)
        return m.Opening(
            kind=KIND, subkind=self._subkind(one, order.subkind), text=order.text, title=order.title, channel=order.channel,
            address=order.address, lon=lon, lat=lat, division_id=division_id, category_id=category, reporter=one.reporter,
            urgency=max(order.urgency, alarm.urgency, key=RANK.index), is_public=order.is_public,
            key=key_of(self._source, order.number), at=order.raised_at or self._at,
            facts={"source": self._source, "order": order.number},
        )  # fmt: skip

    def _subkind(self, one: Read, text: str) -> str:
        slug = self._subkinds.get(text) or self._subkinds.get(text.casefold()) or word(text, SUBKINDS, "")
        if text and slug not in self._slugs:
            one.unknown["subkind"] = text[:60]
        return slug if slug in self._slugs else OTHERWISE

    def _category(self, text: str) -> UUID | None:
        """By code, by name, or by a path of names, each within the one before."""
        found: tuple[UUID, list[UUID]] | None = None
        for part in parts(text) if text else ():
            for pk, path in self._categories.get(FORMER.get(part, part), ()):
                if found is None or found[0] in path:
                    found = (pk, path)
                    break
        return found[0] if found else None

    def _divisions(self, orders: Sequence[tuple[Read, Order]]) -> list[UUID | None]:
        """Where the point lies; what the words name where there is no point, or it lies outside."""
        named = territory.named_in_many([_place(order) for _one, order in orders])
        pointed = [(i, order.point) for i, (_one, order) in enumerate(orders) if order.point is not None]
        if pointed:
            lons, lats = (np.array(values) for values in zip(*(point for _i, point in pointed), strict=True))
            lons, lats = convert(lons, lats, self._datum, Datum.WGS84)
            for (i, _point), lon, lat, found in zip(
                pointed, lons.tolist(), lats.tolist(), territory.locate_many(lons, lats), strict=True
            ):
                orders[i][1].point = (lon, lat)
                named[i] = found or named[i]
        return named


def key_of(source: str, number: str) -> str:
    """Under which key a work order is opened: once, whatever file it comes in."""
    return f"order:{source}:{number}"


def _place(order: Order) -> str:
    division = order.division
    return division if not order.address or territory.is_code(division) else f"{division}，{order.address}"


def categories_by_name() -> dict[str, list[tuple[UUID, list[UUID]]]]:
    """Active categories with their paths by name and by code, the higher level first where several have one name."""
    found: dict[str, list[tuple[UUID, list[UUID]]]] = {}
    rows = Category.objects.filter(is_active=True).order_by("level", "sort").values_list("pk", "path", "name", "code")
    for pk, path, *texts in rows:
        for text in texts:
            found.setdefault(text, []).append((pk, path))
    return found


# What a page shows before anything is done ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """The headings of a file, what they are taken to mean, some cells under each, and how the first rows would be read."""

    headings: list[str]
    meant: dict[str, str]
    samples: dict[str, list[str]]
    rows: list[Read]
    refused: Refused | None = None


def preview(path: Path, meant: Mapping[str, str] | None, source: str, datum: str, at: datetime) -> Preview:
    """Look at the first rows of a file; without ``meant`` by the usual headings.  Refused when it is no table."""
    try:
        with read_table(path) as table:
            first = list(islice(table.rows, SAMPLE))
    except BadTable as error:
        raise refused_table(error) from error
    headings = [heading for heading in table.headings if heading]
    meant = guess(headings) if meant is None else {h: slug for h, slug in meant.items() if h in headings}
    samples = {h: _samples(first, table.headings.index(h)) for h in headings}
    try:
        rows = Reader(placed(table.headings, meant), source, datum, at).read(first)
    except Refused as refused:
        return Preview(headings, dict(meant), samples, [], refused)
    return Preview(headings, dict(meant), samples, rows)


def _samples(rows: Sequence[Row], position: int) -> list[str]:
    return [clean(cells[position])[:60] for _number, cells in rows if cells[position]][:3]


def headings_of(path: Path) -> list[str]:
    """The headings of a file; Refused when it is no table."""
    try:
        with read_table(path) as table:
            return table.headings
    except BadTable as error:
        raise refused_table(error) from error


def guessed(path: Path) -> dict[str, str]:
    """What the headings of a file are likely to mean; Refused when the file is no table, or number or text are not found."""
    headings = headings_of(path)
    found = guess(headings)
    placed(headings, found)
    return found
