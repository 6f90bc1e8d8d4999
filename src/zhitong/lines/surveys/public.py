"""What the demo and the commands take from surveys."""

from .actions.alarms import add_rule
from .actions.answers import submit
from .actions.forms import NotUsable, publish, take
from .actions.media import add_media
from .actions.surveys import NewTarget, begin
from .queries.forms import published
from .rules.examples import EXAMPLES, workbook_of

__all__ = [
    "EXAMPLES",
    "NewTarget",
    "NotUsable",
    "add_media",
    "add_rule",
    "begin",
    "publish",
    "published",
    "submit",
    "take",
    "workbook_of",
]
