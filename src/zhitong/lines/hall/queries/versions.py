"""Versions of an item: which one counts on a day, what it says as plain values, what is missing, what differs."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from ..choices import VersionState
from ..models import Material, Version, in_force
from ..rules import FIELDS, MATERIAL_FIELDS, Change, Problem, differences, missing


def version_on(item_id: UUID, on: date) -> Version | None:
    """What counts for the item on that day; one query, and one for the materials."""
    return Version.objects.filter(in_force(on), item=item_id).prefetch_related("materials").first()


def versions_of(item_id: UUID) -> list[Version]:
    """All versions with their materials, newest first."""
    return list(Version.objects.filter(item=item_id).prefetch_related("materials").order_by("-number"))


def draft_of(item_id: UUID) -> Version | None:
    """The draft of the item, if it has one."""
    return Version.objects.filter(item=item_id, state=VersionState.DRAFT).prefetch_related("materials").first()


def plain_version(version: Version) -> dict[str, Any]:
    """What it says, by the names of the fields."""
    return {field: getattr(version, field) for field in (*FIELDS, "questions")}


def plain_materials(materials: Iterable[Material]) -> list[dict[str, Any]]:
    """What must be brought, in order."""
    return [{field: getattr(one, field) for field in ("name", *MATERIAL_FIELDS)} for one in materials]


def problems_of(version: Version) -> list[Problem]:
    """What keeps the version from being published."""
    return missing(plain_version(version), plain_materials(version.materials.all()))


def changes_between(old: Version, new: Version) -> list[Change]:
    """What ``new`` says otherwise than ``old``."""
    return differences(
        plain_version(old),
        plain_version(new),
        plain_materials(old.materials.all()),
        plain_materials(new.materials.all()),
    )
