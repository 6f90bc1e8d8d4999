"""The register in a district of 500,000 persons, and in one of 10,000: people by number and name, lists, buildings, households, tags.

From request to the bytes of the page, through all of Django, without the web server.  Besides: the bare look for a number, which is
wanted within 50 ms.
"""

import sys
from collections.abc import Mapping
from random import Random
from typing import Any

from . import residents
from .compare import Question, compare
from .pages import page, signed_in
from .report import Report

ROUNDS, EACH, KNOWN = 4, 8, 200
PERSONAS = ("clerk", "grid", "streetwork", "admin")


def main() -> None:
    """Measure and print."""
    from zhitong.config.prepare import collect_static

    collect_static()
    compare(Report("register"), questions, rounds=ROUNDS, each=EACH, pair=sys.modules[__name__])


SIZES, DATABASES, ensure = residents.SIZES, residents.DATABASES, residents.ensure


def questions() -> Mapping[str, Question]:
    """What is asked all day, each time of somebody else; by who reaches everything, a street, and a grid."""
    from zhitong.config.demo.organs import ROADS
    from zhitong.kernel.register import public as register
    from zhitong.kernel.territory.public import Division

    chance = Random(1)
    clients = {name: signed_in(name) for name in PERSONAS}
    street = Division.objects.get(name=residents.STREET).pk
    grids = residents.grids()[:20]
    buildings = list(
        register.Building.objects.filter(division__in=grids).order_by("pk").values_list("pk", flat=True)[:KNOWN]
    )
    homes = list(
        register.Household.objects.filter(unit__building__in=buildings)
        .order_by("pk")
        .values_list("pk", flat=True)[:KNOWN]
    )
    people = register.Residence.objects.filter(household__in=homes).order_by("pk")
    living = list(people.values_list("person", "person__name").distinct()[:KNOWN])
    tag = register.TagKind.objects.get(name="志愿者").pk
    found: dict[str, Question] = {"a number, without the page": lambda: _looked_up(chance.randrange(9_000))}

    def search(who: str, said: Any) -> Question:
        return lambda: _posted(clients[who], said())

    def number() -> str:
        return residents.citizen_number(chance.randrange(9_000))

    def phone() -> str:
        return residents.phone_number(chance.randrange(9_000))

    def name() -> str:
        return str(chance.choice(living)[1])

    def road() -> str:
        return chance.choice(ROADS)

    def one_of(who: str, path: str, ids: list[Any]) -> Question:
        return lambda: page(clients[who], path.format(chance.choice(ids)))()

    for who in ("admin", "streetwork", "grid"):
        found |= {
            f"{who}: by citizen id": search(who, number), f"{who}: by phone": search(who, phone), f"{who}: by name": search(who, name),
            f"{who}: buildings by words": search(who, road), f"{who}: buildings by a word of many": search(who, lambda: "花园"),
            f"{who}: list": page(clients[who], "/desk/homes/"), f"{who}: a tag's people": page(clients[who], f"/desk/homes/tags/{tag}/"),
        }  # fmt: skip
    for who in ("admin", "streetwork"):
        found |= {
            f"{who}: a street's buildings": page(clients[who], f"/desk/homes/?in={street}"),
            f"{who}: a building": one_of(who, "/desk/homes/buildings/{}/", buildings),
            f"{who}: a household": one_of(who, "/desk/homes/households/{}/", homes),
            f"{who}: a person": one_of(who, "/desk/homes/people/{}/", [pk for pk, _name in living]),
        }  # fmt: skip
    found["admin: firms by words"] = page(clients["admin"], "/setup/firms/?q=百货")
    return found


def _looked_up(n: int) -> None:
    from zhitong.kernel.register.public import find_by_citizen_id

    if find_by_citizen_id(residents.citizen_number(n)) is None:
        raise SystemExit(f"the person {n} is not found")


def _posted(client: Any, text: str) -> None:
    answer = client.post("/desk/homes/", {"q": text})
    if answer.status_code != 200:
        raise SystemExit(f"the search answers {answer.status_code}")
