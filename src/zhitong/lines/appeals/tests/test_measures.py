"""What an appeal leaves in the figures, step by step."""

from datetime import date, timedelta
from typing import Any

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import gather
from zhitong.kernel.events import public as events
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.matters import public as matters

from .factories import MONDAY, District, reason

SYSTEM = Actor.system("test")
FROM, TO = date(2026, 9, 1), date(2026, 12, 31)


@pytest.fixture
def figures(place: District) -> Any:
    """``figures("volume")`` -> its text; ``organ=`` narrows it."""
    indicators.load_indicators(by=SYSTEM, at=MONDAY)

    def read(slug: str, **filters: Any) -> str:
        (one,) = indicators.figures(
            f"appeal_{slug}", FROM, TO, filters=indicators.Filters(**filters), scope=SYSTEM
        )  # fmt: skip
        return one.text

    return read


def test_straight_through(place: District, figures: Any) -> None:
    place.closed()
    found = {slug: figures(slug) for slug in (
        "volume", "taken", "concluded", "due_rate", "conclusion_rate", "in_time_pass", "in_time_meet", "in_time_conclude", "in_time_visit",
        "in_time_second", "resolution_rate", "satisfaction", "participation", "second_rate", "overdue", "returns",
    )}  # fmt: skip
    assert found == {
        "volume": "1", "taken": "1", "concluded": "1", "due_rate": "100.00%", "conclusion_rate": "100.00%", "in_time_pass": "100.00%",
        "in_time_meet": "100.00%", "in_time_conclude": "100.00%", "in_time_visit": "100.00%", "in_time_second": "—",
        "resolution_rate": "100.00%", "satisfaction": "100.00%", "participation": "100.00%", "second_rate": "0.00%",
        "overdue": "0", "returns": "0",
    }  # fmt: skip


def test_each_stage_counts_for_the_organ_that_answers_for_it(place: District, figures: Any) -> None:
    place.closed()
    street, centre = place.street.pk, place.centre.pk
    assert (figures("taken", organ=street), figures("taken", organ=centre)) == ("1", "0")
    assert (figures("in_time_conclude", organ=street), figures("in_time_conclude", organ=centre)) == ("100.00%", "—")
    assert (figures("in_time_pass", organ=street), figures("in_time_pass", organ=centre)) == ("—", "100.00%")
    assert (figures("in_time_visit", organ=street), figures("in_time_visit", organ=centre)) == ("—", "100.00%")
    assert figures("satisfaction", organ=street) == "100.00%"


def test_a_return_is_taken_from_the_organ_that_returned_it(place: District, figures: Any) -> None:
    opened = place.passed()
    later = MONDAY + timedelta(hours=3)
    place.act(
        opened.matter_id, "return", place.worker, later, reason=reason("return", "not_duty"), ground="依据三定方案"
    )
    assert (figures("taken"), figures("returns"), figures("bounce")) == ("0", "1", "3.0小时")
    assert figures("returns", organ=place.street.pk) == "1"
    assert figures("in_time_conclude") == "—"
    place.pass_on(opened.matter_id, lead=place.bureau)
    assert (figures("taken", organ=place.street.pk), figures("taken", organ=place.bureau.pk)) == ("0", "1")


def test_late_is_late(place: District, figures: Any) -> None:
    opened = place.passed()
    late = MONDAY + timedelta(days=30)
    matters.tick(late)
    ticked = figures("overdue")
    place.act(
        opened.matter_id, "meet", place.worker, late, who="李某", how="phone", when=late.isoformat(), said="已了解"
    )
    assert (ticked, figures("overdue"), figures("in_time_meet")) == ("2", "2", "0.00%")
    assert figures("first_contact") == "720.0小时"
    assert figures("overdue", organ=place.street.pk) == "2"


def test_late_without_a_tick_is_counted_when_the_clock_stops(place: District, figures: Any) -> None:
    opened = place.passed()
    late = MONDAY + timedelta(days=30)
    place.act(
        opened.matter_id, "meet", place.worker, late, who="李某", how="phone", when=late.isoformat(), said="已了解"
    )
    assert figures("overdue") == "1"


def test_second_handling(place: District, figures: Any) -> None:
    opened = place.concluded()
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="2", words="还是不亮")
    assert (figures("satisfaction"), figures("second_rate"), figures("taken")) == ("0.00%", "100.00%", "1")
    place.act(opened.matter_id, "handle", place.worker, done="已更换灯头")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="已修好。")
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="4")
    assert (figures("concluded"), figures("in_time_second"), figures("satisfaction")) == ("1", "100.00%", "50.00%")
    assert (figures("participation"), figures("average_grade")) == ("100.00%", "2.00")


def test_of_those_due_each_counts_once_and_never_more_than_all(place: District, figures: Any) -> None:
    """What was taken on before the period and is cleared in it cannot lift the share above one."""
    late = MONDAY + timedelta(days=30)
    place.closed()
    waiting = place.met()
    assert figures("due_rate") == "100.00%"
    matters.tick(late)
    assert figures("due_rate") == "50.00%"
    place.act(waiting.matter_id, "handle", place.worker, late, done="已更换灯泡")
    place.act(waiting.matter_id, "conclude", place.worker, late, outcome="solved", reply="已修复。")
    assert figures("due_rate") == "50.00%"
    unseen = place.met()
    later = late + timedelta(days=60)
    place.act(unseen.matter_id, "handle", place.worker, later, done="已更换灯泡")
    place.act(unseen.matter_id, "conclude", place.worker, later, outcome="solved", reply="已修复。")
    assert (figures("due_rate"), figures("due_rate", organ=place.street.pk)) == ("33.33%", "33.33%")
    place.act(unseen.matter_id, "visit", place.visitor, later, how="phone", reached=True, grade="1", words="没修")
    place.act(unseen.matter_id, "handle", place.worker, later, done="再修")
    place.act(unseen.matter_id, "conclude", place.worker, later, outcome="solved", reply="已修复。")
    assert figures("due_rate") == "33.33%"  # a second handling has a limit of its own


def test_concluded_against_taken_on_says_that_it_is_of_two_lots(place: District, figures: Any) -> None:
    opened = place.met()
    place.act(opened.matter_id, "handle", place.worker, done="已更换灯泡")
    after = MONDAY.date() + timedelta(days=1)
    place.act(
        opened.matter_id, "conclude", place.worker, MONDAY + timedelta(days=1), outcome="solved", reply="已修复。"
    )
    (one,) = indicators.figures("appeal_conclusion_rate", after, TO, scope=SYSTEM)
    (due,) = indicators.figures("appeal_due_rate", after, TO, scope=SYSTEM)
    assert (one.name, one.text, due.text) == ("结收比", "—", "100.00%")
    assert "不是同一批诉求" in one.basis


def test_an_online_grade_counts_once(place: District, figures: Any) -> None:
    opened = place.concluded()
    resident = Actor.resident([opened.matter_id])
    place.act(opened.matter_id, "rate", resident, grade="5")
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="4")
    assert (figures("participation"), figures("average_grade")) == ("100.00%", "5.00")
    other = place.closed()
    place.act(other.matter_id, "rate", Actor.resident([other.matter_id]), grade="1")
    assert (figures("participation"), figures("satisfaction")) == ("100.00%", "100.00%")


def test_withdrawn_on_the_way_is_no_longer_taken(place: District, figures: Any) -> None:
    opened = place.met()
    place.act(opened.matter_id, "withdraw", Actor.resident([opened.matter_id]))
    assert (figures("taken"), figures("withdrawn"), figures("concluded")) == ("0", "1", "0")
    assert figures("in_time_conclude") == "—"


def test_solved_on_the_spot_counts_for_who_did_it(place: District, figures: Any) -> None:
    opened = matters.open_matter(
        matters.Opening(kind="appeal", subkind="report", text="楼道堆物", channel="grid"), by=place.grid, at=MONDAY
    )
    place.act(opened.matter_id, "on_spot", place.grid, done="已劝导清理")
    street = place.street.pk
    for slug, text in {"taken": "1", "concluded": "1", "conclusion_rate": "100.00%", "on_spot": "1"}.items():
        assert figures(slug, **({} if slug == "on_spot" else {"organ": street})) == text


def test_joined_merged_reopened(place: District, figures: Any) -> None:
    first, second = place.open(), place.open()
    place.act(first.matter_id, "join", Actor.resident(), phone="13900001111")
    place.act(second.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯")
    assert (figures("joined"), figures("repeat_rate")) == ("1", "66.67%")
    closed = place.closed()
    place.act(closed.matter_id, "not_fixed", Actor.resident([closed.matter_id]), words="又不亮了")
    assert (figures("reopened"), figures("second_rate")) == ("1", "100.00%")


def test_transferred_and_extended(place: District, figures: Any) -> None:
    gone = place.open()
    place.act(gone.matter_id, "transfer", place.dispatcher, to="mediation", reason="邻里纠纷")
    stays = place.open()
    place.act(stays.matter_id, "transfer", place.dispatcher, to="petition", reason="信访事项")
    assert figures("transferred") == "1"
    for grant in (True, False):
        opened = place.passed()
        place.act(opened.matter_id, "ask_extension", place.worker, clock="conclude", amount=3, reason="等待配件")
        place.act(opened.matter_id, "decide_extension", place.supervisor, grant=grant, note="已阅")
    assert figures("extended") == "1"


def test_the_matters_behind_a_rate(place: District, figures: Any) -> None:
    good = place.closed()
    bad = place.concluded()
    place.act(bad.matter_id, "visit", place.visitor, how="phone", reached=True, grade="1", words="没修")

    def behind(slug: str, part: str = "all", by: Actor = SYSTEM) -> set[Any]:
        found = indicators.matters_behind(f"appeal_{slug}", FROM, TO, part=part, scope=by)
        return set(found.values_list("pk", flat=True))

    both = {good.matter_id, bad.matter_id}
    assert behind("satisfaction") == both
    assert behind("satisfaction", "top") == {good.matter_id}
    assert behind("satisfaction", "rest") == {bad.matter_id}
    assert behind("conclusion_rate", "rest") == set()
    open_one = place.passed()
    assert behind("conclusion_rate", "rest") == {open_one.matter_id}
    assert behind("taken") == {*both, open_one.matter_id}
    place.act(open_one.matter_id, "withdraw", Actor.resident([open_one.matter_id]))
    assert behind("taken") == both


def test_a_rebuild_gives_the_same(place: District, figures: Any) -> None:
    place.closed()
    place.passed(co=True)
    place.concluded()
    slugs = [slug.removeprefix("appeal_") for slug in indicators.definitions(TO) if slug.startswith("appeal_")]
    before = {slug: figures(slug) for slug in slugs}
    assert len(before) >= 25
    indicators.rebuild()
    assert {slug: figures(slug) for slug in slugs} == before
    assert list(indicators.check()) == []
    assert list(events.verify()) == []


def test_every_shipped_indicator_explains_itself_in_both_languages() -> None:
    from zhitong.lines.appeals.declarations.measures import INDICATORS

    for slug, name, name_en, _formula, unit, _direction, basis, basis_en in INDICATORS:
        assert all([name, name_en, basis, basis_en]), slug
        assert unit in indicators.Unit.values


def test_what_is_raised_again_and_jointly_is_counted_once_and_a_rebuild_gives_the_same(
    place: District, figures: Any
) -> None:
    said = "幸福小区南门口的路灯坏了三天，晚上看不清台阶，请尽快修复。"
    for name, phone in (("王小明", 1), ("王小明", 1), ("李小红", 2), ("张三丰", 3), ("赵大力", 4), ("孙小美", 5)):
        place.open(text=said, reporter=matters.Reporter(name=name, phone=f"1380000123{phone}"))
    gather(MONDAY + timedelta(hours=1))
    told = [figures(slug) for slug in ("again", "again_rate", "joint")]
    assert told == ["1", "16.67%", "6"]
    gather(MONDAY + timedelta(hours=2))
    assert [figures(slug) for slug in ("again", "again_rate", "joint")] == told
    indicators.rebuild()
    assert [figures(slug) for slug in ("again", "again_rate", "joint")] == told
    assert list(indicators.check()) == []
