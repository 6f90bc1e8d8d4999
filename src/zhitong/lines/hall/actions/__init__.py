"""The only writers of the hall."""

from .items import change_base, change_item, check_basis, create_base, create_item
from .versions import MaterialFields, discard_draft, publish, start_draft, withdraw, write_draft

__all__ = [
    "MaterialFields",
    "change_base",
    "change_item",
    "check_basis",
    "create_base",
    "create_item",
    "discard_draft",
    "publish",
    "start_draft",
    "withdraw",
    "write_draft",
]
