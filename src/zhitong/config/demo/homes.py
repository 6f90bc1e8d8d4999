"""The demo's homes, plainly invented: three communities of the demo street with buildings, flats, shops, households, people and tags,
taken over from a table as a district would; one person entered twice, one merged, one registered here and living there."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from zhitong.base.citizen import citizen_check
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.kernel.territory.public import Level

from .district import DEMO_STREET
from .organs import ESTATES, GIVEN, ROADS, SURNAMES

NOWHERE = "379999"  # a region code that was never given out
GRIDS, BUILDINGS, FLOORS = 8, 2, 4
STEP = 0.0003  # degrees between neighbouring buildings, some 30 m
KINDS = (  # name, English, purpose, days
    ("独居老人", "Older person living alone", "定期探访，《老年人权益保障法》第四十一条", 365),
    ("残疾人", "Person with a disability", "上门服务，《残疾人保障法》第四十六条", 730),
    ("重点优抚", "Veteran's family", "节日走访慰问", 730),
    ("困难家庭成员", "Member of a family in need", "救助政策落实", 365),
    ("社区志愿者", "Volunteer", "志愿服务联络", 365),
)  # fmt: skip
FAMILIES = (  # role, years of age from, kind
    (("户主", 28, "人户一致"), ("配偶", 26, "人户一致"), ("子女", 3, "人户一致")),
    (("户主", 66, "人户一致"), ("配偶", 64, "人户一致")),
    (("户主", 35, "居住在此"), ("配偶", 34, "居住在此"), ("子女", 9, "居住在此"), ("父母", 68, "居住在此")),
    (("户主", 76, "人户一致"),),
    (("户主", 24, "居住在此"), ("其他关系", 23, "居住在此")),
)  # fmt: skip
USUAL, LET = ("自住", "家庭户"), ("出租", "承租户")


@dataclass(slots=True)
class _Making:
    random: Random
    today: date
    serial: int = 0
    families: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    def person(self, years: int) -> dict[str, Any]:
        self.serial += 1
        born = self.today - timedelta(days=years * 365 + self.random.randrange(3 * 365))
        first = f"{NOWHERE}{born:%Y%m%d}{300 + self.serial % 500:03d}"
        name = self.random.choice(SURNAMES) + "".join(self.random.sample(GIVEN, self.random.choice((1, 2, 2))))
        phone = f"1981{self.serial:07d}" if years > 12 else ""
        return {"name": name, "citizen_id": first + citizen_check(first), "phone": phone}

    def household(self, home: dict[str, Any], floor: int, door: int) -> None:
        family = FAMILIES[self.families % len(FAMILIES)]
        use, kind = LET if len(family) == 2 and family[0][1] < 30 else USUAL
        unit = {"entrance": "1单元", "floor": floor, "number": f"{floor}0{door}", "use": use, "household_kind": kind}
        since = self.today - timedelta(days=self.random.randrange(200, 4000))
        for role, years, living in family:
            who = self.person(years)
            tag = self.tag(len(family), years)
            self.rows.append(home | unit | who | {"role": role, "kind": living, "since": since} | tag)
        self.families += 1

    def tag(self, members: int, years: int) -> dict[str, Any]:
        """Who lives alone at that age; of the others one in twelve something else."""
        name = "独居老人" if members == 1 else self.random.choice(KINDS[1:])[0] if not self.random.randrange(12) else ""
        if not name or years < 18:
            return {}
        until = self.today + timedelta(days=self.random.randrange(20, 360))
        return {"tags": name, "purpose": "入户走访时登记", "until": until}


def build(by: Actor, at: datetime, seed: int) -> None:
    """Take the table over; put some firms into the shops; leave what is to be tidied up."""
    for name, name_en, purpose, days in KINDS:
        register.keep_tag_kind(name=name, name_en=name_en, subject="person", purpose=purpose, days=days, by=by, at=at)
    making = _Making(Random(seed), timezone.localdate(at))
    _fill(making)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "人房登记.csv"
        _write(path, making.rows)
        register.import_homes(path, by=by, at=at)
    _firms(by, at)
    _to_tidy(making, by, at)


def _fill(making: _Making) -> None:
    """Two buildings in each grid, four floors of two flats, a shop on the ground of the first."""
    street = next((one for one in territory.of_level(Level.STREET) if one.name == DEMO_STREET), None)
    grids = territory.descendants(street.id, level=Level.GRID)[:GRIDS] if street else []
    areas = territory.areas([one.id for one in grids])
    for place, grid in enumerate(grids):
        estate, road = ESTATES[place // 4], ROADS[place // 4]
        points = _inside(areas[grid.id]) if grid.id in areas else []
        for number in range(1, BUILDINGS + 1):
            block = place % 4 * BUILDINGS + number
            point = dict(zip(("lon", "lat"), points[number - 1], strict=True)) if len(points) >= number else {}
            home = {
                "division": grid.code, "building": f"{estate}{block}号楼", "address": f"示范区{road}{8 + place // 4}号{estate}{block}号楼",
                "building_kind": "商住楼" if number == 1 else "住宅楼", "floors": FLOORS, **point,
            }  # fmt: skip
            if number == 1:
                making.rows.append(home | {"floor": 1, "number": f"商{place + 1}", "use": "商铺"})
            for floor in range(1, FLOORS + 1):
                for door in (1, 2):
                    making.household(home, floor, door)


def _inside(area: Any) -> list[tuple[float, float]]:
    """Places of buildings within a grid, side by side."""
    from shapely import Point

    first = area.representative_point()
    beside = [Point(first.x + x * STEP, first.y + y * STEP) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    return [(round(one.x, 6), round(one.y, 6)) for one in (first, *beside) if area.contains(one)]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    keys = [column.key for column in register.HOMES_SHEET.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(register.homes_heading())
        writer.writerows([row.get(key, "") for key in keys] for row in rows)


def _firms(by: Actor, at: datetime) -> None:
    """The first firms of the street work in its shops."""
    shops = register.Unit.objects.filter(use=register.UnitUse.SHOP).order_by("building__sort", "sort")
    firms = register.Firm.objects.filter(division__name=DEMO_STREET).order_by("code")
    for firm, shop in zip(firms, shops, strict=False):
        register.place_firm(firm.pk, shop.pk, by=by, at=at)


def _to_tidy(making: _Making, by: Actor, at: datetime) -> None:
    """Somebody entered a second time without a number; two who were merged; one registered here who lives elsewhere."""
    heads = list(
        register.Residence.objects.filter(role=register.Role.HEAD, until=None)
        .select_related("person", "household")
        .order_by("id")[:8]
    )
    if len(heads) < 8:
        return
    homes = [row.household_id for row in heads]

    def again(row: register.Residence, household: Any) -> register.Residence:
        who = register.NewPerson(row.person.name)
        one = register.NewResident(
            making.today, who, role="tenant", kind="living", born_on=row.person.born_on, is_another=True
        )
        return register.move_in(household, one, by=by, at=at)

    again(heads[0], homes[5])
    gone = again(heads[1], homes[6])
    register.merge_people(heads[1].person_id, gone.person_id, by=by, at=at)
    register.change_residence(homes[2], heads[2].person_id, kind="registered", by=by, at=at)
    there = register.NewResident(making.today, person_id=heads[2].person_id, role="tenant", kind="living")
    register.move_in(homes[7], there, by=by, at=at)
