"""The one door of figures: measures, indicators, what they come to, and the matters behind them."""

from .actions import check, define, fold_finished, load_indicators, rebuild
from .actions.definitions import Definition, declare_indicator, declare_indicators
from .choices import Direction, Part, Unit
from .models import Indicator
from .permissions import DEFINE, VIEW
from .queries.behind import matters_behind
from .queries.figures import Figure, Question, definition, definitions, figures, figures_many, written
from .queries.places import Filters
from .rules import MEASURES, Happened, Measure, declare_measure, declare_measures, once

__all__ = [
    "DEFINE",
    "MEASURES",
    "VIEW",
    "Definition",
    "Direction",
    "Figure",
    "Filters",
    "Happened",
    "Indicator",
    "Measure",
    "Part",
    "Question",
    "Unit",
    "check",
    "declare_indicator",
    "declare_indicators",
    "declare_measure",
    "declare_measures",
    "define",
    "definition",
    "definitions",
    "figures",
    "figures_many",
    "fold_finished",
    "load_indicators",
    "matters_behind",
    "once",
    "rebuild",
    "written",
]
