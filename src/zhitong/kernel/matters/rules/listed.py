"""What the tables declare, for those who set the district up: kinds, clocks and lists by name, never by code."""

from collections.abc import Iterator
from typing import Any

from .kinds import KINDS, Action
from .payloads import Ask, questions


def kind_choices() -> list[tuple[str, Any]]:
    """Every kind of matter."""
    return [(kind.slug, kind.label) for kind in KINDS.values()]


def clock_choices() -> list[tuple[str, Any]]:
    """Every clock of every kind, each once."""
    return list({clock.slug: clock.label for kind in KINDS.values() for clock in kind.clocks}.items())


_lists: dict[str, Any] = {}


def declare_reasons(list_: str, label: Any) -> None:
    """Tell of a list of reasons that no action of a kind asks for."""
    _lists[list_] = label


def reason_choices() -> list[tuple[str, Any]]:
    """Every list of reasons, under the action that asks for one, or the name it was declared with."""
    found: dict[str, Any] = dict(_lists)
    for action, ask in _asked():
        if ask.reasons:
            found.setdefault(ask.reasons, action.label)
    return list(found.items())


def phrase_choices() -> list[tuple[str, Any]]:
    """Every text for which wordings are kept."""
    found: dict[str, Any] = {}
    for _action, ask in _asked():
        if ask.phrases:
            found.setdefault(ask.phrases, ask.label)
    return list(found.items())


def _asked() -> Iterator[tuple[Action, Ask]]:
    for kind in KINDS.values():
        for action in kind.moves.values():
            for _name, _bare, ask, _required, _default in questions(action.payload) if action.payload else ():
                yield action, ask
