"""A message as numbers: which characters stand beside one another in it, and which words.

Features are hashes, and a hash is kept only when enough different people wrote what is behind it (`kept`): no text, no name and no
number of anybody is in what was learned.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

from zhitong.base.text import mask_inline

Ids = npt.NDArray[np.uint32]

MOST_READ = 4000  # characters of a message; what comes later says nothing new about its subject
LONGEST_RUN = 3
BITS = 24
_SHIFT = 32 - BITS
SLICE = 1 << 22  # of all features: those are counted at a time, which keeps the table small
_ODD = np.uint64(0x9E3779B97F4A7C15)
_NAMED = re.compile(
    r"(我叫|我名叫|本人叫|姓名[:：是为]?|联系人[:：]?|投诉人[:：]?|反映人[:：]?|身份证号?码?[:：]?)\s*[\u4e00-\u9fff]{2,4}(?=[，,。；;、\s（(]|$)"
)
_NUMBERS = re.compile(r"[0-9０-９*]+")


@dataclass(frozen=True, slots=True)
class Counts:
    """The features of one text, ascending, and how often each is in it."""

    ids: Ids
    times: npt.NDArray[np.uint8]


EMPTY = Counts(np.empty(0, np.uint32), np.empty(0, np.uint8))


def plain(text: str) -> str:
    """``text`` for reading by the machine: telephones, numbers of identity and introduced names masked, every figure a 0, no spaces."""
    masked = mask_inline(_NAMED.sub(r"\1", text[:MOST_READ]))
    return re.sub(r"\s+", "", _NUMBERS.sub("0", unicodedata.normalize("NFKC", masked))).lower()


def word_id(*words: str) -> int:
    """The feature of a word, or of two that follow one another."""
    return crc32("\0".join(words).encode()) >> _SHIFT


def runs(text: str) -> list[Ids]:
    """Hashes of every one, two and three neighbouring characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    found, state = [], np.zeros(len(codes), np.uint64)
    for n in range(1, LONGEST_RUN + 1):
        if len(codes) < n:
            break
        state = (state[: len(codes) - n + 1] + codes[n - 1 :] + np.uint64(n)) * _ODD
        state ^= state >> np.uint64(29)
        found.append((state >> np.uint64(64 - BITS)).astype(np.uint32))
    return found


def plain_words(text: str) -> list[str]:
    """The words of a text that is plain, or not yet; single characters too."""
    return [word for word in rjieba.cut(plain(text)) if word[0].isalnum()]


def _words(text: str) -> Ids:
    words = [word for word in rjieba.cut(text) if word[0].isalnum()]
    ids = [word_id(word) for word in words if len(word) > 1] + [word_id(*pair) for pair in pairwise(words)]
    return np.array(ids, np.uint32)


def counts(text: str) -> Counts:
    """The features of ``text``: neighbouring characters up to three, words, words that follow one another."""
    if not (text := plain(text)):
        return EMPTY
    ids, times = np.unique(np.concatenate([*runs(text), _words(text)]), return_counts=True)
    return Counts(ids, np.minimum(times, 255).astype(np.uint8))


def joined(one: Counts, other: Counts) -> Counts:
    """The features of two texts together."""
    if not len(one.ids) or not len(other.ids):
        return one if len(one.ids) else other
    ids, back = np.unique(np.concatenate([one.ids, other.ids]), return_inverse=True)
    times = np.bincount(back, np.concatenate([one.times, other.times]), len(ids))
    return Counts(ids, np.minimum(times, 255).astype(np.uint8))


def kept(read: Sequence[Sequence[Counts]], owners: Sequence[int], least: int) -> tuple[Ids, npt.NDArray[np.uint16]]:
    """The features that messages of at least ``least`` different owners hold, ascending, and how many owners each has.

    ``read[n]`` are the parts of a message, ``owners[n]`` is whoever wrote it.
    """
    of: dict[int, list[Ids]] = {}
    for parts, owner in zip(read, owners, strict=True):
        of.setdefault(owner, []).extend(part.ids for part in parts if len(part.ids))
    found, times = [], []
    for start in range(0, 1 << BITS, SLICE):
        table = np.zeros(SLICE, np.uint16)
        for lists in of.values():
            part = np.concatenate(
                [ids[slice(*np.searchsorted(ids, (start, start + SLICE)))] for ids in lists] or [EMPTY.ids]
            )
            table[np.unique(part) - np.uint32(start)] += 1
        here = np.flatnonzero(table >= least)
        found.append((here + start).astype(np.uint32))
        times.append(table[here])
    return np.concatenate(found), np.concatenate(times)
