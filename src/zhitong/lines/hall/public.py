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
from .actions.agency import Wish, appoint, in_hand, write_park
from .actions.agency import ask as ask_for_agent
from .actions.agency import take as take_errand
from .actions.answers import rotate_answers
from .actions.cases import Given, Submission, Submitted, submit
from .actions.counter import take_in
from .actions.defaults import load_case_defaults, load_defaults
from .actions.halls import write_hall, write_queue, write_window
from .actions.importing import import_catalogue, import_content
from .actions.sitting import sit
from .actions.smart import rotate_drafts
from .actions.tickets import begin, call_next, issue_at_desk, pass_over
from .choices import Visits
from .models import Application, BaseItem, Hall, Item, Material, Ticket, Version, Window
from .permissions import MANAGE
from .queries import changes_between, version_on, versions_of
from .queries.cases import written_in
from .queries.offered import Offer, Sought, item_names, items_on, items_sought, offers, seen_in_halls, together
from .queries.sheet import export_csv, export_workbook
from .queries.window import managed_windows
from .rules.questions import Answers, Question, asked, read
from .rules.terms import is_needed

__all__ = [
    "MANAGE",
    "Answers",
    "Application",
    "BaseItem",
    "Given",
    "Hall",
    "Item",
    "Material",
    "Offer",
    "Question",
    "Sought",
    "Submission",
    "Submitted",
    "Ticket",
    "Version",
    "Visits",
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
    "in_hand",
    "is_needed",
    "issue_at_desk",
    "item_names",
    "items_on",
    "items_sought",
    "load_case_defaults",
    "load_defaults",
    "managed_windows",
    "offers",
    "pass_over",
    "publish",
    "read",
    "rotate_answers",
    "rotate_drafts",
    "seen_in_halls",
    "sit",
    "start_draft",
    "submit",
    "take_errand",
    "take_in",
    "together",
    "version_on",
    "versions_of",
    "withdraw",
    "write_draft",
    "write_hall",
    "write_park",
    "write_queue",
    "write_window",
    "written_in",
]
