"""The one door of help for the dispatcher."""

from .actions import TooFew, activate, ask_to_learn, pass_sure, set_use, train
from .actions.checking import check_replies
from .actions.gathering import LOOKED_BACK, MOST_GATHERED, gather, place
from .actions.raising import raise_rising, set_rising
from .models import Belonging, Learned, ReplyCheck, Rising, Thing, Use
from .permissions import MANAGE, TOLD, VIEW
from .queries.duplicates import Same, how_many, likely_same, message_of
from .queries.hot import WITHIN, Hot, hottest, rising_rule
from .queries.learning import is_learning, report_of, use_of, versions
from .queries.replies import Doubt, doubtful, doubts, examples
from .queries.suggesting import Suggested, Suggestions, past_cases, suggest
from .queries.wording import wording_of
from .rules.judging import OfCategory, Report, share_right
from .rules.passing import PASSING, Passing, declare_passing
from .rules.replying import KINDS_OF_DOUBT, LABELS, REPLYING, declare_reply

__all__ = [
    "KINDS_OF_DOUBT",
    "LABELS",
    "LOOKED_BACK",
    "MANAGE",
    "MOST_GATHERED",
    "PASSING",
    "REPLYING",
    "TOLD",
    "VIEW",
    "WITHIN",
    "Belonging",
    "Doubt",
    "Hot",
    "Learned",
    "OfCategory",
    "Passing",
    "ReplyCheck",
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
    "check_replies",
    "declare_passing",
    "declare_reply",
    "doubtful",
    "doubts",
    "examples",
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
