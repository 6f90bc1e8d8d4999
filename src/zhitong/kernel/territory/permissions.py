"""Who may change the territory.  Reading it is open to everybody: divisions and their borders are public.

The permission is declared by accounts, which stands above this component; here an actor is anything that can answer.
"""

from typing import Protocol
from uuid import UUID

MANAGE = "territory.manage"


class By(Protocol):
    """An actor (see ``accounts.public.Actor``)."""

    @property
    def account_id(self) -> UUID | None: ...
    @property
    def post_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...
    def demand_everywhere(self, permission: str) -> None: ...


def demand_manage(by: By) -> None:
    """Raise ``NotAllowed`` unless the actor sets up divisions for the whole district."""
    by.demand_everywhere(MANAGE)
