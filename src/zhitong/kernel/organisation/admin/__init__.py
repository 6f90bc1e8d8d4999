"""Organs, people, duties and categories in the admin site; every write goes through an action."""

from . import categories, duties, organs, people

__all__ = ["categories", "duties", "organs", "people"]
