"""Pure rules of figures."""

from . import formula, measures
from .formula import Result
from .measures import MEASURES, Happened, Measure, declare_measure, declare_measures, once

__all__ = [
    "MEASURES",
    "Happened",
    "Measure",
    "Result",
    "declare_measure",
    "declare_measures",
    "formula",
    "measures",
    "once",
]
