"""How good it is: per class, over all classes, and when only the sure ones count."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True, slots=True)
class OfClass:
    """Of one class: messages that are it, that were said to be, and that both; 0 to 1 each where there are any."""

    label: str
    cases: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """Of those said to be it, how many are."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Of those that are it, how many were said to be."""
        return self.right / self.cases if self.cases else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.cases + self.said
        return 2 * self.right / both if both else 0.0


def by_class(true: Sequence[str], said: Sequence[str]) -> list[OfClass]:
    """Every class that occurs on either side, the most frequent first."""
    cases, claims = Counter(true), Counter(said)
    right = Counter(a for a, b in zip(true, said, strict=True) if a == b)
    found = [OfClass(label, cases[label], claims[label], right[label]) for label in cases | claims]
    return sorted(found, key=lambda one: (-one.cases, one.label))


def macro_f1(true: Sequence[str], said: Sequence[str]) -> float:
    """The mean of F1 over all classes, each counting the same."""
    found = by_class(true, said)
    return sum(one.f1 for one in found) / len(found) if found else 0.0


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """With what is at least so sure: how many of all are decided, and how many of those rightly (0 to 1)."""

    threshold: float
    coverage: float
    precision: float


def curve(shares: Sequence[float], right: Sequence[bool]) -> list[AtThreshold]:
    """Coverage and precision at every threshold from 0 to 0.99 by hundredths."""
    sure, good = np.asarray(shares, np.float64), np.asarray(right, np.bool_)
    found = []
    for hundredth in range(100):
        taken = sure >= hundredth / 100
        n = int(taken.sum())
        precision = float(good[taken].mean()) if n else 1.0
        found.append(AtThreshold(hundredth / 100, n / max(len(sure), 1), precision))
    return found


@dataclass(frozen=True, slots=True)
class Bin:
    """Of suggestions about as sure: how sure they were on average, how many were right, how many there are."""

    said: float
    right: float
    n: int


def calibration(shares: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Ten bins of confidence that are not empty, the least sure first."""
    sure, good = np.asarray(shares, np.float64), np.asarray(right, np.bool_)
    at = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    return [Bin(float(sure[at == n].mean()), float(good[at == n].mean()), int((at == n).sum())) for n in np.unique(at)]


def calibration_error(shares: Sequence[float], right: Sequence[bool]) -> float:
    """How far confidence and truth are apart on average (expected calibration error)."""
    return sum(abs(one.said - one.right) * one.n for one in calibration(shares, right)) / max(len(shares), 1)


def confusions(true: Sequence[str], said: Sequence[str], most: int = 20) -> list[tuple[str, str, int]]:
    """What it is, what it was said to be, how often; the most frequent first."""
    wrong = Counter((a, b) for a, b in zip(true, said, strict=True) if a != b)
    return [(a, b, n) for (a, b), n in wrong.most_common(most)]
