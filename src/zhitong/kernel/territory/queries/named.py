"""Which division a text names: 舜耕街道七东社区3号楼 stands in 七东社区."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from zhitong.kernel.events.public import Kept

from ..choices import MARK, RANK, Level
from ..rules import spellings
from .tree import Node, tree

_KEY = 2  # characters by which names are looked up


class Names:
    """Every spelling of every division below the district, to be found inside texts."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._named: dict[str, dict[str, list[UUID]]] = {}
        self._codes = {node.code: node.id for node in nodes}
        for node in nodes:
            if RANK[node.level] > RANK[Level.DISTRICT]:
                for name in spellings(node.name, node.level):
                    self._named.setdefault(name[:_KEY], {}).setdefault(name, []).append(node.id)

    def find(self, text: str) -> UUID | None:
        """The finest division that ``text`` names without doubt; None when it names none, or several that are apart."""
        if text in self._codes:
            return self._codes[text]
        found = {i for names in self._spelled(text) for i in names}
        return self._finest(found) if found else None

    def _spelled(self, text: str) -> Iterator[list[UUID]]:
        """What stands in the text, the longest name at each place; names inside a longer one do not count."""
        at = 0
        while at < len(text) - 1:
            names = self._named.get(text[at : at + _KEY])
            longest = max((n for n in names if text.startswith(n, at)), key=len, default="") if names else ""
            if names and longest:
                yield names[longest]
            at += len(longest) or 1

    def _finest(self, found: set[UUID]) -> UUID | None:
        """Level by level from the top: what lies in the one above; where several do, the one above is all that is known."""
        answer: UUID | None = None
        for level in sorted({self._nodes[i].level for i in found}, key=RANK.__getitem__):
            here = [i for i in found if self._nodes[i].level == level]
            inside = [i for i in here if answer in self._nodes[i].path] if answer else here
            if len(inside) > 1:
                return answer or self._above(inside)
            answer = inside[0] if inside else answer
        return answer

    def _above(self, several: list[UUID]) -> UUID | None:
        """The division below the district in which all of them lie."""
        shared = set.intersection(*(set(self._nodes[i].path) for i in several))
        below = [i for i in shared if i in self._nodes and RANK[self._nodes[i].level] > RANK[Level.DISTRICT]]
        return max(below, key=lambda i: RANK[self._nodes[i].level], default=None)


def _build(on: date | None) -> Names:
    day = on or timezone.localdate()
    return Names([node for node in tree(on).nodes.values() if node.is_valid_on(day)])


_names: Kept[Names] = Kept(MARK, _build)


def named_in(text: str, on: date | None = None) -> UUID | None:
    """The finest division that ``text`` names, by its code or by names with their kind (街道, 镇, 社区, 村, 网格).

    A name that two divisions have counts where the one above is named too.  Streets of houses are not looked at: 七里山路 is
    not 七里山街道.
    """
    return named_in_many([text], on)[0]


def named_in_many(texts: Sequence[str], on: date | None = None) -> list[UUID | None]:
    """The same for each of many texts."""
    names = _names.get(on or timezone.localdate())
    return [names.find("".join(text.split())) if text else None for text in texts]
