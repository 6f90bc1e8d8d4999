"""The solver beside a general one: what it finds is as good, and says the same."""

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from zhitong.base.learning.linear import Table, fit

CLASSES, COST = 4, 1.0


def _loss(weights: Table, rows: sparse.csr_matrix, signs: Table) -> float:
    short = np.maximum(0, 1 - signs * (rows @ weights))
    return float(0.5 * weights @ weights + COST * short @ short)


def _told(seed: int) -> tuple[sparse.csr_matrix, npt.NDArray[np.int64]]:
    """600 messages of some twenty features out of 400; a tenth carries a wrong label."""
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, CLASSES, 600)
    places = (chance.integers(0, 100, (600, 20)) + 75 * labels[:, None]).ravel()
    table = sparse.csr_matrix((np.ones(places.size, np.float32), (np.repeat(np.arange(600), 20), places)), (600, 400))
    wrong = chance.random(600) < 0.1
    labels[wrong] = chance.integers(0, CLASSES, wrong.sum())
    rows = sparse.hstack([table * np.float32(0.2), np.ones((600, 1), np.float32)], "csr", np.float32)
    return rows, labels


def test_it_comes_near_what_a_general_solver_finds() -> None:
    rows, labels = _told(1)
    found = fit(rows, labels, CLASSES, COST)
    best = np.zeros_like(found)
    for n in range(CLASSES):
        signs = np.where(labels == n, 1, -1).astype(np.float32)
        done = optimize.minimize(_loss, np.zeros(rows.shape[1]), (rows, signs), "L-BFGS-B", options={"maxfun": 10**6})
        best[:, n] = done.x
        assert _loss(found[:, n], rows, signs) <= 1.06 * done.fun
    agree = ((rows @ found).argmax(1) == (rows @ best).argmax(1)).mean()
    assert agree > 0.97


def test_the_same_twice_is_the_same() -> None:
    rows, labels = _told(2)
    assert np.array_equal(fit(rows, labels, CLASSES, COST), fit(rows, labels, CLASSES, COST))
