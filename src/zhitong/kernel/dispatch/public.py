"""The one door of help for the dispatcher."""

from .actions import TooFew, activate, ask_to_learn, pass_sure, set_use, train
from .actions.alarms import load_words, note_alarms, put_supplied, report_false, set_word
from .actions.blocking import demand_reply, set_blocking
from .actions.checking import check_replies
from .actions.gathering import LOOKED_BACK, MOST_GATHERED, gather, place
from .actions.raising import raise_rising, set_rising
from .actions.routing import move_rule, note_rule, save_rule, switch_rule
from .choices import AlarmCall, AlarmGroup, AlarmLevel, RuleState
from .models import JOINT, Alarmed, AlarmWord, Belonging, Learned, ReplyCheck, Rising, RoutingRule, RuleUse, Thing, Use
from .permissions import INSIST, MANAGE, TOLD, VIEW
from .queries.advising import Advice, advise
from .queries.alarms import alarm, alarm_of, alarms, told_words, words_of
from .queries.company import AGAIN, TOGETHER, Company, company_in, company_of, company_q
from .queries.duplicates import Same, how_many, likely_same, message_of
from .queries.hot import WITHIN, Hot, hottest, rising_rule
from .queries.learning import how_many_lessons, is_learning, report_of, use_of, versions
from .queries.replies import Doubt, blocks, doubtful, doubts, examples
from .queries.routing import DryRun, Line, Routed, Ruled, applying, dry_run, route, rule_lines, rule_of, uses_of
from .queries.suggesting import Suggested, Suggestions, past_cases, suggest
from .queries.together import Fellow, Together, together_with
from .queries.wording import wording_of
from .rules.alarms import Alarm
from .rules.judging import OfCategory, Report, share_right
from .rules.passing import PASSING, Passing, declare_passing
from .rules.replying import BLOCKING, INSISTING, KINDS_OF_DOUBT, LABELS, REPLYING, declare_reply
from .rules.routing import ANONYMOUS, NAMED, REPEAT, When, when_from

__all__ = [
    "AGAIN",
    "ANONYMOUS",
    "BLOCKING",
    "INSIST",
    "INSISTING",
    "JOINT",
    "KINDS_OF_DOUBT",
    "LABELS",
    "LOOKED_BACK",
    "MANAGE",
    "MOST_GATHERED",
    "NAMED",
    "PASSING",
    "REPEAT",
    "REPLYING",
    "TOGETHER",
    "TOLD",
    "VIEW",
    "WITHIN",
    "Advice",
    "Alarm",
    "AlarmCall",
    "AlarmGroup",
    "AlarmLevel",
    "AlarmWord",
    "Alarmed",
    "Belonging",
    "Company",
    "Doubt",
    "DryRun",
    "Fellow",
    "Hot",
    "Learned",
    "Line",
    "OfCategory",
    "Passing",
    "ReplyCheck",
    "Report",
    "Rising",
    "Routed",
    "RoutingRule",
    "RuleState",
    "RuleUse",
    "Ruled",
    "Same",
    "Suggested",
    "Suggestions",
    "Thing",
    "Together",
    "TooFew",
    "Use",
    "When",
    "activate",
    "advise",
    "alarm",
    "alarm_of",
    "alarms",
    "applying",
    "ask_to_learn",
    "blocks",
    "check_replies",
    "company_in",
    "company_of",
    "company_q",
    "declare_passing",
    "declare_reply",
    "demand_reply",
    "doubtful",
    "doubts",
    "dry_run",
    "examples",
    "gather",
    "hottest",
    "how_many",
    "how_many_lessons",
    "is_learning",
    "likely_same",
    "load_words",
    "message_of",
    "move_rule",
    "note_alarms",
    "note_rule",
    "pass_sure",
    "past_cases",
    "place",
    "put_supplied",
    "raise_rising",
    "report_false",
    "report_of",
    "rising_rule",
    "route",
    "rule_lines",
    "rule_of",
    "save_rule",
    "set_blocking",
    "set_rising",
    "set_use",
    "set_word",
    "share_right",
    "suggest",
    "switch_rule",
    "together_with",
    "told_words",
    "train",
    "use_of",
    "uses_of",
    "versions",
    "when_from",
    "wording_of",
    "words_of",
]
