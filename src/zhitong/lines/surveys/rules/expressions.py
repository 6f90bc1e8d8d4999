"""The conditions of a form: whether they can be understood, and what they say of an answer."""

import math
import operator
import re
from functools import cache, lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from .functions import ANY, ELSEWHERE, FUNCTIONS, NotHere, number, text, truth

COMPARED: dict[str, Any] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
LONGEST = 10_000  # characters
PREFIXED = re.compile(r"\b(jr):(choice-name|itext)\s*\(")
LISTS = re.compile(r"\binstance\s*\(\s*('[^']*'|\"[^\"]*\")\s*\)")
CURRENT = re.compile(r"\bcurrent\s*\(\s*\)(\s*/)?")


class Unclear(Exception):
    """A condition that nobody can understand; says why, in the words of the library that read it."""


@cache
def _language() -> Any:
    """The grammar of XPath 1.0, with what forms add to it."""
    from elementpath.xpath1 import XPath1Parser  # a quarter of a second at start-up, and rarely needed

    class Grammar(XPath1Parser):
        pass

    def added(name: str, least: int, most: int, run: Any) -> None:
        if name in Grammar.symbol_table:
            Grammar.unregister(name)
        count = most if most < ANY else None
        kinds = ("item()*",) * (most + 1 if most < ANY else least + 1)
        token = Grammar.function(name, nargs=(least, count) if least != count else least, sequence_types=kinds)

        def evaluate(self: Any, context: Any = None) -> Any:
            if context is None:  # the library tries what it has read without any answers: nothing can be said yet
                raise self.missing_context()
            return run(*([_plain(one) for one in part.select_results(context)] for part in self))

        Grammar.method(token)(evaluate).__name__ = f"evaluate_{name}"
        setattr(token, "evaluate", evaluate)  # noqa: B010 - its class is made while it runs

    for sign in COMPARED:
        token = Grammar.symbol_table[sign]
        changed = type(f"Compared{token.__name__}", (token,), {"evaluate": _comparing(sign), "select": _selecting})
        Grammar.symbol_table[sign] = changed
    for name, (least, most, run) in FUNCTIONS.items():
        added(name, least, most, run)
    for name, (least, most) in ELSEWHERE.items():
        added(name, least, most, _not_here(name))
    return Grammar


def _comparing(sign: str) -> Any:
    """XPath 1.0 compares what is no number as NaN, and a node with a number by its number; the library does neither."""

    def evaluate(self: Any, context: Any = None) -> bool:
        sides = [[_plain(one) for one in part.select_results(context)] for part in self]
        return compared(sign, *sides)

    return evaluate


def _selecting(self: Any, context: Any = None) -> Any:
    yield self.evaluate(context)


def compared(sign: str, left: list[Any], right: list[Any]) -> bool:
    """Whether any of the one side stands so to any of the other; texts are nodes or texts, the rest numbers and truths."""
    run, sides = COMPARED[sign], (left, right)
    if any(isinstance(one, bool) for side in sides for one in side):
        return bool(run(truth(left), truth(right)))
    is_text = sign in ("=", "!=") and not any(isinstance(one, int | float) for side in sides for one in side)
    read = text if is_text else number
    return any(run(read([one]), read([other])) for one in left for other in right)


def _not_here(name: str) -> Any:
    def run(*_given: Any) -> Any:
        raise NotHere(name)

    return run


def _plain(one: Any) -> Any:
    """A node's text; a value as it is."""
    if isinstance(one, Element):
        return "".join(one.itertext())
    return one


def _in_grammar(expression: str) -> str:
    """Written as the grammar wants it.  A list of the form, ``instance('streets')``, stands where the answers have nothing."""
    plain = PREFIXED.sub(r"\1-\2(", expression.strip())
    return CURRENT.sub(lambda found: "" if found[1] else ".", LISTS.sub("/lists", plain))


@lru_cache(maxsize=4096)
def understood(expression: str) -> Any:
    """The parsed condition.  ``Unclear`` when it cannot be understood: a wrong sign, an unknown function."""
    if len(expression) > LONGEST:
        raise Unclear(f"more than {LONGEST} characters")
    try:
        read = _language()().parse(_in_grammar(expression))
    except RecursionError as deep:
        raise Unclear("too many brackets inside one another") from deep
    except Exception as wrong:
        raise Unclear(re.sub(r"\s*\[err:\w+\]\s*", " ", str(wrong)).strip()) from wrong
    for part in read.iter("(decimal)"):  # every other number is a float, and a Decimal is not equal to one
        part.value = float(part.value)
    return read


def says(expression: str, root: Element, here: Element) -> bool | None:
    """What the condition says of the answers under ``root``, read at ``here``; None when only the phone can say it."""
    from elementpath import XPathContext

    if LISTS.search(expression):
        return None
    try:
        token = understood(expression)
        found = token.get_results(XPathContext(root, item=here))
    except Unclear:
        return None
    except (
        Exception
    ):  # a text where a number was wanted, a function that asks the phone: NotHere, comes wrapped or bare
        return None
    plain = [_plain(one) for one in found] if isinstance(found, list) else [found]
    if any(isinstance(one, float) and math.isnan(one) for one in plain):
        return False
    return truth(plain)
