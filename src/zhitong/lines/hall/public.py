"""The door of the hall: the catalogue of service items, and applications."""

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
from .actions.cases import Given, Submission, Submitted, submit
from .actions.defaults import load_case_defaults, load_defaults
from .actions.importing import import_catalogue, import_content
from .actions.smart import rotate_drafts
from .models import Application, BaseItem, Item, Material, Version
from .queries import changes_between, version_on, versions_of
from .queries.sheet import export_csv, export_workbook
from .rules.questions import Answers, Question, asked, read
from .rules.terms import is_needed

__all__ = [
    "Answers",
    "Application",
    "BaseItem",
    "Given",
    "Item",
    "Material",
    "Question",
    "Submission",
    "Submitted",
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
    "load_case_defaults",
    "load_defaults",
    "publish",
    "read",
    "rotate_drafts",
    "start_draft",
    "submit",
    "version_on",
    "versions_of",
    "withdraw",
    "write_draft",
]
