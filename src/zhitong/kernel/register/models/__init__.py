"""Rows of the register: persons with their contacts, and firms with their members."""

from .firms import CHANGE_PLACE, Firm, FirmChange, Holder, Officer
from .people import CITIZEN_ID_PLACE, Contact, Person, place_of

__all__ = [
    "CHANGE_PLACE", "CITIZEN_ID_PLACE", "Contact", "Firm", "FirmChange", "Holder", "Officer", "Person", "place_of",
]  # fmt: skip
