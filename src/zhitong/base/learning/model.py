"""What was learned of categories in several levels: asked, kept in a file of its own, read again.

A label is a path of names, the most general first: ("城乡建设", "市政设施", "路灯照明").  The first choice is among the first names;
below each of them there is another among everything under it.  A label with fewer than `LEAST_CASES` messages counts as what it lies
under.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np

from .features import counts, plain_words
from .nodes import Node, Parts, Vector, likely, taught

MAGIC = b"zhitong model 1\n"
LEAST_CASES, LEAST_OWNERS = 8, 3
Path = tuple[str, ...]
_ARRAYS = (("ids", np.uint32), ("rarity", np.float32), ("weights", np.float16), ("bias", np.float32))


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it is about.  ``owner`` tells people apart who wrote several; equal texts have one owner."""

    title: str
    body: str
    label: Path
    owner: int = 0


@dataclass(frozen=True, slots=True)
class Likely:
    """A label, how likely it is (0 to 1), and the words that speak for it."""

    label: Path
    share: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """A choice among the first names, and below each one a choice among what lies under it."""

    top: Node
    below: Mapping[str, Node] = field(default_factory=dict)

    def likely(self, title: str, body: str, most: int = 3) -> list[Likely]:
        """The likeliest labels, the best first, each with the words that speak for it."""
        ranked = self.ranked((counts(title), counts(body)))[:most]
        read = plain_words(f"{title}\n{body}")
        return [Likely(label, share, self._words(label, read)) for label, share in ranked]

    def ranked(self, parts: Parts) -> list[tuple[Path, float]]:
        """Every label with its share, the likeliest first."""
        found: list[tuple[Path, float]] = []
        for first, share in zip(self.top.labels, self.top.shares(parts), strict=True):
            node = self.below.get(first)
            if node is None:
                found.append(((first,), float(share)))
            else:
                found += [
                    (_path(label), float(share * part))
                    for label, part in zip(node.labels, node.shares(parts), strict=True)
                ]
        return sorted(found, key=lambda pair: -pair[1])

    def scaled(self, scale: float) -> "Model":
        """The same, as sure as ``scale`` makes it."""
        return Model(
            replace(self.top, scale=scale), {name: replace(node, scale=scale) for name, node in self.below.items()}
        )

    def choices(self, parts: Parts, label: Path) -> list[tuple[Vector, int]]:
        """The choices on the way to a label: the distances of what there is to choose from, and which of them is right."""
        found = []
        if label[0] in self.top.labels:
            found.append((self.top.scores(parts), self.top.labels.index(label[0])))
        node = self.below.get(label[0])
        names = [_name(label[:n]) for n in range(len(label), 0, -1)]
        name = next((name for name in names if node and name in node.labels), None)
        if node and name:
            found.append((node.scores(parts), node.labels.index(name)))
        return found

    @property
    def size(self) -> int:
        """How many labels it tells apart."""
        return sum(len(self.below[first].labels) if first in self.below else 1 for first in self.top.labels)

    def _words(self, label: Path, read: Sequence[str]) -> tuple[str, ...]:
        general = self.top.words(read, self.top.labels.index(label[0]))
        node = self.below.get(label[0])
        exact = node.words(read, node.labels.index(_name(label))) if node and len(label) > 1 else ()
        mixed = (word for pair in zip_longest(exact, general) for word in pair if word)
        return tuple(dict.fromkeys(mixed))[:5]

    def packed(self) -> bytes:
        """The model as a file: what the arrays are, in JSON, the arrays, and a digest of it all."""
        nodes = [("", self.top), *self.below.items()]
        heads, body = [], io.BytesIO()
        for name, node in nodes:
            shapes = {key: list(getattr(node, key).shape) for key, _type in _ARRAYS}
            heads.append({"name": name, "labels": node.labels, "scale": node.scale, "shapes": shapes})
            for key, type_ in _ARRAYS:
                body.write(np.ascontiguousarray(getattr(node, key), np.dtype(type_).newbyteorder("<")).tobytes())
        head = json.dumps(heads, ensure_ascii=False).encode()
        whole = MAGIC + len(head).to_bytes(4, "little") + head + body.getvalue()
        return whole + hashlib.sha256(whole).digest()


def unpacked(data: bytes) -> Model:
    """The model of a file; ValueError where it is not one, or not whole."""
    whole, digest = data[:-32], data[-32:]
    if not whole.startswith(MAGIC) or hashlib.sha256(whole).digest() != digest:
        raise ValueError("this is not a model, or it is not whole")
    at = len(MAGIC) + 4
    size = int.from_bytes(whole[at - 4 : at], "little")
    heads, at = json.loads(whole[at : at + size]), at + size
    nodes: dict[str, Node] = {}
    for head in heads:
        arrays = {}
        for key, type_ in _ARRAYS:
            shape, kind = head["shapes"][key], np.dtype(type_).newbyteorder("<")
            n = int(np.prod(shape))
            arrays[key] = np.frombuffer(whole, kind, n, at).reshape(shape)
            at += n * kind.itemsize
        nodes[head["name"]] = Node(tuple(head["labels"]), scale=head["scale"], **arrays)
    return Model(nodes.pop(""), nodes)


def _name(label: Path) -> str:
    return "\t".join(label)


def _path(name: str) -> Path:
    return tuple(name.split("\t"))


def settled(labels: Sequence[Path], least: int = LEAST_CASES) -> list[Path]:
    """Each label, or what it lies under where too few messages have it; first names stay however few they are."""
    found = list(labels)
    for depth in range(max(map(len, labels), default=1), 1, -1):
        often = Counter(found)
        found = [label[:-1] if len(label) == depth and often[label] < least else label for label in found]
    return found


def learned(examples: Iterable[Example], *, least: int = LEAST_OWNERS, scale: float = 2.0) -> Model:
    """A model of the examples.  ``scale`` turns distances into shares; `calibrated` finds it.  Each is read once and let go."""
    read: list[Parts] = []
    labels, owners = [], []
    for one in examples:
        read.append((counts(one.title), counts(one.body)))
        labels.append(one.label)
        owners.append(one.owner)
    return learned_from(read, labels, owners, least=least, scale=scale, is_last=True)


def learned_from(
    read: MutableSequence[Parts], labels: Sequence[Path], owners: Sequence[int], *, least: int, scale: float,
    is_last: bool = False,
) -> Model:  # fmt: skip
    """`learned` from messages that were read already; ``is_last`` empties ``read`` on the way."""
    paths = settled(labels)
    below = {}
    for first in sorted({path[0] for path in paths}):
        rows = [n for n, path in enumerate(paths) if path[0] == first]
        if len({paths[n] for n in rows}) > 1:
            names = [_name(paths[n]) for n in rows]
            below[first] = taught([read[n] for n in rows], names, [owners[n] for n in rows], least=least, scale=scale)
    top = taught(read, [path[0] for path in paths], owners, least=least, scale=scale, is_last=is_last)
    return Model(top, below)


__all__ = ["Example", "Likely", "Model", "Path", "learned", "learned_from", "likely", "settled", "unpacked"]
