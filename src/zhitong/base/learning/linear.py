"""Straight lines between classes: support vectors with squared hinge, one class against the rest, found by Newton's method.

Some classes are found at once, each with its own step, by conjugate gradients over the messages on the wrong side (Keerthi and
DeCoste, JMLR 6, 2005).  In memory are the messages and seven tables of weights of three classes.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float32]

TOGETHER = 3  # classes found at once: more are a little faster, and take seven tables of weights each
NEWTONS, GRADIENTS = 8, 12
CLOSE, NEAR_ENOUGH = 0.1, 0.01
STEPS = (1.0, 0.5, 0.25, 0.1)


def fit(rows: Any, labels: npt.NDArray[np.int64], classes: int, cost: float) -> Table:
    """Weights (features × classes) for ``rows`` (SciPy CSR, float32, a last column of ones for the bias)."""
    found = np.empty((rows.shape[1], classes), np.float32)
    for start in range(0, classes, TOGETHER):
        names = np.arange(start, min(start + TOGETHER, classes))
        found[:, names] = _fit(rows, np.where(labels[:, None] == names, 1, -1).astype(np.float32), cost)
    return found


def _fit(rows: Any, signs: Table, cost: float) -> Table:
    """The weights of the classes that ``signs`` (messages × classes) are of."""
    across = rows.T
    weights = np.zeros((rows.shape[1], signs.shape[1]), np.float32)
    scores = np.zeros_like(signs)
    first = None
    for _ in range(NEWTONS):
        short = np.maximum(0, 1 - signs * scores)
        gradient = across @ (signs * short)  # in place from here on: these tables are most of what is in memory
        gradient *= -2 * cost
        gradient += weights
        size = np.linalg.norm(gradient, axis=0)
        first = size if first is None else first
        if (size <= NEAR_ENOUGH * first).all():
            break
        step = _newton(rows, across, short > 0, gradient, cost)
        moved = rows @ step
        length = _length(weights, step, scores, moved, signs, cost)
        step *= length
        weights += step
        scores += length * moved
    return weights


def _newton(rows: Any, across: Any, active: npt.NDArray[np.bool_], gradient: Table, cost: float) -> Table:
    """The step of Newton's method for every class, by conjugate gradients."""
    step = np.zeros_like(gradient)
    left = -gradient
    way = left.copy()
    size = _product(left, left)
    enough = size * CLOSE**2
    for _ in range(GRADIENTS):
        if (size <= enough).all():
            break
        bent = across @ (active * (rows @ way))
        bent *= 2 * cost
        bent += way
        by = size / np.maximum(_product(way, bent), 1e-20)
        step += by * way
        bent *= by
        left -= bent
        now = _product(left, left)
        way *= now / np.maximum(size, 1e-20)
        way += left
        size = now
    return step


def _length(weights: Table, step: Table, scores: Table, moved: Table, signs: Table, cost: float) -> Table:
    """How far to go for each class: the first of ``STEPS`` that does not make it worse, else nowhere."""

    own, mixed, gone = _product(weights, weights), _product(weights, step), _product(step, step)

    def loss(length: float) -> Table:
        short = np.maximum(0, 1 - signs * (scores + length * moved))
        found: Table = 0.5 * (own + 2 * length * mixed + length * length * gone) + cost * (short * short).sum(0)
        return found

    before, best = loss(0.0), np.zeros(signs.shape[1], np.float32)
    for length in STEPS:
        better = (best == 0) & (loss(length) < before)
        best[better] = length
        if (best > 0).all():
            break
    return best


def _product(one: Table, other: Table) -> Table:
    """Of each column with its like, without a table between."""
    found: Table = np.einsum("ij,ij->j", one, other)
    return found
