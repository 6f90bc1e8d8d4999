"""What helps the dispatcher keeps."""

from .alarms import Alarmed, AlarmWord
from .gathered import JOINT, Belonging, Rising, Thing, Wording
from .learned import Learned, Use
from .replied import ReplyCheck
from .routing import RoutingRule, RuleUse

__all__ = [
    "JOINT",
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
