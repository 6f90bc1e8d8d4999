"""Fixtures of the hall."""

import pytest
from django.test import Client

from .cases import Desk, desk
from .factories import Hall, hall, later
from .five import Five, five_organs


@pytest.fixture
def place(db: None) -> Hall:
    """Two organs and somebody in each who edits the catalogue."""
    return hall()


@pytest.fixture
def counter(place: Hall) -> Desk:
    """A published item, and somebody at each desk an application passes."""
    return desk(place)


@pytest.fixture
def five(place: Hall) -> Five:
    """Five organs with an item each, and a bundle of them."""
    return five_organs(place)


@pytest.fixture
def phone(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser on the day on which the item is offered."""
    moment = later(1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return client
