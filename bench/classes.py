"""Macro-F1 of seven classes over messages of others: what `zhitong dispatch evaluate` learns beside a plain line over neighbouring characters.

The files are no part of the project: ``ZHITONG_SAMPLES`` names the folder that holds ``appeals``. Five times 921 whole messages are drawn by
chance and asked about; everything else is learned from. No message is in both, near copies are where chance puts them. The ratio
is what we are better by on average to the 0.005 that are wanted.
"""

import os
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING

import numpy as np

from .report import Report

if TYPE_CHECKING:
    from zhitong.base.learning.features import Counts
    from zhitong.base.learning.model import Example

NEEDS_DISTRICT = False
FILES = ("labelled_full.csv", "labelled_titles.csv", "labelled_bodies.csv")
DRAWN, ASKED, LEAST, WANTED = 5, 921, 2, 0.005


def main() -> None:
    """Measure and print."""
    from zhitong.base.learning.features import counts
    from zhitong.base.learning.labelled import each_once, read_labelled
    from zhitong.base.learning.measures import macro_f1
    from zhitong.base.learning.model import learned_from

    folder = Path(os.environ.get("ZHITONG_SAMPLES", "")) / "appeals"
    if not all((folder / name).is_file() for name in FILES):
        raise SystemExit("ZHITONG_SAMPLES has to name the folder that holds appeals/labelled_*.csv")
    report = Report("classes")
    every = each_once(one for name in FILES for one in read_labelled(folder / name))
    whole = [n for n, one in enumerate(every) if one.title and one.body]
    parts = [(counts(one.title), counts(one.body)) for one in every]
    runs = [_runs_of(one) for one in every]
    report.line(f"{len(every):,} messages, {len(whole):,} of them whole")
    found: list[tuple[float, float]] = []
    for seed in range(DRAWN):
        asked = random.Random(seed).sample(whole, ASKED)
        rest = sorted(set(range(len(every))) - set(asked))
        model = learned_from([parts[n] for n in rest], [every[n].label for n in rest], rest, least=3, scale=2.0)
        ours = [model.ranked(parts[n])[0][0][0] for n in asked]
        plain = _plain_line([runs[n] for n in rest], [every[n].label[0] for n in rest], [runs[n] for n in asked])
        true = [every[n].label[0] for n in asked]
        found.append((macro_f1(true, ours), macro_f1(true, plain)))
    told = [(f"draw {n}", *found[n]) for n in range(DRAWN)]
    told += [
        (name, of([a for a, _b in found]), of([b for _a, b in found]))
        for name, of in (("mean", mean), ("least", min), ("error of the mean", _error))
    ]
    report.table(
        ("asked about 921 of them", "ours", "plain line", "better by"),
        [(name, f"{a:.4f}", f"{b:.4f}", f"{a - b:.4f}" if name.startswith("draw") else "") for name, a, b in told],
    )
    better = [a - b for a, b in found]
    report.line(f"better by {mean(better):.4f} (error of the mean {_error(better):.4f}, least {min(better):.4f})")
    report.end(mean(better) / WANTED)


def _error(values: Sequence[float]) -> float:
    """Of the mean, as if the draws had nothing in common; they share messages, so that it is somewhat more."""
    return stdev(values) / len(values) ** 0.5


def _runs_of(one: "Example") -> "Counts":
    """The neighbouring characters, one to three, of title and body as one text."""
    from zhitong.base.learning.features import Counts, plain, runs

    ids, times = np.unique(np.concatenate(runs(f"{plain(one.title)} {plain(one.body)}")), return_counts=True)
    return Counts(ids, np.minimum(times, 255).astype(np.uint8))


def _plain_line(known: Sequence["Counts"], labels: Sequence[str], asked: Sequence["Counts"]) -> list[str]:
    """What support vectors say of ``asked``: logarithm of how often times rarity, each text of length one, nothing else."""
    from scipy import sparse

    from zhitong.base.learning.features import kept
    from zhitong.base.learning.linear import fit

    ids, held = kept([(one,) for one in known], range(len(known)), LEAST)
    rarity = np.log((1 + len(known)) / (1 + held.astype(np.float64))) + 1

    def rows(texts: Sequence["Counts"]) -> sparse.csr_matrix:
        places, values, ends = [], [], [0]
        for one in texts:
            at = np.searchsorted(ids, one.ids).clip(max=len(ids) - 1)
            is_known = ids[at] == one.ids
            value = (1 + np.log(one.times[is_known])) * rarity[at[is_known]]
            places += [at[is_known], [len(ids)]]
            values += [value / max(np.sqrt((value * value).sum()), 1e-9), [1.0]]
            ends.append(ends[-1] + len(value) + 1)
        table = (np.concatenate(values), np.concatenate(places), ends)
        return sparse.csr_matrix(table, shape=(len(texts), len(ids) + 1), dtype=np.float32)

    names = sorted(set(labels))
    weights = fit(rows(known), np.array([names.index(label) for label in labels]), len(names), 1.0)
    return [names[n] for n in np.asarray(rows(asked) @ weights).argmax(1)]
