"""What helps the dispatcher keeps."""

from .alarms import Alarmed, AlarmWord
from .gathered import Belonging, Rising, Thing, Wording
from .learned import Learned, Use
from .replied import ReplyCheck
from .routing import RoutingRule, RuleUse

__all__ = [
    "AlarmWord",
    "Alarmed",
    "Belonging",
    "Learned",
    "ReplyCheck",
    "Rising",
    "RoutingRule",
    "RuleUse",
    "Thing",
    "Use",
    "Wording",
]
