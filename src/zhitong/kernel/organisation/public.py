"""The one door of organisation: who answers for this, here, on this date?"""

from .actions.categories import Imported, change_category, create_category, import_categories
from .actions.duties import end_duty, set_duty
from .actions.organs import change_organ, close_organ, create_organ
from .actions.people import appoint, change_post, change_staff, create_post, create_staff, end_appointment, end_post
from .actions.workbook import ImportResult, RowError, SheetResult, import_workbook, read_row
from .choices import DutyRole, OrganKind
from .models import Appointment, Category, Duty, Organ, Post, Staff, valid_on
from .permissions import MANAGE
from .queries.duties import responsible, responsible_many
from .queries.gaps import Gap, conflicts, gaps, holes
from .queries.kept import (
    Heading,
    KnownOrgan,
    categories_within,
    category_label,
    category_labels,
    category_names,
    category_paths,
    headings,
    known_organ,
    organ_names,
    organs,
    organs_on,
    organs_within,
)
from .queries.people import head_of, heads_of, posts_of, posts_on, staff_of, staffed_divisions
from .queries.search import search_categories, search_organs, search_staff
from .queries.tree import Node, category_tree, organ_tree, organs_covering
from .queries.workbook import export_csv, export_workbook, template_workbook
from .rules import Answer
from .rules.refused import refused_table

__all__ = [
    "MANAGE",
    "Answer",
    "Appointment",
    "Category",
    "Duty",
    "DutyRole",
    "Gap",
    "Heading",
    "ImportResult",
    "Imported",
    "KnownOrgan",
    "Node",
    "Organ",
    "OrganKind",
    "Post",
    "RowError",
    "SheetResult",
    "Staff",
    "appoint",
    "categories_within",
    "category_label",
    "category_labels",
    "category_names",
    "category_paths",
    "category_tree",
    "change_category",
    "change_organ",
    "change_post",
    "change_staff",
    "close_organ",
    "conflicts",
    "create_category",
    "create_organ",
    "create_post",
    "create_staff",
    "end_appointment",
    "end_duty",
    "end_post",
    "export_csv",
    "export_workbook",
    "gaps",
    "head_of",
    "headings",
    "heads_of",
    "holes",
    "import_categories",
    "import_workbook",
    "known_organ",
    "organ_names",
    "organ_tree",
    "organs",
    "organs_covering",
    "organs_on",
    "organs_within",
    "posts_of",
    "posts_on",
    "read_row",
    "refused_table",
    "responsible",
    "responsible_many",
    "search_categories",
    "search_organs",
    "search_staff",
    "set_duty",
    "staff_of",
    "staffed_divisions",
    "template_workbook",
    "valid_on",
]  # fmt: skip
