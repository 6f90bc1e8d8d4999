"""The door of the register: persons and how they are reached."""

from .actions import Found, find_or_create_many, find_or_create_person, prepare, reveal, rotate_keys
from .actions.correcting import correct_person
from .actions.forgetting import forget_people
from .choices import ContactKind, Gender
from .models import Contact, Person
from .queries import (
    MaskedPerson,
    contacts_of,
    find_by_citizen_id,
    find_by_email,
    find_by_phone,
    masked,
)
from .rules import Given, NewPerson

__all__ = [
    "Contact",
    "ContactKind",
    "Found",
    "Gender",
    "Given",
    "MaskedPerson",
    "NewPerson",
    "Person",
    "contacts_of",
    "correct_person",
    "find_by_citizen_id",
    "find_by_email",
    "find_by_phone",
    "find_or_create_many",
    "find_or_create_person",
    "forget_people",
    "masked",
    "prepare",
    "reveal",
    "rotate_keys",
]
