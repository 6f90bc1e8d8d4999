"""What lines and other faces take from ui in Python; templates need no import (see README.md)."""

from .formats import day, moment, named, short_moment, span
from .forms import (
    CascadeSelect,
    DateInput,
    FilesField,
    FilesInput,
    MomentInput,
    PhotosInput,
    SearchSelect,
    SearchSelectMultiple,
)
from .menu import MenuItem, declare_menu

__all__ = [
    "CascadeSelect",
    "DateInput",
    "FilesField",
    "FilesInput",
    "MenuItem",
    "MomentInput",
    "PhotosInput",
    "SearchSelect",
    "SearchSelectMultiple",
    "day",
    "declare_menu",
    "moment",
    "named",
    "short_moment",
    "span",
]
