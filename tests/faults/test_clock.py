"""The clock of the machine jumps under load, ahead or back, and is put right again."""

import pytest

from .load import Load
from .stage import Stage, wait

pytestmark = pytest.mark.django_db


def away(stage: Stage, load: Load, by: str, *, before: int = 4, meanwhile: int = 4) -> None:
    """Let the clocks of all jump, the worker look at everything it does by the clock, and put them right."""
    if not stage.clock:
        pytest.skip("libfaketime is not here: script/torture installs it; each part is tested beside its code")
    with load.going():
        load.wait_for(before)
        stage.jump(by)
        try:
            seals = stage.ask("SELECT count(*) FROM events_seal")
            stage.kill_worker()  # a new one begins with everything that comes round
            wait(lambda: stage.ask("SELECT count(*) FROM events_seal") > seals, "a seal")
            load.wait_for(meanwhile)
        finally:
            stage.jump()
        stage.kill_worker()
        load.wait_for(meanwhile)
    stage.check(load)


@pytest.mark.parametrize("by", ["+3d", "-2d"])
def test_nothing_is_lost_or_stuck_when_clocks_jump(stage: Stage, load: Load, by: str) -> None:
    away(stage, load, by)
