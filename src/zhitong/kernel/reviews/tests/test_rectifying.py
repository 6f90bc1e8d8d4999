"""From a bad review to an answer and a second review."""

import pytest

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.kernel.events.public import Notice, render
from zhitong.kernel.indicators.public import figures
from zhitong.kernel.matters.public import Matter, progress
from zhitong.kernel.reviews import public as r

from .conftest import DAY, MONDAY, SYSTEM, Hall


def mended(hall: Hall, review: r.Review) -> Matter:
    hall.act(review, "call", hall.caller, reached=True, said="电话核实，情况属实")
    hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进窗口服务")
    return hall.act(review, "mend", hall.worker, done="已批评教育并培训")


def answered(hall: Hall, review: r.Review) -> Matter:
    mended(hall, review)
    return hall.act(review, "answer", hall.caller, reply="窗口人员已向您道歉并改进。")


def test_whoever_left_a_number_is_called_first(hall: Hall) -> None:
    review = hall.bad()
    with pytest.raises(Refused) as refused:
        hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进")
    assert refused.value.code == "call_first"
    with pytest.raises(Refused):
        hall.act(review, "dismiss", hall.caller, finding="unfounded", ground="不属实")
    assert mended(hall, review).stage == "check"


def test_the_organ_reads_no_number_of_whoever_complained(hall: Hall) -> None:
    """Who said it is nobody's business there, also where they wrote it among their words; the review itself keeps all of them."""
    review = hall.bad(words="等了两小时，请打13900001234找我，身份证11010519491231002X")
    assert review.matter
    assert "等了两小时" in review.matter.text
    for number in ("13900001234", "11010519491231002X"):
        assert number not in review.matter.text
        assert number in review.words


def test_its_steps_are_done_when_they_are_done(hall: Hall) -> None:
    """What waits to be verified is not shown as verified."""
    review = hall.bad(name="", phone="")
    assert review.matter
    states = [[step.state for step in progress(review.matter)]]
    for action, by, data in (
        ("send", hall.caller, {"organ": str(hall.bureau.pk), "demand": "改进"}), ("mend", hall.worker, {"done": "已改进"}),
        ("answer", hall.caller, {"reply": "已改进"}),
    ):  # fmt: skip
        states.append([step.state for step in progress(hall.act(review, action, by, **data))])
    assert [one.count("done") for one in states] == [1, 2, 3, 4]


def test_without_a_number_nobody_is_called(hall: Hall) -> None:
    review = hall.bad(name="", phone="")
    assert hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进").stage == "mend"


def test_the_organ_mends_and_the_centre_answers(hall: Hall) -> None:
    review = hall.bad()
    hall.act(review, "call", hall.caller, reached=False, said="未接通")
    with pytest.raises(NotAllowed):
        hall.act(review, "send", hall.leader, organ=str(hall.bureau.pk), demand="改进")
    hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进")
    hall.act(review, "mend", hall.worker, done="已改进")
    hall.act(review, "send_back", hall.caller, opinion="请补充证据")
    hall.act(review, "mend", hall.worker, done="已补充")
    matter = hall.act(review, "answer", hall.caller, reply="已改进")
    assert (matter.stage, matter.outcome) == ("closed", "mended")


def test_the_answer_reaches_the_person_who_is_asked_once_more(hall: Hall) -> None:
    review = hall.bad()
    code = r.code_of(review.service)
    with pytest.raises(Conflict):
        r.judge(code, r.Judgement(5), by=SYSTEM, at=MONDAY)
    answered(hall, review)
    (notice,) = Notice.objects.filter(template="review.answered")
    assert code in render(notice)[1]
    assert code not in str(notice.context)
    second = r.judge(code, r.Judgement(4), by=SYSTEM, at=MONDAY + 60 * DAY)  # no period: it is asked for
    assert (second.round, second.matter_id) == (2, None)
    with pytest.raises(Conflict):
        r.judge(code, r.Judgement(4), by=SYSTEM, at=MONDAY)
    on = second.at.date()
    (figure,) = figures("review_second_satisfaction", on, on, scope=hall.leader)
    assert figure.value == 1


def test_a_second_bad_review_opens_no_second_rectification(hall: Hall) -> None:
    review = hall.bad()
    answered(hall, review)
    second = r.judge(r.code_of(review.service), r.Judgement(1), by=SYSTEM, at=MONDAY)
    assert second.matter_id is None
    assert Matter.objects.count() == 1


def test_what_was_dismissed_asks_nobody_again(hall: Hall) -> None:
    review = hall.bad(name="", phone="")
    matter = hall.act(review, "dismiss", hall.caller, finding="mistaken", ground="评价人说点错了")
    assert (matter.stage, matter.outcome) == ("closed", "mistaken")
    with pytest.raises(Conflict):
        r.judge(r.code_of(review.service), r.Judgement(5), by=SYSTEM, at=MONDAY)


def test_answered_in_time_is_counted(hall: Hall) -> None:
    answered(hall, hall.bad())
    (figure,) = figures("review_in_time_answer", MONDAY.date(), MONDAY.date(), scope=hall.leader)
    assert figure.value == 1
