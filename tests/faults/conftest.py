"""One district for all faults: what one leaves behind, the next one finds."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from .load import Load
from .receiver import Receiver
from .stage import Stage


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Stage]:
    """A district with a web server and a worker."""
    receiver = Receiver()
    found = Stage(tmp_path_factory.mktemp("faults"), receiver)
    try:
        found.build(template())
        found.start("web")
        found.start("worker")
        yield found
    finally:
        found.stop()
        receiver.stop()


def template() -> str:
    """The address of the tests' own database."""
    from django.db import connection

    said: dict[str, Any] = connection.settings_dict
    user = f"{quote(said['USER'])}{':' if said['PASSWORD'] else ''}{quote(said['PASSWORD'])}@" if said["USER"] else ""
    return f"postgresql://{user}/{said['NAME']}?host={quote(said['HOST'])}&port={said['PORT'] or 5432}"


@pytest.fixture
def stage(built: Stage) -> Stage:
    """With everything running."""
    for name in ("web", "worker"):
        if name not in built.running or built.running[name].poll() is not None:
            built.start(name)
    return built


@pytest.fixture
def load(stage: Stage) -> Load:
    """Clients that have sent nothing yet."""
    return Load(stage.address, stage.setting["token"])
