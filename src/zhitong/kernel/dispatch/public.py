"""The one door of help for the dispatcher."""

from .permissions import MANAGE, VIEW

__all__ = ["MANAGE", "VIEW"]
