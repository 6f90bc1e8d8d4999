"""What the demo and the commands take from surveys."""

from .actions.alarms import add_rule
from .actions.answers import submit
from .actions.forms import NotUsable, publish, take
from .actions.media import add_media
from .actions.surveys import NewTarget, begin
from .queries.forms import published
from .queries.overview import Raising, Running, how_many_rules, how_many_run, raised_altogether, raising, running
from .rules.examples import EXAMPLES, workbook_of

__all__ = [
    "EXAMPLES",
    "NewTarget",
    "NotUsable",
    "Raising",
    "Running",
    "add_media",
    "add_rule",
    "begin",
    "how_many_rules",
    "how_many_run",
    "publish",
    "published",
    "raised_altogether",
    "raising",
    "running",
    "submit",
    "take",
    "workbook_of",
]
