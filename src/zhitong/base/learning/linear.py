"""Straight lines between classes: support vectors with squared hinge, one class against the rest, found by Newton's method.

All classes are found at once, each with its own step, by conjugate gradients over the messages on the wrong side (Keerthi and
DeCoste, JMLR 6, 2005).  In memory are the messages and five tables of weights.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float32]

NEWTONS, GRADIENTS = 8, 12
CLOSE, NEAR_ENOUGH = 0.1, 0.01
STEPS = (1.0, 0.5, 0.25, 0.1)


def fit(rows: Any, labels: npt.NDArray[np.int64], classes: int, cost: float) -> Table:
    """Weights (features × classes) for ``rows`` (SciPy CSR, float32, a last column of ones for the bias)."""
    across = rows.T
    signs = np.full((rows.shape[0], classes), -1, np.float32)
    signs[np.arange(len(labels)), labels] = 1
    weights = np.zeros((rows.shape[1], classes), np.float32)
    scores = np.zeros_like(signs)
    first = None
    for _ in range(NEWTONS):
        short = np.maximum(0, 1 - signs * scores)
        gradient = weights - 2 * cost * (across @ (signs * short))
        size = np.linalg.norm(gradient, axis=0)
        first = size if first is None else first
        if (size <= NEAR_ENOUGH * first).all():
            break
        step = _newton(rows, across, short > 0, gradient, cost)
        moved = rows @ step
        length = _length(weights, step, scores, moved, signs, cost)
        weights += length * step
        scores += length * moved
    return weights


def _newton(rows: Any, across: Any, active: npt.NDArray[np.bool_], gradient: Table, cost: float) -> Table:
    """The step of Newton's method for every class, by conjugate gradients."""
    step = np.zeros_like(gradient)
    left = -gradient
    way = left.copy()
    size = (left * left).sum(0)
    enough = size * CLOSE**2
    for _ in range(GRADIENTS):
        if (size <= enough).all():
            break
        bent = way + 2 * cost * (across @ (active * (rows @ way)))
        by = size / np.maximum((way * bent).sum(0), 1e-20)
        step += by * way
        left -= by * bent
        now = (left * left).sum(0)
        way *= now / np.maximum(size, 1e-20)
        way += left
        size = now
    return step


def _length(weights: Table, step: Table, scores: Table, moved: Table, signs: Table, cost: float) -> Table:
    """How far to go for each class: the first of ``STEPS`` that does not make it worse, else nowhere."""

    def loss(length: float) -> Table:
        short = np.maximum(0, 1 - signs * (scores + length * moved))
        found: Table = 0.5 * ((weights + length * step) ** 2).sum(0) + cost * (short * short).sum(0)
        return found

    before, best = loss(0.0), np.zeros(signs.shape[1], np.float32)
    for length in STEPS:
        better = (best == 0) & (loss(length) < before)
        best[better] = length
        if (best > 0).all():
            break
    return best
