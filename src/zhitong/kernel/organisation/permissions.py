"""Who may set the district up.

The permission is declared to the register of permissions by accounts, which stands above this component; here an actor
is anything that can answer these questions.
"""

from typing import Protocol

from zhitong.kernel.events import public as events

MANAGE = "organisation.manage"


class By(events.By, Protocol):
    """An actor (see ``accounts.public.Actor``)."""

    def demand_everywhere(self, permission: str) -> None: ...


def demand_manage(by: By) -> None:
    """Raise ``NotAllowed`` unless the actor sets up organs, people and duties for the whole district."""
    by.demand_everywhere(MANAGE)
