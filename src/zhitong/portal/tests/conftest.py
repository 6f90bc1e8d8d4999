"""Fixtures of the desk."""

from pathlib import Path

import pytest

from .desk import Desk, desk


@pytest.fixture
def office(db: None, settings: object, tmp_path: Path) -> Desk:
    """The small district with people who can sign in; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return desk()
