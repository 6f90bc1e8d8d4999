"""What the demo and the commands take from surveys."""

from .actions.answers import submit
from .actions.forms import NotUsable, publish, take
from .actions.surveys import NewTarget, begin
from .queries.forms import published
from .rules.examples import EXAMPLES, workbook_of

__all__ = [
    "EXAMPLES",
    "NewTarget",
    "NotUsable",
    "begin",
    "publish",
    "published",
    "submit",
    "take",
    "workbook_of",
]
