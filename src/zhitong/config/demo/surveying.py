"""Surveys of the demo: both example forms, and a household census that a street is half through."""

from datetime import datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import finding_subkinds
from zhitong.kernel.organisation.public import Appointment
from zhitong.kernel.territory.public import Level, Node, descendants, of_level
from zhitong.lines.surveys.public import EXAMPLES, NewTarget, add_rule, begin, publish, submit, take, workbook_of

DOORS = 40
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊洋艳勇军杰娟"
HOUSES, CARE = ("own", "own", "rented", "other"), ("alone", "disabled", "minor", "poor")


@transaction.atomic
def build(by: Actor, at: datetime, seed: int) -> None:
    """The forms, published; the census over some doors of the street whose grid worker anybody may be, the first two thirds of them answered."""
    dice, versions = Random(seed), {}
    for slug, (_title, sheets) in EXAMPLES.items():
        made = take(workbook_of(sheets), f"{slug}.xlsx", by=by, at=at)
        versions[slug] = publish(made.pk, by=by, at=at)
    add_rule(
        versions["epidemic"].form_id, path="/data/member/temperature", crossing="at_least", bound="37.3", title="摸排发现发热人员",
        subkind=finding_subkinds()[0].pk, urgency="urgent", by=by, at=at,
    )  # fmt: skip
    street = _street()
    grids = descendants(street.id, level=Level.GRID)[:8]
    doors = [
        NewTarget(f"{place // 4 + 1}号楼{place % 4 + 1}单元", grids[place % len(grids)].id) for place in range(DOORS)
    ]
    today = timezone.localdate(at)
    survey = begin(
        versions["census"].pk, name=f"{street}入户普查", starts_on=today - timedelta(days=10), ends_on=today + timedelta(days=20),
        purpose="掌握常住人口和需要关心的家庭。答卷只用于本次普查，截止三十天后汇总销毁。", targets=doors, by=by, at=at,
    )  # fmt: skip
    for number, target in enumerate(survey.targets.order_by("sort")[: DOORS * 2 // 3]):
        submit(target.pk, _answer(dice, f"demo-{seed}-{number}").encode(), by=by, at=at - timedelta(hours=number))


def _street() -> Node:
    """That of the grid worker among the personas, or the first."""
    seats = Appointment.objects.filter(staff__account__username="grid").values_list("post__organ__division", flat=True)
    streets = of_level(Level.STREET)
    return next((one for one in streets if one.id in set(seats)), streets[0])


def _answer(dice: Random, instance: str) -> str:
    name = dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice(GIVEN)
    residents, house = dice.randint(1, 6), dice.choice(HOUSES)
    said = {
        "holder": name, "number": "", "phone": f"1380000{dice.randint(1000, 9999)}", "house": house,
        "owner": dice.choice(FAMILY) + "先生" if house == "rented" else "", "residents": residents,
        "over_60": dice.randint(0, min(2, residents)), "under_18": dice.randint(0, min(2, residents)),
        "care": dice.choice(CARE) if dice.random() < 0.2 else "", "place": "", "wish": "",
    }  # fmt: skip
    fields = "".join(f"<{field}>{escape(str(value))}</{field}>" for field, value in said.items())
    return f'<data id="census">{fields}<meta><instanceID>uuid:{instance}</instanceID></meta></data>'
