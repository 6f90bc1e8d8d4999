"""Formulas over measures: a small tree of JSON, read without ``eval``.

    {"sum": "appeal.opened"}                         the values added up
    {"count": "appeal.concluded"}                    how many there are
    {"mean": "appeal.in_time.meet"}                  sum ÷ count; of ones and zeros the share of ones
    {"ratio": [a, b]}   {"add": [a, b, …]}   {"less": [a, b]}

Anything else is refused.  A ratio over nothing has no value.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused

LEAVES = ("sum", "count", "mean")
MOST_PARTS = 40
Total = tuple[Decimal, int]
Formula = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """``top`` over ``bottom``; a figure that is no ratio has no bottom.  None: there is nothing to divide by."""

    top: Decimal
    bottom: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The figure itself."""
        if self.bottom is None:
            return self.top
        return self.top / self.bottom if self.bottom else None


def split(formula: Formula) -> tuple[str, Any]:
    """The one operator of a node, and what it is applied to; Refused when it is no such node."""
    if not isinstance(formula, dict) or len(formula) != 1:
        raise Refused(
            "bad_formula", _('算式的每一部分只能写一种运算，例如 {"sum": "appeal.opened"}。'), field="formula"
        )
    ((operator, operand),) = formula.items()
    return operator, operand


def leaves(formula: Formula) -> Iterator[tuple[str, str]]:
    """Every (operator, measure) of a formula that was checked, from left to right."""
    operator, operand = split(formula)
    if operator in LEAVES:
        yield operator, operand
        return
    for part in operand:
        yield from leaves(part)


def check(formula: Any, known: Callable[[str], bool]) -> None:
    """Refused, saying what is wrong, unless the formula can be worked out from known measures."""
    if _check(formula, known, 0) > MOST_PARTS:
        raise Refused("bad_formula", _("算式太长。"), field="formula")


def _check(formula: Any, known: Callable[[str], bool], depth: int) -> int:
    operator, operand = split(formula)
    if operator in LEAVES:
        if not isinstance(operand, str) or not known(operand):
            raise Refused("bad_measure", _("没有名为“%(name)s”的计量。") % {"name": str(operand)[:60]}, field="formula")
        return 1
    wanted = {"ratio": 2, "less": 2, "add": None}
    if operator not in wanted:
        raise Refused("bad_formula", _("没有名为“%(name)s”的运算。") % {"name": str(operator)[:60]}, field="formula")
    if depth > 8 or not isinstance(operand, list) or not operand or len(operand) != (wanted[operator] or len(operand)):
        raise Refused("bad_formula", _("ratio 和 less 须有两个部分，add 至少一个，嵌套不超过八层。"), field="formula")
    return 1 + sum(_check(part, known, depth + 1) for part in operand)


def evaluate(formula: Formula, total: Callable[[str], Total]) -> Result:
    """Work a checked formula out from ``total(measure) -> (sum, count)``."""
    operator, operand = split(formula)
    if operator == "mean":
        added, many = total(operand)
        return Result(added, Decimal(many))
    if operator == "ratio":
        top, bottom = (_number(part, total) for part in operand)
        return Result(top or Decimal(), bottom or Decimal())
    return Result(_number(formula, total) or Decimal())


def _number(formula: Formula, total: Callable[[str], Total]) -> Decimal | None:
    operator, operand = split(formula)
    match operator:
        case "sum":
            return total(operand)[0]
        case "count":
            return Decimal(total(operand)[1])
        case "add" | "less":
            first, *others = [_number(part, total) or Decimal() for part in operand]
            return first + sum(others) if operator == "add" else first - others[0]
    return evaluate(formula, total).value
