"""What a hall looks at all day, in one of ten thousand applications and in one of a million: lists, an application, figures.

From request to the bytes of the page, through all of Django, without the web server.
"""

from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import urlencode

from . import cases
from .compare import Question, compare
from .pages import page, signed_in
from .report import Report

ROUNDS, EACH, MATTERS = 12, 6, 200
MOVING = "applications to move"  # seven among 10,000 applications, a page of fifty among 1,000,000
PERSONAS = ("clerk", "examiner", "decider", "leader")


def main() -> None:
    """Measure and print."""
    from zhitong.config.prepare import collect_static

    collect_static()
    compare(Report("hall"), questions, rounds=ROUNDS, each=EACH, pair=cases, longer=[MOVING])


def questions() -> Mapping[str, Question]:
    """Every page, asked by whoever it is for."""
    clients = {name: signed_in(name) for name in PERSONAS}
    found: dict[str, Question] = {f"home of {name}": page(clients[name], "/desk/home/") for name in PERSONAS}
    found |= {f"work of {name}": page(clients[name], "/desk/") for name in ("examiner", "decider")}
    found["list, all"] = page(clients["clerk"], "/desk/matters/")
    found["list, applications"] = page(clients["clerk"], "/desk/matters/?kind=application")
    found["list, own organ's"] = page(clients["examiner"], "/desk/matters/")
    found[MOVING] = page(clients["decider"], "/desk/hall/moving/")
    found |= _figures() | _applications()
    return found


def _figures() -> dict[str, Question]:
    from zhitong.kernel.organisation.public import Organ
    from zhitong.kernel.territory.public import Division

    leader = signed_in("leader")
    area, organ = Division.objects.get(name="七里山街道").pk, Organ.objects.get(code__iexact="market").pk
    asked: dict[str, dict[str, Any]] = {
        "a year": {"period": "year"}, "this month": {"period": "month"}, "an organ's": {"period": "year", "organ": organ},
        "a street's": {"period": "year", "area": area},
    }  # fmt: skip
    found = {f"figures, {name}": page(leader, f"/desk/figures/hall/?{urlencode(said)}") for name, said in asked.items()}
    items = "/desk/figures/hall/items/?"
    found["items with their cases"] = page(leader, f"{items}{urlencode({'period': 'year'})}")
    found["items by words"] = page(leader, f"{items}{urlencode({'period': 'year', 'q': '食品'})}")
    return found


def _applications() -> dict[str, Question]:
    """The page of an application, by those who handle it; another one each time."""
    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.kernel.matters.public import visible_matters

    chance, found = Random(1), dict[str, Question]()
    for name in ("examiner", "clerk"):
        client, actor = signed_in(name), actor_for(Account.objects.get(username=name))
        newest = visible_matters(actor).filter(kind="application").order_by("-pk").values_list("pk", flat=True)
        some = chance.sample(list(newest[: MATTERS * 5]), MATTERS)

        def ask(client: Any = client, some: list[Any] = some) -> None:
            page(client, f"/desk/matters/{chance.choice(some)}/")()

        found[f"an application, {name}"] = ask
    return found
