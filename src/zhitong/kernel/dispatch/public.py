"""The one door of help for the dispatcher."""

from .actions import TooFew, activate, ask_to_learn, pass_sure, set_use, train
from .actions.gathering import LOOKED_BACK, MOST_GATHERED, gather, place
from .actions.raising import raise_rising, set_rising
from .models import Belonging, Learned, Rising, Thing, Use
from .permissions import MANAGE, TOLD, VIEW
from .queries.duplicates import Same, how_many, likely_same, message_of
from .queries.hot import WITHIN, Hot, hottest, rising_rule
from .queries.learning import is_learning, report_of, use_of, versions
from .queries.suggesting import Suggested, Suggestions, past_cases, suggest
from .queries.wording import wording_of
from .rules.judging import OfCategory, Report, share_right
from .rules.passing import PASSING, Passing, declare_passing

__all__ = [
    "LOOKED_BACK",
    "MANAGE",
    "MOST_GATHERED",
    "PASSING",
    "TOLD",
    "VIEW",
    "WITHIN",
    "Belonging",
    "Hot",
    "Learned",
    "OfCategory",
    "Passing",
    "Report",
    "Rising",
    "Same",
    "Suggested",
    "Suggestions",
    "Thing",
    "TooFew",
    "Use",
    "activate",
    "ask_to_learn",
    "declare_passing",
    "gather",
    "hottest",
    "how_many",
    "is_learning",
    "likely_same",
    "message_of",
    "pass_sure",
    "past_cases",
    "place",
    "raise_rising",
    "report_of",
    "rising_rule",
    "set_rising",
    "set_use",
    "share_right",
    "suggest",
    "train",
    "use_of",
    "versions",
    "wording_of",
]
