"""One district for all faults: what one leaves behind, the next one finds."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elsewhere import address

from .load import Load
from .receiver import Receiver
from .stage import Stage


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Stage]:
    """A district with a web server and a worker."""
    receiver = Receiver()
    found = Stage(tmp_path_factory.mktemp("faults"), receiver, clock=library())
    try:
        found.build(address())
        yield found
    finally:
        found.stop()
        receiver.stop()


def library() -> str:
    """libfaketime, where ``script/torture`` has said so."""
    found = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1") if os.environ.get("ZHITONG_TORTURE") else []
    return str(next(iter(found), ""))


@pytest.fixture
def stage(built: Stage) -> Stage:
    """With everything running."""
    built.start_all()
    return built


@pytest.fixture
def load(stage: Stage) -> Load:
    """Clients that have sent nothing yet."""
    return Load(stage.address, stage.setting["token"])
