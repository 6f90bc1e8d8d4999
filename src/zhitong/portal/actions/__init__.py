"""What the desk itself writes; everything about a matter goes through ``matters.act``."""

from .assigning import MOST_AT_ONCE, Result, assign_many
from .exporting import REVIEWS_EXPORTED, log_export
from .retrying import retry_failed
from .urging import urge_many
from .views import delete_view, rename_view, save_view

__all__ = [
    "MOST_AT_ONCE",
    "REVIEWS_EXPORTED",
    "Result",
    "assign_many",
    "delete_view",
    "log_export",
    "rename_view",
    "retry_failed",
    "save_view",
    "urge_many",
]
