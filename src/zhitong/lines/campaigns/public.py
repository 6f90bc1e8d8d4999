"""What the demo takes from campaigns."""

from .actions.drives import Point, begin, end, plan, publish
from .actions.drives import Said as DriveSaid
from .actions.finding import Find, find
from .actions.importing import import_targets
from .actions.inspections import inspect, settle
from .actions.inventories import Defined, NewEntry, define, enter, let
from .actions.inventories import publish as publish_inventory
from .actions.moving import Said, back, move, note, raise_matter, set_aside
from .actions.tallying import rebuild
from .actions.targets import NewTarget, add, registered
from .choices import Source
from .models import Drive, Target
from .queries.inventories import entries_of

__all__ = [
    "Defined",
    "Drive",
    "DriveSaid",
    "Find",
    "NewEntry",
    "NewTarget",
    "Point",
    "Said",
    "Source",
    "Target",
    "add",
    "back",
    "begin",
    "define",
    "end",
    "enter",
    "entries_of",
    "find",
    "import_targets",
    "inspect",
    "let",
    "move",
    "note",
    "plan",
    "publish",
    "publish_inventory",
    "raise_matter",
    "rebuild",
    "registered",
    "set_aside",
    "settle",
]
