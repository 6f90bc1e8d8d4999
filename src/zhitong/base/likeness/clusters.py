"""Messages about one thing, gathered: two groups become one while their messages are alike on average."""

import heapq
from array import array
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .names import by_start
from .texts import (
    APART,
    APART_IN_TEXT,
    FAR,
    FAR_M,
    GROUND,
    HABIT,
    IN_PART,
    IN_PASSING,
    MOST_SHARED,
    NEAR,
    NEAR_M,
    SAID_AGAIN,
    SHARED,
    UNNAMED,
    Message,
    Sketch,
    Vocabulary,
    metres_from,
    sketch,
    survey,
)

TOGETHER = 0.14  # the average likeness at which two groups are one
CONTRAST = 0.26  # what is so much less alike to a group than that is within does not belong to it
COPY = 0.97  # from which on two are copies of one text
LEAST = 0.05  # what is less alike counts as nothing
Floats = NDArray[np.float32]
Edges = dict[int, dict[int, float]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The places of its messages in what was given, and of the one that says best what all say."""

    members: tuple[int, ...]
    speaker: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What two ways of gathering the same messages disagree in: of the pairs together in either, how many are in both, and the
    groups of the one that are not whole in the other."""

    pairs: int
    common: int
    split: tuple[frozenset[Hashable], ...]


def clusters_of(
    messages: Sequence[Message], words: Vocabulary | None = None, least: float = TOGETHER
) -> tuple[list[Cluster], Vocabulary, list[Sketch]]:
    """All of ``messages`` gathered, one that stands alone by itself; in the order of their first messages."""
    words = words or survey(messages)
    sketches = [sketch(m, words) for m in messages]
    edges = _edges(sketches, words)
    groups = _gather(edges, least, {place for place, one in enumerate(sketches) if one.names})
    found = [Cluster(tuple(sorted(group)), _speaker(group, edges)) for group in groups]
    return sorted(found, key=lambda c: c.members[0]), words, sketches


def _speaker(group: Sequence[int], edges: Edges) -> int:
    return min(group, key=lambda i: (-sum(edges[i].get(j, 0.0) for j in group), i))


def _postings(vectors: Iterable[Mapping[str, float]]) -> dict[str, tuple[NDArray[np.int32], Floats]]:
    places: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
    weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))  # 8 bytes an entry: there are millions
    for place, vector in enumerate(vectors):
        for pair, weight in vector.items():
            places[pair].append(place)
            weights[pair].append(weight)
    return {
        pair: (np.frombuffer(held, np.int32), np.frombuffer(weights[pair], np.float32))
        for pair, held in places.items()
        if len(held) > 1
    }


def _products(vector: Mapping[str, float], postings: Mapping[str, tuple[NDArray[np.int32], Floats]], n: int) -> Floats:
    """The product of one with all others."""
    sums = np.zeros(n, np.float32)
    for pair, weight in vector.items():
        if pair in postings:
            places, weights = postings[pair]
            sums[places] += np.float32(weight) * weights
    return sums


def _edges(sketches: Sequence[Sketch], words: Vocabulary) -> Edges:
    """How alike each is to each other, where it is more than nothing."""
    n = len(sketches)
    whole, trouble = _postings(s.whole for s in sketches), _postings(s.trouble for s in sketches)
    sharing = _Sharing(sketches, words)
    _people, people = np.unique([s.person for s in sketches], return_inverse=True)
    named = np.array([bool(s.names) for s in sketches])
    told = np.array([s.is_told for s in sketches])
    areas = np.array([s.area for s in sketches])
    lons, lats = np.array([s.spot or (np.nan, np.nan) for s in sketches]).reshape(-1, 2).T
    edges: Edges = {place: {} for place in range(n)}
    for i, one in enumerate(sketches):
        troubles = _products(one.trouble, trouble, n)
        metres = metres_from(one.spot, lons, lats) if one.spot else np.full(n, np.nan)
        said = like = (_products(one.whole, whole, n) + troubles) / 2 * np.where(metres <= NEAR_M, NEAR, 1)
        shared = sharing.with_all(i)
        both = named & named[i] & ~sharing.kin_of(i)
        if one.person:
            like = np.where((people == people[i]) & (like < SAID_AGAIN), like * HABIT, like)
        apart = np.where(told & one.is_told, APART, APART_IN_TEXT)
        added = np.minimum(SHARED * shared * np.minimum(1, troubles / GROUND), MOST_SHARED * said)
        bonus = np.where(sharing.crossing(i), 0, added)
        score = np.where(
            shared > 0,
            said + bonus,
            np.where(both, like * apart, like * UNNAMED),
        )
        elsewhere = (areas != one.area) & (areas != "") & bool(one.area) & np.isnan(metres) & (shared == 0)
        score = np.where((metres > FAR_M) | elsewhere, said * FAR, score)
        score[said < LEAST / 2] = 0
        for j in np.flatnonzero(score[:i] >= LEAST).tolist():
            edges[i][j] = edges[j][i] = float(score[j])
    return edges


class _Sharing:
    """Which messages hold the names of which others."""

    def __init__(self, sketches: Sequence[Sketch], words: Vocabulary) -> None:
        names = {name for s in sketches for name in s.names}
        starts, parts = by_start(names), _by_part(names, words)
        self.held = [_held(s, starts) for s in sketches]
        lengths = {len(part) for part in parts}
        self.parts = [_held_in_part(s, parts, lengths) - held for s, held in zip(sketches, self.held, strict=True)]
        self.partly: defaultdict[str, list[int]] = defaultdict(list)
        self.weights = {name: words.weight(name) for names in starts.values() for name in names}
        self.owners: defaultdict[str, list[int]] = defaultdict(list)
        self.holders: defaultdict[str, list[int]] = defaultdict(list)
        self.names = [s.names for s in sketches]
        self.related = _related(self.weights)
        self.counts = np.array([len(s.names) for s in sketches])
        self.told = np.array([s.is_told for s in sketches])
        self.kin = [s.kin for s in sketches]
        self.kindred: defaultdict[str, list[int]] = defaultdict(list)
        for place, s in enumerate(sketches):
            for name in s.names:
                self.owners[name].append(place)
            for name in self.held[place]:
                self.holders[name].append(place)
            for name in self.parts[place]:
                self.partly[name].append(place)
            for part in s.kin:
                self.kindred[part].append(place)

    def kin_of(self, place: int) -> NDArray[np.bool_]:
        """Which others name something that may be another way of writing a name of ``place``."""
        found = np.zeros(len(self.held), np.bool_)
        for part in self.kin[place]:
            found[self.kindred[part]] = True
        return found

    def crossing(self, place: int) -> NDArray[np.bool_]:
        """Which others name a place that ``place`` does not hold, and do not hold one that it names."""
        if not self.told[place]:
            return np.zeros(len(self.held), np.bool_)
        mine, theirs = np.zeros(len(self.held), np.int32), np.zeros(len(self.held), np.int32)
        for name in self.names[place]:
            mine[list({*self.holders[name], *(p for other in self.related[name] for p in self.owners[other])})] += 1
        for name in self.held[place].union(*(self.related[name] for name in self.names[place])):
            theirs[self.owners[name]] += 1
        found: NDArray[np.bool_] = (mine < len(self.names[place])) & (theirs < self.counts) & self.told
        return found & ~self.kin_of(place)

    def with_all(self, place: int) -> Floats:
        """The weight of the rarest name that ``place`` shares with each other."""
        found = np.zeros(len(self.held), np.float32)
        mine = 1.0 if self.told[place] else IN_PASSING
        for name in self.names[place]:
            found[self.holders[name]] = np.maximum(found[self.holders[name]], mine * self.weights[name])
            found[self.owners[name]] = np.maximum(found[self.owners[name]], self.weights[name])
        for name in self.held[place]:
            theirs = np.where(self.told[self.owners[name]], 1.0, IN_PASSING)
            found[self.owners[name]] = np.maximum(found[self.owners[name]], theirs * self.weights[name])
        if self.told[place]:
            for name in self.names[place]:
                found[self.partly[name]] = np.maximum(found[self.partly[name]], IN_PART * self.weights[name])
        for name in self.parts[place]:
            theirs = np.where(self.told[self.owners[name]], IN_PART, 0.0)
            found[self.owners[name]] = np.maximum(found[self.owners[name]], theirs * self.weights[name])
        return found


def _related(names: Collection[str]) -> dict[str, set[str]]:
    """Which of the names hold which others, or are held by them."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        parts = {name[at:to] for at in range(len(name)) for to in range(at + 2, len(name) + 1)}
        for part in parts - {name}:
            if part in found:
                found[part].add(name)
                found[name].add(part)
    return found


def _held(one: Sketch, starts: Mapping[str, set[str]]) -> set[str]:
    likely = (name for at in range(len(one.plain) - 1) for name in starts.get(one.plain[at : at + 2], ()))
    return {name for name in likely if name in one.plain} | one.names


def _by_part(names: Collection[str], words: Vocabulary) -> dict[str, set[str]]:
    """The names by what is enough of them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for part in words.standing_for(name):
            found[part].add(name)
    return found


def _held_in_part(one: Sketch, parts: Mapping[str, set[str]], lengths: Collection[int]) -> set[str]:
    """The names of which ``one`` holds enough."""
    text = one.plain
    cut = (text[at : at + n] for n in lengths for at in range(len(text) - n + 1))
    return {name for piece in cut if piece in parts for name in parts[piece]}


def _gather(edges: Edges, least: float, named: Collection[int] = ()) -> list[list[int]]:
    """Average linkage: the two groups most alike become one, as long as they are alike enough, also beside what each is within,
    and so are those of them that name a place (``named``): one that names none does not bring two streets together.
    A text that was sent again and again speaks once."""
    copies = _copies(edges)
    members = {place: [place] for place in copies}
    sums = {place: {other: score for other, score in edges[place].items() if other in copies} for place in copies}
    telling = {place: int(place in named) for place in copies}  # how many of each group name a place
    told = {i: {j: score for j, score in row.items() if telling[i] and telling[j]} for i, row in sums.items()}
    inner = dict.fromkeys(copies, 0.0)  # the likenesses within each group, added up
    heap = [(-score, i, j) for i, row in sums.items() for j, score in row.items() if i < j and score >= least]
    heapq.heapify(heap)
    while heap:
        score, i, j = heapq.heappop(heap)
        if i not in sums or j not in sums[i] or abs(sums[i][j] / (len(members[i]) * len(members[j])) + score) > 1e-9:
            continue
        if -score < CONTRAST * max(_close(inner[i], len(members[i])), _close(inner[j], len(members[j]))):
            continue
        if told[i].get(j, 0.0) < least * telling[i] * telling[j]:
            continue
        inner[i] += inner.pop(j) + sums[i][j]
        _merge(sums, i, j)
        _merge(told, i, j)
        members[i] += members.pop(j)
        telling[i] += telling.pop(j)
        for k, total in sums[i].items():
            average = total / (len(members[i]) * len(members[k]))
            if average >= least:
                heapq.heappush(heap, (-average, min(i, k), max(i, k)))
    return [[copy for place in group for copy in copies[place]] for group in members.values()]


def _merge(sums: Edges, i: int, j: int) -> None:
    """Add what group ``j`` has to what ``i`` has."""
    for k, total in sums.pop(j).items():
        sums[k].pop(j)
        if k != i:
            sums[i][k] = sums[k][i] = sums[i].get(k, 0.0) + total


def _copies(edges: Edges) -> dict[int, list[int]]:
    """Messages that are nearly the same text, each kind by its first."""
    found: dict[int, list[int]] = {}
    first: dict[int, int] = {}
    for place in sorted(edges):
        of = min((first[o] for o, score in edges[place].items() if score >= COPY and o < place), default=place)
        first[place] = of
        found.setdefault(of, []).append(place)
    return found


def _close(inner: float, n: int) -> float:
    """How alike the messages of a group of ``n`` are on average; 0 below three, since two may be copies of one text."""
    return 2 * inner / (n * (n - 1)) if n > 2 else 0.0


def differences(one: Mapping[Hashable, Hashable], other: Mapping[Hashable, Hashable]) -> Difference:
    """How two assignments of the same keys to groups differ."""
    first, second = _groups(one), _groups(other)
    kept = {group for group in first if group in second}
    together, common = _pairs(first) | _pairs(second), _pairs(first) & _pairs(second)
    return Difference(len(together), len(common), tuple(g for g in first if g not in kept and len(g) > 1))


def _groups(assigned: Mapping[Hashable, Hashable]) -> set[frozenset[Hashable]]:
    found: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
    for key, group in assigned.items():
        found[group].add(key)
    return {frozenset(keys) for keys in found.values()}


def _pairs(groups: Iterable[frozenset[Hashable]]) -> set[frozenset[Hashable]]:
    return {frozenset((a, b)) for group in groups for a in group for b in group if a != b}
