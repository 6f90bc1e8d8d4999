"""What a message comes down to when it is compared: its pairs of characters by rarity, with and without the names in it."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern

import numpy as np
from numpy.typing import NDArray

from zhitong.base.text import words as cut

from .names import CODED, by_start, find_names, is_word, kin_of, learn_names, occurring, parts_of

MOST_TEXT = 400
TITLE_TIMES = 3  # a pair of characters of the title counts as so many of the text
COMMON, WIDE, FEW = (
    0.15,
    0.02,
    20,
)  # pairs in more of all messages say nothing; a name in more is a district, not a place
# The measure: half of all words, half of those that are no names; a shared name adds if something else is shared besides (one
# place has many troubles), two names that differ take away.
GROUND = 0.04
SHARED, APART, APART_IN_TEXT, UNNAMED = 0.12, 0.15, 0.8, 0.9
MOST_SHARED = 1.25  # times what the words say: the most that a shared name adds
NEAR_M, NEAR = 150, 1.15  # on one spot the same words say more
FAR_M, FAR = (
    2000,
    0.1,
)  # so far apart they are two things, whatever they say; so are two streets, where no spot and no name says more
IN_PASSING = 0.5  # a name that stands in the text of one and is only mentioned by the other
IN_PART = 0.5  # a name of which the other holds the most
PECULIAR = 2  # what of a name is said more than so many times as often as the name stands for no name
SAID_AGAIN, HABIT = 0.5, 0.6  # one person writes alike about different things, unless it is nearly the same text
ALIKE = 0.14  # two messages from which on are probably about one thing
TITLE_WORTH = 2  # by so much a word of the title is rarer, when others of a kind are looked for
# Words looked for, words counted in what is found, the share of all messages that is looked at.
MOST_SOUGHT, MOST_WEIGHED, MOST_LOOKED_AT = 12, 24, 0.03
LEAST_SHARED = 0.1  # of what its words are worth: what holds less is not alike, but for one in a hundred that are
_OUT = re.compile(rf"{CODED}|西地省|\*+|https?://\S*")
_RUNS = re.compile(r"[A-Za-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote.  ``person`` tells one from another, ``support`` how many agreed or disagreed, ``places`` are names
    known from elsewhere: the division it lies in, the address; ``spot`` is longitude and latitude; ``area`` tells one street from
    another, empty where it is not known."""

    key: str
    title: str
    text: str
    at: datetime
    person: str = ""
    support: int = 0
    places: tuple[str, ...] = ()
    spot: tuple[float, float] | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many of ``n`` messages hold each pair of characters, and each name; what only one holds is left out."""

    n: int = 0
    pairs: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    starts: Mapping[str, set[str]] = field(default_factory=dict, compare=False)
    rarities: dict[str, float] = field(default_factory=dict, compare=False, repr=False)  # that were asked for

    def rarity(self, pair: str) -> float:
        """0 for a pair that nearly all hold, more the rarer; one that is not known is as rare as one known twice."""
        found = self.rarities.get(pair)
        if found is None:
            n = max(self.n, 2)
            share = self.pairs.get(pair, 2)
            found = 0.0 if share >= max(COMMON * n, FEW) else math.log(max(n, 2 * share) / share)
            if pair in self.pairs:
                self.rarities[pair] = found
        return found

    def weight(self, name: str) -> float:
        """1 for a name that hardly any message holds, less the more do."""
        n = max(self.n, 4)
        return math.log(n / min(max(self.names.get(name, 2), 2), n)) / math.log(n / 2)

    def is_word(self, name: str) -> bool:
        """Whether it looks like a name here and is an ordinary word elsewhere."""
        return self.n >= FEW and self.names.get(name, 0) >= self.n

    def standing_for(self, name: str) -> set[str]:
        """What is enough of ``name`` where it is written in another way, and hardly said of anything else."""
        most = PECULIAR * self.names.get(name, 1)
        return {part for part in parts_of(name) if _held_by(part, self) <= most}

    def is_wide(self, name: str) -> bool:
        """Whether it is the name of a district rather than of a place."""
        return self.n > 0 and self.names.get(name, 0) > max(FEW, WIDE * self.n)


@dataclass(frozen=True, slots=True)
class Sketch:
    """``whole`` and ``trouble``: pairs of characters with their weights (of length 1 together), all and those outside of names.
    ``names``: the places it is about; ``is_told`` when the title says so; ``plain``: what names are looked for in; ``kin``: what
    other ways of writing the names would share with them."""

    whole: Mapping[str, float]
    trouble: Mapping[str, float]
    names: frozenset[str]
    is_told: bool
    plain: str
    person: str = ""
    kin: frozenset[str] = frozenset()
    spot: tuple[float, float] | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """How like two messages are, 0 to about 1: by all words, by those that are no names, by the names both have."""

    score: float
    whole: float
    trouble: float
    shared: tuple[str, ...]
    is_apart: bool


def plain(text: str) -> str:
    """Without space, and no longer than what is compared."""
    return _SPACE.sub("", text)[:MOST_TEXT]


@dataclass(frozen=True, slots=True)
class Sought:
    """By which words others of the kind of a message are looked for, and what each word is worth that is found in one of them."""

    words: tuple[str, ...]
    worth: Mapping[str, float]
    whole: float  # what they are worth together

    def is_in(self, text: str) -> bool:
        """Whether ``text`` is looked at: it holds one of the words, and not next to nothing of what all are worth."""
        return any(word in text for word in self.words) and self.share(text) >= LEAST_SHARED

    def share(self, text: str) -> float:
        """How much of all that the words are worth is in ``text``, 0 to 1."""
        return sum([worth for word, worth in self.worth.items() if word in text]) / max(self.whole, 1e-9)


def telling(message: Message, words: Vocabulary, most: int) -> list[str]:
    """The rarest words of ``message``, at most so many."""
    told = _words_of(f"{plain(message.title)} {plain(message.text)}")
    return sorted(told, key=lambda w: (-_rarity(w, words), w))[:most]


def sought(message: Message, words: Vocabulary) -> Sought:
    """By what to look for others of the kind of ``message``: its rarest words, those of the title before others, together in no more
    than a share of all messages, but for the two rarest; then words of the title that nobody used before."""
    title = plain(message.title)
    told = _words_of(title) | _words_of(plain(message.text))
    worth = {w: _rarity(w, words) * (TITLE_WORTH if w in title else 1) for w in told}
    ranked = sorted(worth, key=lambda w: (-worth[w], w))
    held = {w: _held_by(w, words) for w in ranked}
    chosen: list[str] = []
    left = MOST_LOOKED_AT * max(words.n, 2 * MOST_SOUGHT / MOST_LOOKED_AT)
    for word in (w for w in ranked if held[w] or not words.n):
        left -= max(held[word], 2)
        if len(chosen) >= MOST_SOUGHT or (left < 0 and len(chosen) > 1):
            break
        chosen.append(word)
    new = [w for w in ranked if w in title and w not in chosen and not held[w]]
    known = {w: worth[w] for w in ([w for w in ranked if held[w]] or ranked)[:MOST_WEIGHED]}
    return Sought((*chosen, *new[: MOST_SOUGHT - len(chosen)]), known, sum(known.values()))


def _words_of(text: str) -> set[str]:
    return {w for w in cut(text) if len(w) > 1 and not (w.isdigit() or w.isascii())}


def _held_by(word: str, words: Vocabulary) -> int:
    """How many messages hold it at most; 0 where no two do."""
    return min(words.pairs.get(word[at : at + 2], 0) for at in range(len(word) - 1))


def _rarity(word: str, words: Vocabulary) -> float:
    return max(words.rarity(word[at : at + 2]) for at in range(len(word) - 1))


def pairs_of(text: str, times: int, into: Counter[str]) -> None:
    """Count the pairs of neighbouring Chinese characters and the words in Latin letters, each ``times``."""
    for run in _RUNS.findall(_OUT.sub(" ", text)):
        if run.isascii():
            if 1 < len(run) <= LONGEST_WORD:
                into[run.lower()] += times
        else:
            for start in range(len(run) - 1):
                into[run[start : start + 2]] += times


LONGEST_WORD = 6  # a longer one is a number of somebody


def survey(messages: Collection[Message], gazetteer: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of ``messages``, with the names found in them and those of ``gazetteer``."""
    pairs: Counter[str] = Counter()
    found: Counter[str] = Counter()
    texts = [(plain(m.title), plain(m.text)) for m in messages]
    for title, text in texts:
        here: Counter[str] = Counter()
        pairs_of(title, 1, here)
        pairs_of(text, 1, here)
        pairs.update(here.keys())
        found.update(find_names(title))
    begun = learn_names(title for title, _text in texts)
    given = {name for name in gazetteer if len(name) > 1}
    known = by_start({*found, *begun, *given})
    told: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for title, text in texts:
        here_told = list(occurring(f"{title}\n{text}", known))
        told.update({name for _start, _end, name in here_told})
        ended.update({name for start, end, name in here_told if end - start > len(name)})
    kept = {name: max(n, 1) for name in {*begun, *given, *found} if (n := told[name]) > 1 or name in given}
    kept.update({name: len(texts) for name in kept if name not in given and is_word(name, told[name], ended[name])})
    return Vocabulary(len(texts), {p: n for p, n in pairs.items() if n > 1}, kept, starts_of(kept, len(texts)))


def starts_of(names: Mapping[str, int], n: int) -> dict[str, set[str]]:
    """The names to look for in texts: what counts as held by all ``n`` messages is an ordinary word (`survey`)."""
    return by_start(name for name, held in names.items() if held < n or n < FEW)


def sketch(message: Message, words: Vocabulary) -> Sketch:
    """What ``message`` comes down to."""
    title, text = plain(message.title), plain(message.text)
    own = {name for name in find_names(title) if not words.is_word(name)}
    own |= {name for _start, _end, name in occurring(title, words.starts)}
    specific = {name for name in own if not words.is_wide(name)} | {p for p in message.places if not words.is_wide(p)}
    is_told = bool(specific)
    if not specific:
        specific = {n for n in find_names(text) if words.names.get(n, 0) > 1 and not words.is_wide(n)}
    mine = by_start({*own, *specific})
    whole: Counter[str] = Counter()
    trouble: Counter[str] = Counter()
    for part, times in ((title, TITLE_TIMES), (text, 1)):
        pairs_of(part, times, whole)
        pairs_of(_masked(part, mine, words.starts), times, trouble)
    kin = {one for one in kin_of(specific) if not words.is_wide(one.strip("-"))}
    return Sketch(
        _weighed(whole, words), _weighed(trouble, words), frozenset(specific), is_told, f"{title}\n{text}", message.person,
        frozenset(kin), message.spot, message.area,
    )  # fmt: skip


def _masked(text: str, *names: Mapping[str, set[str]]) -> str:
    parts, at = [], 0
    for start, end, _name in occurring(text, *names):
        parts.append(text[at:start])
        at = end
    return " ".join([*parts, text[at:]])


def _weighed(counts: Mapping[str, int], words: Vocabulary) -> dict[str, float]:
    weights = {p: (1 + math.log(n)) * r for p, n in counts.items() if (r := words.rarity(p)) > 0}
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {intern(p): w / length for p, w in weights.items()} if length else {}


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(pair, 0.0) for pair, weight in one.items())


def measure(
    whole: float, trouble: float, shared: float, *, is_apart: bool, is_told: bool, is_unnamed: bool, is_habit: bool = False,
    is_crossing: bool = False, metres: float = math.nan, is_elsewhere: bool = False,
) -> float:  # fmt: skip
    """The score of a pair: ``shared`` is the weight of the rarest name both hold, 0 without one; ``is_crossing`` when each names
    another place besides; ``metres`` between their spots, not a number where one has none; ``is_elsewhere`` when they lie in two
    streets."""
    like = (whole + trouble) / 2
    if metres > FAR_M:
        return like * FAR
    if metres <= NEAR_M:
        like *= NEAR
    if shared and is_crossing:
        return like
    if shared:
        return like + min(SHARED * shared * min(1.0, trouble / GROUND), MOST_SHARED * like)
    if is_elsewhere and math.isnan(metres):
        return like * FAR
    if is_habit and like < SAID_AGAIN:
        like *= HABIT
    if is_apart:
        return like * (APART if is_told else APART_IN_TEXT)
    return like * UNNAMED if is_unnamed else like


def metres_from(spot: tuple[float, float], lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from a spot to others of the same city, by a flat map."""
    lon, lat = spot
    found: NDArray[np.float64] = METRES * np.hypot((lons - lon) * math.cos(math.radians(lat)), lats - lat)
    return found


METRES = 111_195  # of a degree along a meridian


def likeness(one: Sketch, other: Sketch, words: Vocabulary) -> Pair:
    """How like they are.  Two that name different places are not alike, whatever else they say."""
    weights = {n: words.weight(n) * part for n in one.names | other.names if (part := _part(one, other, n, words))}
    shared = tuple(sorted(weights, key=lambda n: (-weights[n], -len(n), n)))
    is_apart = not shared and bool(one.names) and bool(other.names) and not one.kin & other.kin
    whole, trouble = _product(one.whole, other.whole), _product(one.trouble, other.trouble)
    score = measure(
        whole, trouble, weights[shared[0]] if shared else 0.0,
        is_apart=is_apart, is_told=one.is_told and other.is_told, is_unnamed=not shared and not is_apart,
        is_habit=bool(one.person) and one.person == other.person, is_crossing=_is_crossing(one, other),
        metres=_between(one, other), is_elsewhere=bool(one.area and other.area) and one.area != other.area,
    )  # fmt: skip
    return Pair(score, whole, trouble, shared, is_apart)


def _is_crossing(one: Sketch, other: Sketch) -> bool:
    """Whether each is about a place that the other does not name: two crossings of one road, two stations of one line."""
    is_told = one.is_told and other.is_told and not one.kin & other.kin
    return is_told and _lacks(one, other) and _lacks(other, one)


def _lacks(one: Sketch, other: Sketch) -> bool:
    return any(
        name not in other.plain and not any(name in held or held in name for held in other.names) for name in one.names
    )


def _between(one: Sketch, other: Sketch) -> float:
    if one.spot is None or other.spot is None:
        return math.nan
    return float(metres_from(one.spot, np.array(other.spot[0]), np.array(other.spot[1])))


def _part(one: Sketch, other: Sketch, name: str, words: Vocabulary) -> float:
    """How much of the weight of ``name`` counts: all where it is what both are about, half where one holds the most of it, none where
    one does not hold it."""
    if name in one.names and name in other.names:
        return 1.0
    owner, holder = (one, other) if name in one.names else (other, one)
    if name in holder.plain:
        return 1.0 if owner.is_told else IN_PASSING
    return IN_PART if owner.is_told and any(part in holder.plain for part in words.standing_for(name)) else 0.0
