"""What applications leave in the figures, equal to what is counted anew over the rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions.cases import submit
from zhitong.lines.hall.models import Application

from .cases import SYSTEM, Desk
from .factories import MONDAY, later

FROM, TO = date(2026, 9, 1), date(2026, 12, 31)
Figures = Callable[..., str]


@pytest.fixture
def figures(counter: Desk) -> Figures:
    """``figures("volume")`` -> its text; ``organ=`` and others narrow it."""
    indicators.load_indicators(by=SYSTEM, at=MONDAY)

    def read(slug: str, **filters: Any) -> str:
        (one,) = indicators.figures(
            f"application_{slug}", FROM, TO, filters=indicators.Filters(**filters), scope=Actor.system("test")
        )
        return one.text

    return read


def decide(counter: Desk, days: int, outcome: str = "approved") -> Any:
    """One that is accepted on Monday and decided so many days later."""
    done = counter.examined(is_another=True)
    counter.act(done.matter_id, "decide", counter.decider, later(days), outcome=outcome, words="依据")
    return done


def test_straight_through(counter: Desk, figures: Figures) -> None:
    decide(counter, 3)
    found = {slug: figures(slug) for slug in (
        "volume", "accepted", "decided", "approval_rate", "in_time_promised", "in_time_statutory", "instant_share", "overdue",
    )}  # fmt: skip
    assert found == {
        "volume": "1", "accepted": "1", "decided": "1", "approval_rate": "100.00%", "in_time_promised": "100.00%",
        "in_time_statutory": "100.00%", "instant_share": "0.00%", "overdue": "0",
    }  # fmt: skip
    assert (figures("days")[:1], figures("saved")[:2]) == ("3", "17")


def test_they_count_for_the_organ_the_street_and_the_item(counter: Desk, figures: Figures) -> None:
    decide(counter, 1)
    assert (figures("decided", organ=counter.hall.market.pk), figures("decided", organ=counter.hall.city.pk)) == (
        "1",
        "0",
    )
    assert figures("decided", item=counter.version.item_id) == "1"
    assert figures("decided", item=counter.hall.item().pk) == "0"


def test_two_limits_are_two_figures(counter: Desk, figures: Figures) -> None:
    decide(counter, 1)
    decide(counter, 14)
    assert (figures("in_time_promised"), figures("in_time_statutory")) == ("50.00%", "100.00%")


def test_an_instant_one_is_within_both_and_takes_no_day(counter: Desk, figures: Figures) -> None:
    quick = counter.hall.published(is_instant=True, promised_days=0, materials=[{"name": "申请表"}])
    done = submit(counter.said(quick), by=counter.clerk, at=MONDAY)
    counter.act(done.matter_id, "at_once", counter.clerk, taken=True)
    assert (figures("instant_share"), figures("in_time_promised"), figures("in_time_statutory")) == ("100.00%",) * 3
    assert figures("days")[:1] == "0"


def test_a_simulated_run_is_counted_apart(counter: Desk, figures: Figures) -> None:
    done = counter.examined(is_simulated=True)
    counter.act(done.matter_id, "decide", counter.decider, outcome="approved")
    assert (figures("simulated"), figures("volume"), figures("accepted"), figures("decided")) == ("1", "0", "0", "0")
    counter.act(done.matter_id, "make_real", counter.clerk)
    assert (figures("accepted"), figures("decided")) == ("1", "0")


def test_what_a_special_step_took_is_not_counted(counter: Desk, figures: Figures) -> None:
    done = counter.accepted()
    step = m.Reason.objects.get(list="special_step", slug="hearing")
    counter.act(done.matter_id, "special", counter.examiner, later(1), step=str(step.pk), days=5, note="听证")
    counter.act(done.matter_id, "resume", counter.examiner, later(8), note="完毕")
    counter.act(done.matter_id, "examine", counter.examiner, later(8), passes=True, opinion="符合")
    counter.act(done.matter_id, "decide", counter.decider, later(9), outcome="approved")
    assert figures("days")[:1] == "2"


def test_the_figures_are_those_of_a_recount(counter: Desk, figures: Figures) -> None:
    for days in (0, 1, 2, 5, 14):
        decide(counter, days, "refused" if days == 2 else "approved")
    counter.accepted(is_another=True)
    counter.submitted(is_another=True)
    rows = Application.objects.filter(is_simulated=False)
    decided = rows.filter(decided_at__isnull=False)
    good = decided.filter(matter__outcome="approved").count()
    stopped = m.Clock.objects.filter(slug="promised", state="stopped", matter__application__in=decided)
    in_time = sum(clock.stopped_at is not None and clock.stopped_at <= clock.due_at for clock in stopped)
    assert figures("volume") == str(rows.count())
    assert figures("accepted") == str(rows.filter(accepted_at__isnull=False).count())
    assert figures("decided") == str(decided.count())
    assert figures("approval_rate") == f"{good / decided.count():.2%}"
    assert figures("in_time_promised") == f"{in_time / stopped.count():.2%}"


def test_lapsing_and_notices(counter: Desk, figures: Figures) -> None:
    done = counter.submitted()
    form = str(counter.case(done).handed.get(material__name="食品经营许可申请书").pk)
    counter.act(done.matter_id, "correct", counter.clerk, materials=[form], words="未签字")
    m.tick(later(60))
    assert (figures("corrected"), figures("lapsed"), figures("overdue")) == ("1", "1", "0")
