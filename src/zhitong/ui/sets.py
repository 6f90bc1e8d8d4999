"""Named sets of matters: what a tile counts and what the list behind it shows are one condition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import visible_matters

Condition = Callable[[Actor, datetime], Q]
PARAMETER = "set"


@dataclass(frozen=True, slots=True)
class MatterSet:
    """Matters a person looks for by one name.  ``is_open``: only such as are not closed."""

    slug: str
    label: Any
    condition: Condition
    is_open: bool = True

    def q(self, by: Actor, at: datetime) -> Q:
        """The condition as it stands for ``by`` at that moment."""
        found = self.condition(by, at)
        return found & Q(closed_at=None) if self.is_open else found


_sets: dict[str, MatterSet] = {}


def declare_set(slug: str, label: Any, condition: Condition, *, is_open: bool = True) -> None:
    """Tell the lists of a set; ``condition(by, at)`` narrows what ``by`` may see anyway."""
    _sets[slug] = MatterSet(slug, label, condition, is_open)


def matter_sets() -> Mapping[str, MatterSet]:
    """Every declared set by its slug."""
    return _sets


def set_q(slug: str, by: Actor, at: datetime | None = None) -> Q:
    """The condition of a declared set."""
    return _sets[slug].q(by, at or timezone.now())


def set_counts(by: Actor, at: datetime, slugs: Sequence[str], permission: str = "matters.view") -> dict[str, int]:
    """How many matters each set of open ones holds for ``by``.  One query for any number of sets."""
    return counts(by, {slug: _sets[slug].q(by, at) for slug in slugs}, permission)


def counts(by: Actor, conditions: Mapping[str, Q], permission: str = "matters.view") -> dict[str, int]:
    """How many of the open matters ``by`` may see fulfil each condition.  One query."""
    keys = {f"n{n}": name for n, name in enumerate(conditions)}
    asked = {key: Count("pk", filter=conditions[name] & Q(pk__isnull=False)) for key, name in keys.items()}
    if not asked:
        return {}
    found = visible_matters(by, permission).filter(closed_at=None).aggregate(**asked)
    return {name: found[key] for key, name in keys.items()}


def set_href(slug: str, **filters: Any) -> str:
    """The address of the list of a set, with further filters of that list."""
    query = {PARAMETER: slug, **filters} if slug else filters
    return f"{reverse('portal:matters')}?{urlencode(query)}"
