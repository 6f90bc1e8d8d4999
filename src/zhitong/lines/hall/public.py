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
from .actions.agency import Wish, appoint, write_park
from .actions.agency import ask as ask_for_agent
from .actions.cases import Given, Submission, Submitted, submit
from .actions.defaults import load_case_defaults, load_defaults
from .actions.halls import write_hall, write_queue, write_window
from .actions.importing import import_catalogue, import_content
from .actions.sitting import sit
from .actions.smart import rotate_drafts
from .actions.tickets import begin, call_next, issue_at_desk, pass_over
from .models import Application, BaseItem, Hall, Item, Material, Ticket, Version, Window
from .queries import changes_between, version_on, versions_of
from .queries.sheet import export_csv, export_workbook
from .rules.questions import Answers, Question, asked, read
from .rules.terms import is_needed

__all__ = [
    "Answers",
    "Application",
    "BaseItem",
    "Given",
    "Hall",
    "Item",
    "Material",
    "Question",
    "Submission",
    "Submitted",
    "Ticket",
    "Version",
    "Window",
    "Wish",
    "appoint",
    "ask_for_agent",
    "asked",
    "begin",
    "call_next",
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
    "issue_at_desk",
    "load_case_defaults",
    "load_defaults",
    "pass_over",
    "publish",
    "read",
    "rotate_drafts",
    "sit",
    "start_draft",
    "submit",
    "version_on",
    "versions_of",
    "withdraw",
    "write_draft",
    "write_hall",
    "write_park",
    "write_queue",
    "write_window",
]
