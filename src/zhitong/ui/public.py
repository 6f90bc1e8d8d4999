"""What lines and other faces take from ui in Python; templates need no import (see README.md)."""

from .applicants import Applicants, applicant_q, applicants_of, declare_applicants
from .attached import desk_rows, file_rows
from .formats import day, in_language, moment, named, short_moment, span
from .forms import (
    CascadeSelect,
    DateInput,
    FilesField,
    FilesInput,
    MomentInput,
    PhotosInput,
    RefusableForm,
    SearchSelect,
    SearchSelectMultiple,
    TableForm,
)
from .ground import current_ground, key_of
from .home import Counting, Door, Section, Tile, declare_home, home_of
from .menu import GRID, HALL, RESULTS, SETTINGS, MenuItem, declare_menu
from .papers import paper_rows
from .parts import EVERY, Part, declare_part, parts_of
from .sets import (
    MOST_COUNTED,
    MatterSet,
    count_each,
    counts,
    declare_set,
    matter_sets,
    set_counts,
    set_href,
    set_q,
    sets_q,
)
from .web.redirecting import refusals_on
from .web.sending import content_answer, file_answer

__all__ = [
    "EVERY",
    "GRID",
    "HALL",
    "MOST_COUNTED",
    "RESULTS",
    "SETTINGS",
    "Applicants",
    "CascadeSelect",
    "Counting",
    "DateInput",
    "Door",
    "FilesField",
    "FilesInput",
    "MatterSet",
    "MenuItem",
    "MomentInput",
    "Part",
    "PhotosInput",
    "RefusableForm",
    "SearchSelect",
    "SearchSelectMultiple",
    "Section",
    "TableForm",
    "Tile",
    "applicant_q",
    "applicants_of",
    "content_answer",
    "count_each",
    "counts",
    "current_ground",
    "day",
    "declare_applicants",
    "declare_home",
    "declare_menu",
    "declare_part",
    "declare_set",
    "desk_rows",
    "file_answer",
    "file_rows",
    "home_of",
    "in_language",
    "key_of",
    "matter_sets",
    "moment",
    "named",
    "paper_rows",
    "parts_of",
    "refusals_on",
    "set_counts",
    "set_href",
    "set_q",
    "sets_q",
    "short_moment",
    "span",
]
