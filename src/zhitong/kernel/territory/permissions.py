"""Who may change the territory.  Reading it is open to everybody: divisions and their borders are public.

The permission is declared by accounts, which stands above this component; here an actor is anything that can answer.
"""

from typing import Protocol

from zhitong.kernel.events import public as events

MANAGE = "territory.manage"


class By(events.By, Protocol):
    """An actor (see ``accounts.public.Actor``)."""

    def demand_everywhere(self, permission: str) -> None: ...


def demand_manage(by: By) -> None:
    """Raise ``NotAllowed`` unless the actor sets up divisions for the whole district."""
    by.demand_everywhere(MANAGE)
