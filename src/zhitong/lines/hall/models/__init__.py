"""Rows of the hall."""

from .catalogue import BaseItem, Item, Material, Version, in_force

__all__ = ["BaseItem", "Item", "Material", "Version", "in_force"]
