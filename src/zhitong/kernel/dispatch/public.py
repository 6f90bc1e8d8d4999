"""The one door of help for the dispatcher."""

from .actions import TooFew, activate, pass_sure, set_use, train
from .models import Learned, Use
from .permissions import MANAGE, VIEW
from .queries.learning import report_of, use_of, versions
from .queries.suggesting import Suggested, Suggestions, past_cases, suggest
from .rules.judging import Report
from .rules.passing import PASSING, Passing, declare_passing

__all__ = [
    "MANAGE",
    "PASSING",
    "VIEW",
    "Learned",
    "Passing",
    "Report",
    "Suggested",
    "Suggestions",
    "TooFew",
    "Use",
    "activate",
    "declare_passing",
    "pass_sure",
    "past_cases",
    "report_of",
    "set_use",
    "suggest",
    "train",
    "use_of",
    "versions",
]
