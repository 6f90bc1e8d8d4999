"""Lists, the page of a matter and everybody's home in a district of ten thousand matters and of a million.

From request to the bytes of the page, through all of Django, without the web server.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from .compare import Question, compare
from .report import Report

PERSONAS = (
    "dispatcher", "arbiter", "visitor", "clerk", "supervisor", "leader", "citywork", "cityhead", "streetwork", "streethead",
    "grid",
)  # fmt: skip
BACKEND = "zhitong.kernel.accounts.web.backend.AccountBackend"
LISTS = {
    "list, all": "/desk/matters/",
    "list, a street's": "/desk/matters/?division={area}",
    "list, late": "/desk/late/",
    "public list": "/appeals/public/",
}
ROUNDS, EACH, MATTERS = 12, 6, 200


def main() -> None:
    """Measure and print."""
    from zhitong.config.prepare import collect_static

    collect_static()
    compare(Report("pages"), questions, rounds=ROUNDS, each=EACH)


def questions() -> Mapping[str, Question]:
    """Every page, asked by whoever it is for."""
    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.kernel.matters.public import visible_matters
    from zhitong.kernel.territory.public import Division

    chance = Random(1)
    area = Division.objects.get(name="七里山街道").pk
    seen = visible_matters(actor_for(Account.objects.get(username="streetwork"))).order_by("-pk")
    matters = chance.sample(list(seen.values_list("pk", flat=True)[: MATTERS * 5]), MATTERS)
    clients = {name: signed_in(name) for name in PERSONAS}
    found: dict[str, Question] = {f"home of {name}": page(clients[name], "/desk/home/") for name in PERSONAS}
    found |= {f"work of {name}": page(clients[name], "/desk/") for name in ("citywork", "streetwork", "visitor")}
    found |= {name: page(clients["dispatcher"], path.format(area=area)) for name, path in LISTS.items()}
    found["list, own organ's"] = page(clients["streetwork"], "/desk/matters/")
    found["board"] = page(clients["dispatcher"], "/desk/dispatch/")
    found["figures"] = page(clients["leader"], "/desk/figures/")

    def matter() -> None:
        page(clients["streetwork"], f"/desk/matters/{chance.choice(matters)}/")()

    found["a matter"] = matter
    return found


def stranger() -> Any:
    """A browser in which nobody has signed in."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def signed_in(username: str) -> Any:
    """A browser in which somebody of the demo has signed in."""
    from zhitong.kernel.accounts.public import Account

    client = stranger()
    client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return client


def page(client: Any, path: str) -> Question:
    """Asking for a page, which must be there."""

    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")

    return ask
