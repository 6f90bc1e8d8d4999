"""A district with somebody who answers for personal data and somebody who keeps the archive."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.district import District, build


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """Once for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def district(built: District, db: None, settings: Any, tmp_path: Path) -> District:
    """The district, with files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return built
