"""Drives with their stages and plan, the targets that they work through, and inventories of what stays."""

from .drives import MOST_STAGES, Drive, Plan, Stage
from .inventories import MOST_FIELDS, Entry, Inspection, InspectionPhoto, Inventory, Stall
from .tallies import Tally
from .targets import Photo, Step, Target, folder_of

__all__ = [
    "MOST_FIELDS", "MOST_STAGES", "Drive", "Entry", "Inspection", "InspectionPhoto", "Inventory", "Photo", "Plan", "Stage", "Stall", "Step", "Tally",
    "Target",
    "folder_of",
]  # fmt: skip
