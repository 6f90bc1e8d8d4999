"""Rows of the register: buildings, units and households, persons with their contacts, firms with their members, and tags."""

from .firms import CHANGE_PLACE, Firm, FirmChange, Holder, Officer
from .households import Household, Residence
from .imports import HomesImport
from .merges import MERGE_PLACE, Merge
from .people import CITIZEN_ID_PLACE, Contact, Person, place_of
from .places import Building, BuildingMove, Unit
from .tags import Tag, TagKind

__all__ = [
    "CHANGE_PLACE", "CITIZEN_ID_PLACE", "MERGE_PLACE", "Building", "BuildingMove", "Contact", "Firm", "FirmChange", "Holder", "HomesImport",
    "Household", "Merge", "Officer", "Person", "Residence", "Tag", "TagKind", "Unit", "place_of",
]  # fmt: skip
