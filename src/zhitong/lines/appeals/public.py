"""What config may ask of the appeals line: portal and other lines go through the kernel."""

from .actions import attended, import_batch, import_together, load_defaults, organs_named, save_mapping
from .actions.orders import HOTLINE, pairs
from .models import OrderMapping
from .queries.orders import guessed
from .queries.problems import problems_of, write_problems
from .rules.orders import FIELDS

__all__ = [
    "FIELDS",
    "HOTLINE",
    "OrderMapping",
    "attended",
    "guessed",
    "import_batch",
    "import_together",
    "load_defaults",
    "organs_named",
    "pairs",
    "problems_of",
    "save_mapping",
    "write_problems",
]
