"""Fixtures of the desk and of the pages that set a district up."""

from pathlib import Path

import pytest
from django.test import Client

from tests.district import District, build

from .desk import Desk, desk


@pytest.fixture
def office(db: None, settings: object, tmp_path: Path) -> Desk:
    """The small district with people who can sign in; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return desk()


@pytest.fixture
def district(db: None) -> District:
    """A small district with a person for every role."""
    return build()


@pytest.fixture
def admin(district: District) -> Client:
    """The browser of the office that sets it up."""
    return district.client("admin")
