"""The door of the hall: the catalogue of service items."""

from .actions import (
    change_base,
    change_item,
    create_base,
    create_item,
    discard_draft,
    publish,
    start_draft,
    withdraw,
    write_draft,
)
from .actions.defaults import load_defaults
from .actions.importing import import_catalogue, import_content
from .models import BaseItem, Item, Material, Version
from .queries import changes_between, version_on, versions_of
from .queries.sheet import export_csv, export_workbook
from .rules.questions import Answers, Question, asked, read
from .rules.terms import is_needed

__all__ = [
    "Answers",
    "BaseItem",
    "Item",
    "Material",
    "Question",
    "Version",
    "asked",
    "change_base",
    "change_item",
    "changes_between",
    "create_base",
    "create_item",
    "discard_draft",
    "export_csv",
    "export_workbook",
    "import_catalogue",
    "import_content",
    "is_needed",
    "load_defaults",
    "publish",
    "read",
    "start_draft",
    "version_on",
    "versions_of",
    "withdraw",
    "write_draft",
]
