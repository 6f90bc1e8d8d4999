"""Reads of appeals: what a resident tracks, what everybody may see, what is much the same."""

from .public import (
    PublicFilter,
    Shown,
    public_appeal,
    public_appeals,
    public_files,
    public_page,
    public_places,
    shown,
    top_categories,
)
from .similar import LEAST_TYPED, similar
from .tracking import Progress, file_of, main_of, progress_of, tracked_appeal, waiting_for

__all__ = [
    "LEAST_TYPED",
    "Progress",
    "PublicFilter",
    "Shown",
    "file_of",
    "main_of",
    "progress_of",
    "public_appeal",
    "public_appeals",
    "public_files",
    "public_page",
    "public_places",
    "shown",
    "similar",
    "top_categories",
    "tracked_appeal",
    "waiting_for",
]
