"""Rows of the hall."""

from .cases import Application, Breach, Handed, HandedFile
from .catalogue import BaseItem, Item, Material, Version, in_force

__all__ = ["Application", "BaseItem", "Breach", "Handed", "HandedFile", "Item", "Material", "Version", "in_force"]
