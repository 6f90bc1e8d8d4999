"""The only writers of organisation."""

from .categories import Imported, change_category, create_category, import_categories
from .duties import end_duty, set_duty
from .organs import change_organ, close_organ, create_organ
from .people import appoint, change_post, change_staff, create_post, create_staff, end_appointment, end_post
from .workbook import ImportResult, RowError, SheetResult, import_workbook

__all__ = [
    "ImportResult", "Imported", "RowError", "SheetResult", "appoint", "change_category", "change_organ",
    "change_post", "change_staff", "close_organ", "create_category", "create_organ", "create_post", "create_staff",
    "end_appointment", "end_duty", "end_post", "import_categories", "import_workbook", "set_duty",
]  # fmt: skip
