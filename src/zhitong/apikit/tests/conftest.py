"""A district, and systems that ask it."""

from typing import Any

import pytest

from tests.district import District, build
from tests.machine import Machine, machine


@pytest.fixture
def district(db: Any) -> District:
    """The district."""
    return build()


@pytest.fixture
def desk(district: District) -> Machine:
    """A system that may do what the dispatcher may."""
    return machine(district, "dispatcher")
