"""Fixtures of the hall."""

import pytest

from .cases import Desk, desk
from .factories import Hall, hall


@pytest.fixture
def place(db: None) -> Hall:
    """Two organs and somebody in each who edits the catalogue."""
    return hall()


@pytest.fixture
def counter(place: Hall) -> Desk:
    """A published item, and somebody at each desk an application passes."""
    return desk(place)
