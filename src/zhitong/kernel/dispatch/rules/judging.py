"""How good suggestions were on matters that were not learned from, as rows of plain values: kept as JSON, counted when shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhitong.base.learning.measures import AtThreshold, Bin, calibration, calibration_error, confusions, curve

Asked = tuple[str, str, float, str]  # category it has, category suggested, share, month
LEAST_RELIABLE = 20


@dataclass(frozen=True, slots=True)
class OfCategory:
    """One category: matters of it, suggested as it, rightly so; and of the suggestions the sure ones and those of them that are right."""

    category: str
    cases: int
    said: int
    right: int
    sure: int
    sure_right: int

    @property
    def precision(self) -> float | None:
        """Of those suggested as it, how many are it."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """Of those that are it, how many were suggested as it."""
        return self.right / self.cases if self.cases else None

    @property
    def decided(self) -> float | None:
        """Of those suggested as it, how many at or above the threshold."""
        return self.sure / self.said if self.said else None


@dataclass(frozen=True, slots=True)
class OfMonth:
    """One month: matters asked about, suggestions that were right, sure ones, sure ones that were right (0 to 1)."""

    month: str
    n: int
    right: float
    coverage: float
    precision: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows of one version at one threshold.  ``rare``: categories that count as the one above them;
    ``top_right``: suggestions whose most general category is right (0 to 1)."""

    n: int
    right: float
    coverage: float
    precision: float | None
    categories: list[OfCategory]
    curve: list[AtThreshold]
    bins: list[Bin]
    error: float
    confusions: list[tuple[str, str, int]]
    months: list[OfMonth]
    chance: float
    by_words: float
    rare: int
    top_right: float


def is_right(has: str, said: str, paths: Mapping[str, Sequence[str]]) -> bool:
    """Whether what was suggested is the category, or what a rare one lies under."""
    return said == has or said in paths.get(has, ())


def report(kept: Mapping[str, Any], threshold: float) -> Report:
    """The report from what is kept of a training (`kept`), at a threshold."""
    labels, paths = kept["labels"], kept["paths"]
    first = _firsts(paths)
    rows: list[Asked] = [(labels[a], labels[b], share, kept["months"][m]) for a, b, share, m in kept["asked"]]
    right = [is_right(has, said, paths) for has, said, _share, _month in rows]
    shares = [row[2] for row in rows]
    sure = [share >= threshold for share in shares]
    n = len(rows)
    # where it is right, it is taken for the category it stands for
    has = [said if good else true for (true, said, *_), good in zip(rows, right, strict=True)]
    return Report(
        n=n, right=_share(sum(right), n) or 0.0, coverage=_share(sum(sure), n) or 0.0,
        precision=_share(sum(a and b for a, b in zip(sure, right, strict=True)), sum(sure)),
        categories=_by_category(has, [row[1] for row in rows], right, sure), curve=curve(shares, right),
        bins=calibration(shares, right), error=calibration_error(shares, right),
        confusions=confusions(has, [row[1] for row in rows]), months=_by_month([row[3] for row in rows], right, sure),
        chance=kept["chance"], by_words=kept["by_words"], rare=kept.get("rare", 0),
        top_right=_share(sum(first.get(row[0], row[0]) == first.get(row[1], row[1]) for row in rows), n) or 0.0,
    )  # fmt: skip


def _firsts(paths: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The most general category above each, for those below and those between."""
    return {one: path[0] for label, path in paths.items() if path for one in (label, *path)}


def share_right(kept: Mapping[str, Any]) -> float | None:
    """How many suggestions of a training were right (0 to 1); None where it was asked about none."""
    labels, paths = kept["labels"], kept["paths"]
    return _share(sum(is_right(labels[a], labels[b], paths) for a, b, *_ in kept["asked"]), len(kept["asked"]))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _by_category(
    has: Sequence[str], said: Sequence[str], right: Sequence[bool], sure: Sequence[bool]
) -> list[OfCategory]:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for true, guess, good, certain in zip(has, said, right, sure, strict=True):
        found[true][0] += 1
        for at, value in enumerate((1, good, certain, good and certain), start=1):
            found[guess][at] += int(value)
    rows = [OfCategory(category, *numbers) for category, numbers in found.items()]
    return sorted(rows, key=lambda row: (-row.cases, -row.said, row.category))


def _by_month(months: Sequence[str], right: Sequence[bool], sure: Sequence[bool]) -> list[OfMonth]:
    found = []
    for month in sorted(set(months)):
        rows = [(good, certain) for m, good, certain in zip(months, right, sure, strict=True) if m == month]
        certain = sum(c for _g, c in rows)
        precision = _share(sum(g and c for g, c in rows), certain)
        found.append(OfMonth(month, len(rows), sum(g for g, _c in rows) / len(rows), certain / len(rows), precision))
    return found
