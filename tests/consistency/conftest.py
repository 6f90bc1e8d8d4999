"""One district for all tests of a module; what a test changes is undone after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.district import District, build

from .scene import Scene, build_scene


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[District]:
    """The district; files go to a folder of the module."""
    folder: Path = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder), django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def scene(district: District) -> Scene:
    """The district with matters, files and notices, and a browser for each persona."""
    return build_scene(district)
