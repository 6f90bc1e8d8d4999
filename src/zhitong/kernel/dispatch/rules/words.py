"""Before anything was learned: a category's own words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text may be about: the key it was asked under, how much speaks for it, and the words that do."""

    key: Any
    score: float
    words: tuple[str, ...]


def guesses(text: str, keywords: Mapping[Any, Collection[str]], most: int = 3) -> list[Guess]:
    """The keys whose keywords stand in ``text``, the likeliest first.

    A longer word says more than a short one; a word that many keys share says less.  Nothing is learned.
    """
    text = text.casefold()
    shared: dict[str, int] = {}
    for words in keywords.values():
        for word in set(words):
            shared[word] = shared.get(word, 0) + 1
    present = {word for word in shared if word.casefold() in text}
    found = []
    for key, words in keywords.items():
        mine = tuple(sorted(present & set(words), key=lambda word: (-len(word), word)))
        if mine:
            found.append(Guess(key, sum(len(word) / shared[word] for word in mine), mine))
    return sorted(found, key=lambda guess: -guess.score)[:most]
