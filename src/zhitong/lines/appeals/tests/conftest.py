"""Fixtures of the line."""

import pytest

from .factories import District, district


@pytest.fixture
def place(db: None) -> District:
    """A small district, ready to act."""
    return district()
