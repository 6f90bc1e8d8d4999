"""A register at two sizes: a tenth of a street, and the district of the mission: 500,000 persons, 200,000 households, 40,000 buildings, 30,000 firms.

Numbers are right (GB 11643, GB 32100) and nobody's: the region 379999 was never given out.  Rows are written by COPY with everything
sealed as the product seals it; of what the product writes besides, the events are left out: no page of the register reads them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from zhitong.base.citizen import citizen_check, credit_check

from . import setting

SIZES = {"small": 10_000, "large": 500_000}  # persons
DATABASES = {name: f"register_{name}" for name in SIZES}
NOWHERE = "379999"
AT = datetime(2026, 1, 5, tzinfo=UTC)
SINCE, BORN, DAYS = date(2024, 6, 1), date(1935, 1, 1), 32_000
STREET = "七里山街道"
TAGS = (("独居老人", 0.012), ("残疾人", 0.015), ("重点优抚", 0.004), ("困难家庭", 0.01), ("志愿者", 0.03))
SIZES_OF_HOUSEHOLDS = (1, 2, 3, 4)  # 2.5 on the average
ROLES = ("head", "spouse", "child", "child")
PLACES = 13  # buildings of a grid


def ensure() -> None:
    """Make what is missing."""
    for name, persons in SIZES.items():
        setting.ensure(DATABASES[name], f"{persons} persons in estates", partial(fill, persons))


def citizen_number(n: int) -> str:
    """The n-th invented citizen id."""
    first = f"{NOWHERE}{BORN + timedelta(days=n * 7919 % DAYS):%Y%m%d}{n // DAYS + 900:03d}"
    return first + citizen_check(first)


def phone_number(n: int) -> str:
    """The n-th invented number, in a range that rings nowhere in the demonstration."""
    return f"198{n:08d}"


def firm_code(n: int) -> str:
    """The n-th invented credit code."""
    first = f"92{NOWHERE}MB{n:06d}X"
    return first + credit_check(first)


def address_of(roads: Sequence[str], group: int) -> str:
    """The address of the n-th group of buildings."""
    return f"示范区{roads[group % len(roads)]}{group // len(roads) + 1}号"


@dataclass(slots=True)
class Making:
    """Rows by table, given away in portions: no list of half a million stays in memory."""

    persons: int
    chance: Random
    kinds: list[tuple[UUID, float]]
    grids: Sequence[UUID]
    names: tuple[str, str]
    places: tuple[Sequence[str], Sequence[str]]
    made: int = 0
    firms: int = 0

    def name(self) -> str:
        surnames, given = self.names
        return self.chance.choice(surnames) + "".join(self.chance.choices(given, k=self.chance.choice((1, 2, 2, 2))))

    def buildings(self) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
        """One after the other, with all that is in it, until there are so many persons."""
        number = 0
        while self.made < self.persons:
            yield self.building(number)
            number += 1

    def building(self, number: int) -> dict[str, list[tuple[Any, ...]]]:
        from zhitong.base.identifiers import uuid7
        from zhitong.base.text import tsvector
        from zhitong.kernel.register.rules.homes import sort_key

        grid, of_grid = self.grids[number // PLACES % len(self.grids)], number % PLACES + 1
        group, (roads, estates) = number // PLACES, self.places
        pk, name = uuid7(), f"{estates[group % len(estates)]}{group // len(estates) + 1}区{of_grid}号楼"
        address = address_of(roads, group) + f"{of_grid}号楼"
        lon, lat = 117.0 + number % 200 / 2000, 36.6 + number // 200 / 4000
        rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        rows["register_building"].append(
            (pk, grid, name, address, "residential", 6, lon, lat, sort_key(name), tsvector(name, address), 1, AT, AT)
        )
        for place in range(5):
            size = SIZES_OF_HOUSEHOLDS[(number * 5 + place) % 4]
            unit = self.unit(rows, pk, f"{place + 1}01", "living")
            self.household(rows, unit, min(size, self.persons - self.made))
        for shop in range(round((number + 1) * 0.75) - round(number * 0.75)):
            self.firm(rows, grid, self.unit(rows, pk, f"商{shop + 1}", "shop"), address)
        return rows

    def unit(self, rows: dict[str, list[tuple[Any, ...]]], building: UUID, number: str, use: str) -> UUID:
        from zhitong.base.identifiers import uuid7
        from zhitong.kernel.register.rules.homes import unit_sort

        pk = uuid7()
        entrance, floor = ("1单元", int(number[0])) if use == "living" else ("", 1)
        sort = unit_sort(entrance, floor, number)
        rows["register_unit"].append((pk, building, entrance, floor, number, use, sort, 1, AT, AT))
        return pk

    def household(self, rows: dict[str, list[tuple[Any, ...]]], unit: UUID, size: int) -> None:
        from zhitong.base.identifiers import uuid7

        if size <= 0:
            return
        pk = uuid7()
        rows["register_household"].append((pk, unit, "family", "", 1, AT, AT))
        kind = self.chance.choices(("both", "living"), (9, 1))[0]
        for place in range(size):
            person = self.person(rows)
            rows["register_residence"].append((uuid7(), pk, person, ROLES[place], kind, SINCE))

    def person(self, rows: dict[str, list[tuple[Any, ...]]]) -> UUID:
        from zhitong.kernel.accounts.public import keyring
        from zhitong.kernel.register.actions.store import Known, new_contact, new_person
        from zhitong.kernel.register.rules import Given

        ring, given = keyring(), Given(self.name(), "", "", citizen_number(self.made))
        row = new_person(given, ring, AT)
        rows["register_person"].append(tuple(getattr(row, name) for name in COLUMNS["register_person"]))
        if self.chance.random() < 0.7:
            contact = new_contact(Known(row.id, "", None), ("phone", phone_number(self.made)), ring, AT)
            rows["register_contact"].append(tuple(getattr(contact, name) for name in COLUMNS["register_contact"]))
        self.made += 1
        self.tags(rows, row.id)
        return row.id

    def tags(self, rows: dict[str, list[tuple[Any, ...]]], person: UUID) -> None:
        from zhitong.base.identifiers import uuid7

        for kind, share in self.kinds:
            if self.chance.random() < share:
                rows["register_tag"].append(
                    (uuid7(), kind, person, "社区走访登记", SINCE, date(2027, 6, 1), "示范数据", AT)
                )

    def firm(self, rows: dict[str, list[tuple[Any, ...]]], grid: UUID, unit: UUID, address: str) -> None:
        from zhitong.base.identifiers import uuid7
        from zhitong.base.text import tsvector

        legal = rows["register_person"][-1][0]
        name = f"示范{self.name()}百货店{self.firms + 1}"
        code = firm_code(self.firms)
        rows["register_firm"].append(
            (uuid7(), code, name, "individual", "active", legal, grid, unit, address, "日用百货销售。", SINCE, "示范区行政审批服务局",
             tsvector(name), AT, AT)
        )  # fmt: skip
        self.firms += 1


COLUMNS: dict[str, tuple[str, ...]] = {  # parents first
    "register_building": (
        "id", "division_id", "name", "address", "kind", "floors", "lon", "lat", "sort", "words", "version", "created_at", "changed_at",
    ),
    "register_unit": (
        "id", "building_id", "entrance", "floor", "number", "use", "sort", "version", "created_at", "changed_at",
    ),
    "register_household": ("id", "unit_id", "kind", "note", "version", "created_at", "changed_at"),
    "register_person": (
        "id", "name", "citizen_id_sealed", "citizen_id_blind", "citizen_id_masked", "gender", "born_on", "note", "identity", "version",
        "created_at",
    ),
    "register_contact": ("id", "person_id", "kind", "sealed", "blind", "masked", "is_primary", "created_at"),
    "register_residence": ("id", "household_id", "person_id", "role", "kind", "since"),
    "register_tag": ("id", "kind_id", "person_id", "purpose", "since", "until", "by_label", "created_at"),
    "register_firm": (
        "id", "code", "name", "kind", "state", "legal_id", "division_id", "unit_id", "address", "scope", "established_on", "registered_by",
        "words", "created_at", "changed_at",
    ),
}  # fmt: skip
PORTION = 400  # buildings


def fill(persons: int) -> None:
    """So many persons, with households, buildings, firms and tags in proportion."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    making = Making(persons, Random(1), _kinds(), grids(), _names(), _places())
    buildings = making.buildings()
    while some := list(islice(buildings, PORTION)):
        _write(some)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(COLUMNS)}")


def _write(some: Iterable[dict[str, list[tuple[Any, ...]]]]) -> None:
    from django.db import connection, transaction

    from zhitong.base.bulk import copy_rows

    many = list(some)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            copy_rows(cursor, table, columns, (row for one in many for row in one[table]))


def _kinds() -> list[tuple[UUID, float]]:
    """The kinds of tags, made by the product."""
    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.register import public as register

    by = Actor.system("示范数据")
    there = {one.name: one.pk for one in register.tag_kinds("person", all_=True)}
    return [
        (there.get(name) or register.keep_tag_kind(by=by, at=AT, name=name, subject="person", purpose="社区服务", days=1000).pk, share)
        for name, share in TAGS
    ]  # fmt: skip


def grids() -> list[UUID]:
    """Those of the street of the demonstration first, so that the small register fills it as densely as the large one does."""
    from zhitong.kernel.territory.public import tree

    nodes = [one for one in tree().nodes.values() if one.level == "grid"]
    street = next((one.id for one in tree().nodes.values() if one.name == STREET), None)
    return [one.id for one in sorted(nodes, key=lambda one: (street not in one.path, one.code))]


def _names() -> tuple[str, str]:
    from zhitong.config.demo.organs import GIVEN, SURNAMES

    return SURNAMES, GIVEN


def _places() -> tuple[Sequence[str], Sequence[str]]:
    from zhitong.config.demo.organs import ESTATES, ROADS

    return ROADS, ESTATES
