"""Reads: people by exact number, firms by code and name, and how they are shown."""

from .people import (
    NEEDED,
    MaskedPerson,
    address_of,
    contact_blinds,
    contacts_of,
    find_by_citizen_id,
    find_by_email,
    find_by_phone,
    masked,
    notices_held,
    person_held,
    reached_by,
)

__all__ = [
    "NEEDED",
    "MaskedPerson",
    "address_of",
    "contact_blinds",
    "contacts_of",
    "find_by_citizen_id",
    "find_by_email",
    "find_by_phone",
    "masked",
    "notices_held",
    "person_held",
    "reached_by",
]  # fmt: skip
