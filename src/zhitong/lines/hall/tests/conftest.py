"""Fixtures of the hall."""

import pytest

from .factories import Hall, hall


@pytest.fixture
def place(db: None) -> Hall:
    """Two organs and somebody in each who edits the catalogue."""
    return hall()
