"""One choice among classes: read messages against it, teach it, ask it.  Asking needs NumPy alone; teaching needs SciPy."""

from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..processes import give_back
from .features import EMPTY, Counts, Ids, joined, kept, word_id
from .linear import fit

Vector = npt.NDArray[np.float32]
Parts = tuple[Counts, Counts]  # a message's title and its body

NOTHING: Parts = (EMPTY, EMPTY)
TITLE, BODY, WHOLE = 0.6, 0.6, 0.8
COST = 1.0
WORDS_TOLD, LEAST_TOLD = 5, 0.25  # words that speak for a class, each worth so much of the first
# They may weigh something by chance, but tell nobody what a message is about.
_SAID = (
    "希望 尽快 请求 反映 投诉 建议 咨询 领导 您好 谢谢 已经 现在 目前 一直 没有 不能 可以 应该 需要 进行 处理 解决 有关 相关 部门 问题 情况 "
    "只有 还是 我们"
)
SAID_BY_ALL = frozenset(_SAID.split())
MOST_FEATURES = 120_000
SLICE = 1 << 20
LET_GO = 2000  # messages, after which the memory of what was read goes back
LEAST_SAID = 0.1  # what each class is taken to have said of each feature besides


@dataclass(frozen=True, slots=True)
class Node:
    """A choice among ``labels``: the features looked at, what each is worth, and how sure a distance is (``scale``)."""

    labels: tuple[str, ...]
    ids: Ids
    rarity: Vector
    weights: npt.NDArray[np.float16]
    bias: Vector
    scale: float

    def scores(self, parts: Parts) -> Vector:
        """How far on the right side of each class's line the message lies."""
        places, values = self._vector(parts)
        found: Vector = values @ self.weights[places].astype(np.float32) + self.bias
        return found

    def shares(self, parts: Parts) -> npt.NDArray[np.float64]:
        """How likely each class is; they sum to 1."""
        found: npt.NDArray[np.float64] = likely(self.scores(parts)[None, :].astype(np.float64), self.scale)[0]
        return found

    def words(self, read: Iterable[str], label: int) -> tuple[str, ...]:
        """Those of the words ``read`` that speak most for one class against the others."""
        found = {word: word_id(word) for word in read if word not in SAID_BY_ALL}
        ids = np.array(list(found.values()), np.uint32)
        places = np.searchsorted(self.ids, ids)
        worth = {}
        for word, n, at in zip(found, ids, places, strict=True):
            if at < len(self.ids) and self.ids[at] == n:
                row = self.weights[at].astype(np.float32) * self.rarity[at]
                worth[word] = float(row[label] - row.mean())
        least = LEAST_TOLD * max(0.0, *worth.values()) if worth else 0.0
        best = sorted((word for word in worth if worth[word] > least), key=lambda word: (-worth[word], word))
        return tuple(best[:WORDS_TOLD])

    def _vector(self, parts: Parts) -> tuple[npt.NDArray[np.int64], Vector]:
        return vector(parts, self.ids, self.rarity)


def likely(scores: npt.NDArray[np.float64], scale: float) -> npt.NDArray[np.float64]:
    """Shares from distances, by a softmax."""
    risen = np.exp(scale * (scores - scores.max(axis=1, keepdims=True)))
    found: npt.NDArray[np.float64] = risen / risen.sum(axis=1, keepdims=True)
    return found


def vector(parts: Parts, ids: Ids, rarity: Vector) -> tuple[npt.NDArray[np.int64], Vector]:
    """A message among the features: places and values of its title, of its body and of both as one text, each of the same length whatever
    their own, so that a long body does not drown a title.  A feature may be named more than once; its values add up."""
    places, values = [], []
    for part, weight in zip((*parts, joined(*parts)), (TITLE, BODY, WHOLE), strict=True):
        at = np.searchsorted(ids, part.ids)
        at[at == len(ids)] = 0
        known = ids[at] == part.ids if len(ids) else np.zeros(len(at), np.bool_)
        value = (1 + np.log(part.times[known].astype(np.float32))) * rarity[at[known]]
        length = float(np.sqrt((value * value).sum()))
        places.append(at[known])
        values.append(value * (weight / length) if length else value)
    return np.concatenate(places), np.concatenate(values).astype(np.float32)


def _matrix(read: MutableSequence[Parts], ids: Ids, rarity: Vector, is_last: bool) -> Any:
    """All messages among the features, and a last column of ones.  ``is_last``: what was read is let go, message by message."""
    from scipy import sparse

    most = sum(len(parts[0].ids) + len(parts[1].ids) + 1 for parts in read)
    places, values, ends = (
        np.empty(most, np.int32),
        np.empty(most, np.float32),
        [0],
    )  # what is not written takes no memory
    for n, parts in enumerate(read):
        twice, value = vector(parts, ids, rarity)
        at, back = np.unique(twice, return_inverse=True)
        start, end = ends[-1], ends[-1] + len(at)
        places[start:end], places[end] = at, len(ids)
        values[start:end], values[end] = np.bincount(back, value, len(at)), 1
        ends.append(end + 1)
        if is_last:
            read[n] = NOTHING
            if n % LET_GO == 0:
                give_back()
    shape = (len(read), len(ids) + 1)
    table = (values[: ends[-1]], places[: ends[-1]], np.array(ends, np.int32))
    return sparse.csr_matrix(table, shape=shape, dtype=np.float32)


def taught(
    read: MutableSequence[Parts], labels: Sequence[str], owners: Sequence[int], *, least: int, scale: float, cost: float = COST,
    is_last: bool = False,
) -> Node:  # fmt: skip
    """What is learned from messages and their labels.  Features of fewer than ``least`` owners are left out.  ``is_last``: nobody
    needs ``read`` afterwards, and it is emptied."""
    names = tuple(sorted(set(labels)))
    ids, times = kept(read, owners, least)
    if len(ids) > MOST_FEATURES:
        most = np.sort(np.argpartition(-times.astype(np.int64), MOST_FEATURES)[:MOST_FEATURES])
        ids, times = ids[most], times[most]
    rarity = (np.log((1 + len(read)) / (1 + times.astype(np.float64))) + 1).astype(np.float32)
    if len(names) == 1 or not len(ids):
        return Node(
            names, ids[:0], rarity[:0], np.zeros((0, len(names)), np.float16), np.zeros(len(names), np.float32), scale
        )
    rows, classes = _matrix(read, ids, rarity, is_last), np.array([names.index(label) for label in labels])
    telling = _told_apart(rows, classes, len(names))
    weights = fit(rows, classes, len(names), cost) * telling[:, None]
    return Node(names, ids, rarity, weights[:-1].astype(np.float16), weights[-1], scale)


def _told_apart(rows: Any, classes: npt.NDArray[np.int64], n: int) -> Vector:
    """Stretch ``rows`` in place by how much each feature tells the classes apart, and say by how much, 1 on average.

    It is the root of how far the logarithms of a feature's shares in what each class says lie from one another (after Wang and
    Manning, ACL 2012, for more than two classes): what tells much may weigh much at little cost.  The last column is no feature.
    """
    added, squared = np.zeros(rows.shape[1] - 1), np.zeros(rows.shape[1] - 1)
    for name in range(n):  # one after the other: their table would be among the largest
        said = (rows.T @ (classes == name).astype(np.float32))[:-1].astype(np.float64) + LEAST_SAID
        share = np.log(said / said.sum())
        added += share
        squared += share * share
    apart = (np.maximum(squared / n - (added / n) ** 2, 0) ** 0.25).astype(np.float32)
    found: Vector = np.append(apart / max(float(apart.mean()), 1e-6), 1).astype(np.float32)
    for start in range(0, len(rows.data), SLICE):  # nothing as large as the table besides
        rows.data[start : start + SLICE] *= found[rows.indices[start : start + SLICE]]
    return found
