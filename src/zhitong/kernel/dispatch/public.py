"""The one door of help for the dispatcher."""

from .actions import TooFew, activate, set_use, train
from .models import Learned, Use
from .permissions import MANAGE, VIEW
from .queries.learning import report_of, use_of, versions
from .queries.suggesting import Suggested, Suggestions, past_cases, suggest

__all__ = [
    "MANAGE",
    "VIEW",
    "Learned",
    "Suggested",
    "Suggestions",
    "TooFew",
    "Use",
    "activate",
    "past_cases",
    "report_of",
    "set_use",
    "suggest",
    "train",
    "use_of",
    "versions",
]
