"""Rows of the hall."""

from .agency import Agent, Errand, Park, Thing
from .answers import AnswersField
from .bundles import Bundle, BundleCase, BundlePart, BundleVersion
from .cases import Application, Breach, Handed, HandedFile
from .catalogue import BaseItem, Item, Material, Version, in_force
from .missed import Missed
from .smart import SmartDraft
from .tickets import AT_A_WINDOW, Booking, LastNumber, Served, Ticket
from .window import Hall, Queue, QueueItem, Sitting, Window, WindowQueue

__all__ = [
    "AT_A_WINDOW",
    "Agent",
    "AnswersField",
    "Application",
    "BaseItem",
    "Booking",
    "Breach",
    "Bundle",
    "BundleCase",
    "BundlePart",
    "BundleVersion",
    "Errand",
    "Hall",
    "Handed",
    "HandedFile",
    "Item",
    "LastNumber",
    "Material",
    "Missed",
    "Park",
    "Queue",
    "QueueItem",
    "Served",
    "Sitting",
    "SmartDraft",
    "Thing",
    "Ticket",
    "Version",
    "Window",
    "WindowQueue",
    "in_force",
]
