"""Formulas are read, checked and worked out; anything else is refused with a sentence."""

from decimal import Decimal
from typing import Any

import pytest

from zhitong.base.errors import Refused
from zhitong.kernel.indicators.rules import declare_measure, formula, measures

TOTALS = {"a": (Decimal(30), 4), "b": (Decimal(8), 10)}


def _total(measure: str) -> formula.Total:
    return TOTALS.get(measure, (Decimal(), 0))


@pytest.mark.parametrize(
    ("tree", "top", "bottom", "value"),
    [
        ({"sum": "a"}, 30, None, 30),
        ({"count": "a"}, 4, None, 4),
        ({"mean": "b"}, 8, 10, "0.8"),
        ({"mean": "none"}, 0, 0, None),
        ({"ratio": [{"sum": "b"}, {"count": "a"}]}, 8, 4, 2),
        ({"ratio": [{"sum": "b"}, {"sum": "none"}]}, 8, 0, None),
        ({"add": [{"sum": "a"}, {"sum": "b"}, {"count": "b"}]}, 48, None, 48),
        ({"less": [{"sum": "a"}, {"mean": "b"}]}, "29.2", None, "29.2"),
        ({"ratio": [{"add": [{"sum": "a"}, {"sum": "b"}]}, {"sum": "a"}]}, 38, 30, None),
        ({"add": [{"ratio": [{"sum": "b"}, {"sum": "none"}]}, {"sum": "a"}]}, 30, None, 30),
    ],
)
def test_a_formula_comes_to(tree: Any, top: Any, bottom: Any, value: Any) -> None:
    formula.check(tree, lambda name: True)
    found = formula.evaluate(tree, _total)
    assert found.top == Decimal(top)
    assert found.bottom == (None if bottom is None else Decimal(bottom))
    if value is not None or not found.bottom:
        assert found.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "tree",
    [
        None, 7, "sum", [], {}, {"sum": "a", "count": "a"}, {"sum": 7}, {"sum": "unknown"}, {"power": ["a", "b"]},
        {"ratio": [{"sum": "a"}]}, {"ratio": {"sum": "a"}}, {"add": []}, {"less": [{"sum": "a"}] * 3}, {"mean": None},
        {"add": [{"sum": "a"}] * 41}, {"__import__": ["os"]},
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(tree: Any) -> None:
    with pytest.raises(Refused) as refused:
        formula.check(tree, TOTALS.__contains__)
    assert refused.value.field == "formula"
    assert str(refused.value)


def test_nesting_ends_somewhere() -> None:
    tree: Any = {"sum": "a"}
    for _ in range(10):
        tree = {"add": [tree]}
    with pytest.raises(Refused):
        formula.check(tree, TOTALS.__contains__)


def test_leaves_are_named_from_left_to_right() -> None:
    tree = {"ratio": [{"add": [{"sum": "a"}, {"count": "b"}]}, {"mean": "a"}]}
    assert list(formula.leaves(tree)) == [("sum", "a"), ("count", "b"), ("mean", "a")]


def test_a_measure_is_declared_once() -> None:
    declare_measure("test.once", "once", "count", kinds=["test.x"], read=lambda event: 1)
    try:
        assert "test.x" in measures.kinds()
        with pytest.raises(ValueError, match="twice"):
            declare_measure("test.once", "once", "count", kinds=["test.x"], read=lambda event: 1)
    finally:
        measures.forget("test.once")
    assert "test.x" not in measures.kinds()
