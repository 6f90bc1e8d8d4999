"""The door of the register: persons and how they are reached."""

from .choices import ContactKind, Gender
from .models import Contact, Person

__all__ = ["Contact", "ContactKind", "Gender", "Person"]
