"""When a routing rule applies: conditions and facts as plain values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from zhitong.base.hours import read_hours

ANONYMOUS, NAMED, REPEAT = "anonymous", "named", "repeat"


@dataclass(frozen=True, slots=True)
class When:
    """A condition; what is empty lets everything through.

    ``categories`` and ``divisions`` hold what lies below them too; of ``words`` one must stand in the text, of ``without`` none;
    ``hours`` is when it came in (`zhitong.base.hours`), ``people`` what is known of who raised it, ``least`` how many raise it together
    at least (0 for any).
    """

    categories: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    hours: str = ""
    channels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    least: int = 0

    @property
    def asks_company(self) -> bool:
        """Whether it asks who else says the same."""
        return bool(self.least) or REPEAT in self.people

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return self == When()

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value
        }


def when_from(kept: Mapping[str, Any]) -> When:
    """What `When.kept` has stored; names it does not know are passed over."""
    known = {one.name for one in fields(When)}
    values: dict[str, Any] = {name: value for name, value in kept.items() if name in known}
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return When(**given)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a condition asks of a matter; ``at`` as clocks on the wall showed it when it came in."""

    categories: Collection[UUID]
    divisions: Collection[UUID]
    text: str
    at: datetime
    channel: str
    people: frozenset[str] = field(default_factory=frozenset)
    together: int = 0


def applies(when: When, facts: Facts) -> bool:
    """Whether every part of the condition holds."""
    return (
        _meets(when.categories, map(str, facts.categories))
        and _meets(when.divisions, map(str, facts.divisions))
        and _meets(when.channels, [facts.channel])
        and _meets(when.people, facts.people)
        and facts.together >= when.least
        and (not when.hours or read_hours(when.hours).covers(facts.at))
        and _says(when, facts.text.casefold())
    )


def _meets(wanted: Sequence[str], has: Any) -> bool:
    return not wanted or not set(wanted).isdisjoint(has)


def _says(when: When, text: str) -> bool:
    has_one = not when.words or any(word.casefold() in text for word in when.words)
    return has_one and not any(word.casefold() in text for word in when.without)
