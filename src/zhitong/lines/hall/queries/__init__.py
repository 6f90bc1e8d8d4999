"""Reads of the hall."""

from .versions import (
    changes_between,
    draft_of,
    plain_materials,
    plain_version,
    problems_of,
    version_on,
    versions_of,
)

__all__ = [
    "changes_between",
    "draft_of",
    "plain_materials",
    "plain_version",
    "problems_of",
    "version_on",
    "versions_of",
]
