"""Rows of the register: persons with their contacts, and firms with their members."""

from .firms import Firm, Holder, Officer
from .people import CITIZEN_ID_PLACE, Contact, Person, place_of

__all__ = ["CITIZEN_ID_PLACE", "Contact", "Firm", "Holder", "Officer", "Person", "place_of"]
