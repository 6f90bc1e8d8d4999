"""What may be missing, promised or only tried, and what becomes of it; special steps; other versions."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.kernel.events.public import Notice, render_many
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.public import Paper
from zhitong.lines.hall.actions.cases import Given, submit
from zhitong.lines.hall.choices import MaterialState
from zhitong.lines.hall.queries import cases as reading
from zhitong.lines.hall.queries.simulated import READY
from zhitong.lines.hall.rules import cases as rules
from zhitong.ui.public import set_counts

from .cases import Desk, resident
from .factories import MATERIALS, MONDAY, later

PLAN, HEALTH, FORM, LICENCE = "场所平面图", "健康证明", "食品经营许可申请书", "营业执照"


def without(counter: Desk, name: str, state: str = "", **more: Any) -> dict[str, Any]:
    """Everything but one material, of which something is said."""
    given_ = {one.pk: Given() for one in counter.materials.values() if one.name in (FORM, PLAN) and one.name != name}
    if state:
        given_[counter.materials[name].pk] = Given(state)
    return {"materials": given_, **more}


def deferred(counter: Desk) -> Any:
    return counter.accepted(**without(counter, PLAN, "deferred", signed=True))


def handed_id(counter: Desk, done: Any, name: str) -> str:
    return str(counter.case(done).handed.get(material__name=name).pk)


def reason(list_: str, slug: str) -> str:
    return str(m.Reason.objects.get(list=list_, slug=slug).pk)


# 补正


def corrected(counter: Desk) -> Any:
    done = counter.submitted()
    counter.act(
        done.matter_id, "correct", counter.clerk, materials=[handed_id(counter, done, FORM)], words="申请书未签字"
    )
    return done


def test_a_notice_stops_the_clock_of_acceptance_and_starts_its_own(counter: Desk) -> None:
    done = corrected(counter)
    accept, correct = counter.clock(done, "accept"), counter.clock(done, "correct")
    assert accept is not None
    assert correct is not None
    assert (accept.state, correct.state, counter.matter(done).due_at) == ("stopped", "running", correct.due_at)
    assert counter.state(done, FORM) == "missing"


def test_what_comes_after_a_notice_brings_it_back_with_a_new_clock(counter: Desk) -> None:
    done = corrected(counter)
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=later(3))
    accept = counter.clock(done, "accept")
    assert counter.matter(done).stage == "submitted"
    assert accept is not None
    assert accept.started_at == later(3)


def test_what_was_not_named_at_once_may_not_be_asked_for_later(counter: Desk) -> None:
    done = corrected(counter)
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=MONDAY)
    with pytest.raises(Refused) as found:
        counter.act(
            done.matter_id, "correct", counter.clerk, materials=[handed_id(counter, done, PLAN)], words="还缺图"
        )
    assert found.value.code == "only_once"
    counter.act(done.matter_id, "correct", counter.clerk, materials=[handed_id(counter, done, FORM)], words="仍未签字")
    assert counter.matter(done).stage == "awaiting"


def test_a_notice_that_nobody_answers_lapses_once(counter: Desk) -> None:
    done = corrected(counter)
    assert m.tick(later(40))
    assert (counter.matter(done).stage, counter.case(done).is_open) == ("lapsed", False)
    assert not reading.against(counter.matter(done).reporter_id)
    assert not m.tick(later(80))


# 容缺


def test_nothing_is_deferred_without_a_signature(counter: Desk) -> None:
    with pytest.raises(Refused) as found:
        counter.submitted(**without(counter, PLAN, "deferred"))
    assert found.value.code == "not_signed"


def test_only_what_may_follow_can_follow(counter: Desk) -> None:
    with pytest.raises(Refused, match=FORM):
        counter.submitted(**without(counter, FORM, "deferred", signed=True))
    done = counter.submitted(**without(counter, PLAN, is_incomplete=True))
    with pytest.raises(Refused) as found:
        counter.act(done.matter_id, "accept", counter.clerk, deferred=[handed_id(counter, done, PLAN)])
    assert found.value.field == "signed"
    counter.act(done.matter_id, "accept", counter.clerk, deferred=[handed_id(counter, done, PLAN)], signed=True)
    assert counter.state(done, PLAN) == "deferred"


def test_what_is_deferred_has_its_own_clock_not_longer_than_the_promise(counter: Desk) -> None:
    done = deferred(counter)
    promised, own = counter.clock(done, "promised"), counter.clock(done, "deferred")
    assert promised is not None
    assert own is not None
    assert own.due_at <= promised.due_at
    assert "容缺" in m.why(own)


def test_the_result_waits_for_what_was_deferred(counter: Desk) -> None:
    done = deferred(counter)
    counter.act(done.matter_id, "examine", counter.examiner, passes=True, opinion="符合")
    counter.act(done.matter_id, "decide", counter.decider, outcome="approved")
    with pytest.raises(Refused) as found:
        counter.act(done.matter_id, "issue", counter.clerk)
    assert found.value.code == "deferred_open"
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, PLAN)}, by=resident(done), at=later(1))
    own = counter.clock(done, "deferred")
    assert own is not None
    assert (own.state, counter.case(done).has_deferred) == ("stopped", False)
    counter.act(done.matter_id, "issue", counter.clerk, later(1))
    assert counter.matter(done).stage == "issued"


def test_what_does_not_come_lapses_and_stands_against_the_applicant(counter: Desk) -> None:
    done = deferred(counter)
    assert m.tick(later(20))
    assert counter.matter(done).stage == "lapsed"
    stains = reading.against(counter.matter(done).reporter_id)
    assert [(one.sort, one.number) for one in stains] == [("deferral", done.number)]
    told = Notice.objects.filter(template="application.lapsed", subject=done.matter_id)
    assert told.exists()
    paper = Paper.objects.get(matter=done.matter_id, slug="hall-lapsed").opened()
    assert ([row["name"] for row in paper["materials"]], paper["deferred"]) == ([PLAN], True)
    assert m.tick(later(60)) == 0
    assert len(reading.against(counter.matter(done).reporter_id)) == 1


def test_it_lapses_also_while_a_special_step_is_under_way(counter: Desk) -> None:
    done = deferred(counter)
    step = reason("special_step", "experts")
    counter.act(done.matter_id, "special", counter.examiner, step=step, days=20, note="专家评审")
    m.tick(later(20))
    assert (counter.matter(done).stage, counter.matter(done).is_paused) == ("lapsed", False)


# 告知承诺


def promised(counter: Desk) -> Any:
    return counter.submitted(**without(counter, HEALTH, "promised", signed=True))


def test_a_promise_gives_the_result_at_once_and_is_checked(counter: Desk) -> None:
    done = promised(counter)
    counter.act(done.matter_id, "at_once", counter.clerk, taken=True)
    assert counter.matter(done).stage == "closed"
    check = m.Matter.objects.get(kind="commitment_check")
    assert (check.stage, check.lead_id) == ("waiting", counter.hall.market.pk)
    assert check.links_out.get().target_id == done.matter_id
    assert m.Clock.objects.get(matter=check).state == "running"
    assert [step.state for step in m.progress(check)] == ["done", "current"]  # nobody has checked anything yet
    counter.act(check.pk, "keep", counter.examiner, words="属实")
    assert counter.matter(done).stage == "closed"


def test_a_broken_promise_takes_the_result_back(counter: Desk) -> None:
    done = promised(counter)
    counter.act(done.matter_id, "at_once", counter.clerk, taken=True)
    check = m.Matter.objects.get(kind="commitment_check")
    with pytest.raises(NotAllowed):
        counter.act(check.pk, "break", counter.clerk, words="不实")
    counter.act(check.pk, "break", counter.examiner, words="从业人员没有健康证明")
    assert (counter.matter(done).stage, m.Matter.objects.get(pk=check.pk).stage) == ("revoked", "broken")
    assert [one.sort for one in reading.against(counter.matter(done).reporter_id)] == ["commitment"]


def test_without_a_promise_nothing_is_checked(counter: Desk) -> None:
    counter.closed()
    assert not m.Matter.objects.filter(kind="commitment_check").exists()


# 模拟


def simulated(counter: Desk, outcome: str = "approved") -> Any:
    done = counter.accepted(**without(counter, FORM, is_simulated=True))
    counter.act(done.matter_id, "examine", counter.examiner, passes=True, opinion="其余符合")
    counter.act(done.matter_id, "decide", counter.decider, outcome=outcome, words="参考")
    return done


def test_a_simulated_run_has_no_effect_and_says_so(counter: Desk) -> None:
    done = simulated(counter)
    matter = counter.matter(done)
    assert (matter.stage, matter.title.startswith("【模拟】"), counter.case(done).is_open) == ("simulated", True, False)
    assert counter.clock(done, "statutory") is None
    mock = counter.clock(done, "promised")
    assert mock is not None
    assert "模拟" in mock.basis
    with pytest.raises(Conflict):
        counter.act(done.matter_id, "issue", counter.clerk)


def test_it_turns_real_when_what_was_missing_is_there_and_keeps_what_was_examined(counter: Desk) -> None:
    done = simulated(counter)
    with pytest.raises(Refused, match=FORM):
        counter.act(done.matter_id, "make_real", counter.clerk)
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=later(5))
    counter.act(done.matter_id, "make_real", counter.clerk, later(5))
    matter, statutory = counter.matter(done), counter.clock(done, "statutory")
    assert (matter.stage, matter.title, matter.outcome) == ("deciding", counter.version.item.name, "")
    assert statutory is not None
    assert statutory.started_at == later(5)
    counter.act(done.matter_id, "decide", counter.decider, later(5), outcome="approved")
    counter.act(done.matter_id, "issue", counter.clerk, later(5))
    assert counter.case(done).is_open


def page_of_applicant(done: Any) -> str:
    phone = Client()
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    return phone.get(reverse("hall:tracked", args=[done.number])).content.decode()


def test_a_window_sees_that_what_was_missing_has_come(counter: Desk) -> None:
    """Nobody has to remember a simulated run: its applicant and the window are told what comes next."""
    done = simulated(counter)

    def waiting() -> int:
        return set_counts(counter.clerk, later(5), [READY])[READY]

    assert waiting() == 0
    assert "缺的材料补齐后" in page_of_applicant(done)
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=later(5))
    assert waiting() == 1
    assert "窗口核对后为您转为正式办理" in page_of_applicant(done)
    counter.act(done.matter_id, "make_real", counter.clerk, later(5))
    assert waiting() == 0


def test_a_simulated_run_that_failed_is_nobodys_work(counter: Desk) -> None:
    done = simulated(counter, "refused")
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=later(5))
    assert set_counts(counter.clerk, later(5), [READY]) == {READY: 0}


def test_under_another_version_it_is_examined_again(counter: Desk) -> None:
    done = simulated(counter)
    newer = counter.hall.published(counter.version.item, on=later(2).date(), promised_days=3)
    m.act(done.matter_id, "hand_in", {"material": handed_id(counter, done, FORM)}, by=resident(done), at=later(5))
    counter.act(done.matter_id, "make_real", counter.clerk, later(5))
    assert (counter.matter(done).stage, counter.case(done).version) == ("examining", newer)
    assert counter.state(done, FORM) == "handed"


# 特别程序


def test_a_special_step_holds_both_limits_and_is_not_counted(counter: Desk) -> None:
    done = counter.accepted()
    before = {slug: counter.clock(done, slug) for slug in ("promised", "statutory")}
    step = reason("special_step", "hearing")
    counter.act(done.matter_id, "special", counter.examiner, later(1), step=step, days=10, note="申请人要求听证")
    for slug in before:
        clock = counter.clock(done, slug)
        assert clock is not None
        assert clock.state == "paused"
    said = reading.part_of(counter.matter(done), counter.examiner, later(1))["pause"]
    assert "听证" in said  # why they stand still, at the desk as for the applicant
    assert "10个工作日" in said
    counter.act(done.matter_id, "resume", counter.examiner, later(8), note="听证结束")
    assert reading.part_of(counter.matter(done), counter.examiner, later(8))["pause"] == ""
    for slug, clock in before.items():
        after = counter.clock(done, slug)
        assert clock is not None
        assert after is not None
        assert after.due_at > clock.due_at
        assert "暂停" in m.why(after)
    promise = counter.clock(done, "promised")
    assert promise is not None
    assert promise.due_at == datetime(
        2026, 9, 20, 9, 30, tzinfo=UTC
    )  # five working days later, a Sunday that is worked


def test_both_limits_rest_on_the_version_and_the_law(counter: Desk) -> None:
    done = counter.accepted()
    for slug, amount in (("promised", 5), ("statutory", 20)):
        clock = counter.clock(done, slug)
        assert clock is not None
        assert clock.amount == amount
        sentence = m.why(clock)
        for part in ("第1版", "2026年9月7日起", "《中华人民共和国食品安全法》第三十五条"):
            assert part in sentence


# 变更版本


def newer(counter: Desk) -> Any:
    fresh = [*MATERIALS[:3], {"name": "承诺书"}]
    return counter.hall.published(counter.version.item, on=later(1).date(), materials=fresh, promised_days=8)


def test_a_running_case_keeps_its_version_until_it_is_moved(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    done = counter.accepted()
    version = newer(counter)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(2))
    promise = counter.clock(done, "promised")
    assert counter.case(done).version == counter.version
    with pytest.raises(NotAllowed):
        counter.act(done.matter_id, "move", counter.examiner, later(2), version=str(version.pk), reason="新规")
    counter.act(done.matter_id, "move", counter.decider, later(2), version=str(version.pk), reason="新规")
    after = counter.clock(done, "promised")
    assert promise is not None
    assert after is not None
    assert counter.case(done).version == version
    assert (after.amount, after.started_at) == (8, promise.started_at)
    assert after.due_at > promise.due_at
    states = {name: counter.state(done, name) for name in (FORM, LICENCE, PLAN, HEALTH, "承诺书")}
    assert states == {FORM: "handed", LICENCE: "held", PLAN: "handed", HEALTH: "not_needed", "承诺书": "missing"}
    ((_title, body),) = render_many([Notice.objects.get(template="application.moved_lacking", subject=done.matter_id)])
    assert "还需补交：承诺书。" in body


def test_there_is_nothing_to_move_to_on_the_version_that_counts(counter: Desk) -> None:
    done = counter.accepted()
    with pytest.raises(Refused):
        counter.act(done.matter_id, "move", counter.decider, version=str(counter.version.pk), reason="无")


# rules


@st.composite
def wanted(draw: st.DrawFn) -> Any:
    class One:
        is_deferrable = draw(st.booleans())
        by_commitment = draw(st.booleans())
        held_by = draw(st.sampled_from(["", "登记信息"]))

    return One


SAID = st.sampled_from(["", *MaterialState.values])


@given(wanted(), SAID, st.sampled_from([True, False, None]))
def test_a_relaxation_is_never_had_that_the_version_does_not_give(one: Any, said: str, holds: bool | None) -> None:
    state = rules.state_of(one, said, holds=holds)
    assert state in MaterialState.values
    assert state != "deferred" or one.is_deferrable
    assert state != "promised" or one.by_commitment
    assert state != "held" or one.held_by
    assert state != "not_needed" or holds is not True
    assert (state == "handed") == (said == "handed")
    assert rules.state_of(one, state if state != "held" else "", holds=holds) in (state, "not_needed")


@given(st.integers(0, 60), st.integers(0, 60), st.booleans(), st.booleans())
def test_limits_name_version_and_law(statutory: int, promised_: int, is_simulated: bool, is_deferred: bool) -> None:
    found = rules.limits(
        number=3, since=MONDAY.date(), basis="《某法》第五条\n《某条例》", statutory=max(statutory, promised_),
        promised=promised_, is_simulated=is_simulated, is_deferred=is_deferred,
    )  # fmt: skip
    assert (found["statutory"] is None) == is_simulated
    assert (found["deferred"] is None) == (is_simulated or not is_deferred)
    for days in filter(None, found.values()):
        assert "第3版" in days.basis
        assert "《某法》第五条" in days.basis
        assert "《某法》第五条" in days.basis_en
    own = found["deferred"]
    assert own is None or own.amount <= max(promised_, 1)


def test_the_same_key_is_one_application_even_with_a_promise(counter: Desk) -> None:
    said = counter.said(**without(counter, HEALTH, "promised", signed=True))
    assert submit(said, by=counter.clerk, at=MONDAY).matter_id == submit(said, by=counter.clerk, at=MONDAY).matter_id
