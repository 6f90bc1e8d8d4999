"""The clock of the machine jumps under load, ahead or back, and is put right again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.clock import set_clock
from tests.district import Raised, build
from zhitong.kernel.events import public as events
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.matters import public as m

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
            if by[-1] in "dy":  # less may leave it the same day
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


@pytest.mark.parametrize("wrong", [timedelta(days=40), timedelta(hours=-30)])
def test_a_matter_goes_its_way_whatever_the_clock_said(monkeypatch: pytest.MonkeyPatch, wrong: timedelta) -> None:
    """Here the clocks of the test: the program's, and the one of its database."""
    district, real = build(), timezone.now

    def clock(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)
        set_clock(f"{by.total_seconds()} seconds")

    def at(by: timedelta, step: Any, *given: Any, **more: Any) -> Any:
        clock(by)
        done = step(*given, **more)
        events.seal_finished_days()
        while indicators.fold_finished():
            pass
        events.bring_forward(at=timezone.now())
        events.deliver(at=timezone.now())
        m.tick(timezone.now())
        clock(timedelta())
        return done

    def meet(raised: Raised) -> None:
        said = {"who": "承办人与反映人", "how": "phone", "when": timezone.now().isoformat(), "said": "约定本周修复。"}
        district.act(raised, "meet", "worker", **said)

    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("handle", "worker", {"done": "已更换灯泡。"}),
        ("conclude", "worker", {"outcome": "solved", "reply": "路灯已修好，感谢反映。"}),
        ("visit", "visitor", {"how": "phone", "reached": True, "grade": "5"}),
    ]
    ended = district.closed().matter.stage
    for is_odd in (0, 1):  # every step is once taken while the clock is wrong
        now = [wrong if (number + is_odd) % 2 else timedelta() for number in range(len(steps) + 2)]
        raised: Raised = at(now[0], district.passed)
        at(now[1], meet, raised)
        for moment, (action, name, data) in zip(now[2:], steps, strict=True):
            at(moment, district.act, raised, action, name, **data)
        assert raised.matter.stage == ended
    at(timedelta(), lambda: None)
    assert list(events.verify()) == list(indicators.check()) == []
    assert not events.Notice.objects.filter(state="pending", attempts=0).exists()
