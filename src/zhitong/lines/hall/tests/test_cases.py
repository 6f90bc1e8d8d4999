"""An application from the counter to the result, by every straight move, and what is refused on the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters import public as m
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions.cases import Given, submit
from zhitong.lines.hall.actions.cases.submitting import look
from zhitong.lines.hall.models import Application

from .cases import Desk, resident
from .factories import MONDAY, later

PLAN, HEALTH, FORM, LICENCE = "场所平面图", "健康证明", "食品经营许可申请书", "营业执照"


def refused(counter: Desk, **more: Any) -> Refused:
    with pytest.raises(Refused) as found:
        counter.submitted(**more)
    assert not m.Matter.objects.exists()
    return found.value


def test_from_the_counter_to_the_result(counter: Desk) -> None:
    done = counter.closed()
    matter, case = counter.matter(done), counter.case(done)
    assert (matter.stage, matter.outcome, matter.lead_id) == ("closed", "approved", counter.hall.market.pk)
    assert (case.version, case.is_open, case.result_number) == (counter.version, False, matter.number)
    assert None not in (case.accepted_at, case.decided_at, case.issued_at)
    told = [event.kind for event in stream(matter.pk) if not event.kind.startswith("paper.")]
    assert told == [f"application.{what}" for what in ("opened", "accept", "examine", "decide", "issue", "deliver")]
    assert not matter.tasks.filter(state="open").exists()
    assert not matter.clocks.filter(state__in=["running", "paused"]).exists()


def test_materials_stand_where_they_were_said_to_stand(counter: Desk) -> None:
    done = counter.submitted()
    assert [counter.state(done, name) for name in (FORM, LICENCE, PLAN, HEALTH)] == [
        "handed", "held", "handed", "not_needed",
    ]  # fmt: skip


def test_a_refused_application_goes_out_without_a_licence(counter: Desk) -> None:
    done = counter.decided("refused")
    assert counter.matter(done).stage == "issued"
    with pytest.raises(Refused) as found:
        counter.act(done.matter_id, "deliver", counter.clerk, way="pick_up")
    assert found.value.field == "taken_by"
    counter.act(done.matter_id, "deliver", counter.clerk, way="pick_up", taken_by="申请人本人")
    assert counter.matter(done).outcome == "refused"
    with pytest.raises(Refused, match="依据"):
        counter.act(counter.examined(is_another=True).matter_id, "decide", counter.decider, outcome="refused")


def test_what_is_mailed_is_followed_until_it_has_come(counter: Desk) -> None:
    done = counter.issued()
    to = "东风路1号，收件人13800001234"
    with pytest.raises(Refused) as found:
        counter.act(done.matter_id, "deliver", counter.clerk, way="mail", deliver_to=to)
    assert found.value.field == "tracking"
    counter.act(done.matter_id, "deliver", counter.clerk, way="mail", tracking="EA123456789CN", deliver_to=to)
    assert (counter.matter(done).stage, counter.case(done).is_open) == ("mailed", True)
    with pytest.raises(Refused) as found:
        counter.act(done.matter_id, "confirm", counter.clerk, later(2))
    assert found.value.field == "taken_by"
    m.act(done.matter_id, "confirm", by=resident(done), at=later(2))
    assert (counter.matter(done).stage, counter.case(done).is_open) == ("closed", False)


def test_nothing_is_mailed_without_an_address_and_the_address_stays_with_the_case(counter: Desk) -> None:
    done = counter.issued()
    with pytest.raises(Refused, match="收件地址") as found:
        counter.act(done.matter_id, "deliver", counter.clerk, way="mail", tracking="EA123456789CN")
    assert found.value.field == "deliver_to"
    to = "东风路1号王小明收"
    counter.act(done.matter_id, "deliver", counter.clerk, way="mail", tracking="EA123456789CN", deliver_to=to)
    assert counter.case(done).deliver_to == to
    matter = counter.matter(done)
    assert to not in str([event.data for event in stream(matter.pk)])
    assert to not in str(list(matter.records.values_list("data", flat=True)))


def test_mail_that_nobody_confirms_is_taken_to_have_come(counter: Desk) -> None:
    done = counter.issued(delivery="mail", deliver_to="东风路1号")
    counter.act(done.matter_id, "deliver", counter.clerk, way="mail", tracking="EA123456789CN")
    assert counter.case(done).deliver_to == "东风路1号"
    m.tick(later(14))
    assert counter.matter(done).stage == "mailed"
    assert m.tick(later(16))
    assert counter.matter(done).stage == "closed"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": " "}, "required", "name"),
        ({"phone": ""}, "required", "phone"),
        ({"phone": "12"}, "person_phone", "phone"),
        ({"citizen_id": ""}, "required", "citizen_id"),
        ({"citizen_id": "110105194912310021"}, "person_citizen_id", "citizen_id"),
        ({"delivery": "electronic"}, "not_a_choice", "delivery"),
        ({"delivery": "mail"}, "required", "deliver_to"),
    ],
)
def test_what_is_wrong_with_the_applicant_is_said_with_its_field(
    counter: Desk, wrong: dict[str, Any], code: str, field: str
) -> None:
    found = refused(counter, **wrong)
    assert (found.code, found.field) == (code, field)


def test_a_missing_core_material_is_named(counter: Desk) -> None:
    found = refused(counter, materials={})
    assert (found.code, found.field) == ("missing_material", f"material_{counter.materials[FORM].pk}")
    assert FORM in str(found)


def test_on_the_portal_what_is_handed_in_has_a_file(counter: Desk) -> None:
    found = refused(counter, channel=m.Channel.PORTAL)
    assert (found.code, found.field) == ("missing_material", f"material_{counter.materials[FORM].pk}")


def test_what_is_incomplete_can_be_taken_in_for_a_notice(counter: Desk) -> None:
    done = counter.submitted(materials={}, is_incomplete=True)
    with pytest.raises(Refused, match=FORM):
        counter.act(done.matter_id, "accept", counter.clerk)
    assert counter.matter(done).stage == "submitted"


def test_an_item_withdrawn_while_the_form_was_open(counter: Desk) -> None:
    actions.withdraw(counter.version.pk, on=later(1).date(), reason="停办", by=counter.hall.admin, at=MONDAY)
    counter.submitted(at=MONDAY)
    with pytest.raises(Conflict) as found:
        counter.submitted(at=later(1), is_another=True)
    assert found.value.code == "withdrawn"


def test_a_version_changed_while_the_form_was_open(counter: Desk) -> None:
    counter.hall.published(counter.version.item, on=later(1).date(), promised_days=3)
    with pytest.raises(Conflict) as found:
        counter.submitted(version_id=counter.version.pk, at=later(1))
    assert found.value.code == "version_changed"


def test_the_same_application_twice_is_told_and_not_doubled(counter: Desk) -> None:
    first = counter.submitted()
    with pytest.raises(Conflict) as found:
        counter.submitted()
    assert found.value.code == "already_open"
    assert first.number in str(found.value)
    counter.submitted(is_another=True)
    counter.act(first.matter_id, "withdraw", counter.clerk)
    assert m.Matter.objects.count() == 2


def test_after_it_has_ended_it_may_be_applied_for_again(counter: Desk) -> None:
    counter.closed()
    counter.submitted()


def test_the_same_form_twice_gives_the_same_receipt(counter: Desk) -> None:
    said = counter.said()
    first, again = (submit(said, by=counter.clerk, at=MONDAY) for _ in range(2))
    assert (again.matter_id, again.number, again.tracking_code, again.was_known) == (
        first.matter_id, first.number, first.tracking_code, True,
    )  # fmt: skip
    assert Application.objects.count() == 1
    said.words = "换了内容"
    with pytest.raises(Conflict) as found:
        submit(said, by=counter.clerk, at=MONDAY)
    assert found.value.code == "key_reused"


def test_the_code_on_the_receipt_finds_it(counter: Desk) -> None:
    done = counter.submitted()
    found = m.find_tracked("application", done.number, done.tracking_code)
    assert found is not None
    assert found.pk == done.matter_id


def test_who_may_do_what(counter: Desk) -> None:
    done = counter.submitted()
    for somebody in (counter.examiner, counter.decider):
        with pytest.raises(NotAllowed):
            counter.act(done.matter_id, "accept", somebody)
    with pytest.raises(NotFound):
        counter.act(done.matter_id, "examine", counter.other, passes=True, opinion="越权")
    with pytest.raises(NotAllowed):
        counter.act(done.matter_id, "accept", resident(done))
    with pytest.raises(NotFound):
        counter.act(done.matter_id, "withdraw", Actor.resident([uuid4()]))
    counter.act(done.matter_id, "accept", counter.clerk)
    with pytest.raises(NotAllowed):
        counter.act(done.matter_id, "examine", counter.clerk, passes=True, opinion="窗口不审查")
    with pytest.raises(NotAllowed):
        m.act(done.matter_id, "lapse", by=counter.decider, at=MONDAY)


def test_several_organs_examine_beside_each_other(counter: Desk) -> None:
    done = counter.accepted()
    counter.act(done.matter_id, "consult", counter.examiner, organs=[str(counter.hall.city.pk)], brief="请核实占道情况")
    with pytest.raises(Refused, match="并联"):
        counter.act(done.matter_id, "examine", counter.examiner, passes=True, opinion="符合条件")
    counter.act(done.matter_id, "report_co", counter.other, result="未占道")
    counter.act(done.matter_id, "examine", counter.examiner, passes=True, opinion="符合条件")
    assert counter.matter(done).stage == "deciding"


def test_an_applicant_takes_it_back_before_it_is_decided(counter: Desk) -> None:
    done = counter.examined()
    m.act(done.matter_id, "withdraw", {"reason": "不办了"}, by=resident(done), at=MONDAY)
    assert (counter.matter(done).stage, counter.case(done).is_open) == ("withdrawn", False)
    decided = counter.decided()
    with pytest.raises(Conflict):
        m.act(decided.matter_id, "withdraw", by=resident(decided), at=MONDAY)


def test_not_accepted_with_a_reason(counter: Desk) -> None:
    done = counter.submitted()
    reason = m.Reason.objects.get(list="not_accepted", slug="not_competent")
    counter.act(done.matter_id, "not_accept", counter.clerk, reason=str(reason.pk), words="请向市级机关申请")
    assert (counter.matter(done).stage, counter.case(done).is_open) == ("not_accepted", False)


def test_an_instant_item_is_decided_within_the_visit(counter: Desk) -> None:
    quick = counter.hall.published(is_instant=True, promised_days=0, materials=[{"name": "申请表"}])
    done = submit(counter.said(quick), by=counter.clerk, at=MONDAY)
    counter.act(done.matter_id, "at_once", counter.clerk, MONDAY + timedelta(minutes=9), taken=True)
    case = counter.case(done)
    assert (counter.matter(done).stage, case.is_instant, case.is_open) == ("closed", True, False)
    slow = counter.submitted()
    with pytest.raises(Refused):
        counter.act(slow.matter_id, "at_once", counter.clerk)


def test_given_says_what_is_not_needed_only_where_that_depends(counter: Desk) -> None:
    states = {counter.materials[FORM].pk: Given("not_needed"), counter.materials[PLAN].pk: Given("promised")}
    done = counter.submitted(materials=states, is_incomplete=True)
    assert [counter.state(done, name) for name in (FORM, PLAN)] == ["missing", "missing"]


FORM_OF_ITEM = [
    {"slug": "场所来源", "label": "场所来源", "kind": "choice", "choices": ["自有", "租赁"]},
    {"slug": "开业日期", "label": "开业日期", "kind": "date", "least": "申请人出生日期"},
]
LEASE = {"name": "租赁合同", "condition": "租赁场所的", "needed_when": "场所来源=租赁"}


def asking(counter: Desk) -> Any:
    return counter.hall.published(questions=FORM_OF_ITEM, materials=[{"name": "申请表"}, LEASE])


def test_answers_are_checked_and_kept(counter: Desk) -> None:
    version = asking(counter)
    for answers, field in (
        ({"场所来源": "自有"}, "answer_开业日期"),
        ({"场所来源": "自有", "开业日期": "1949-12-30"}, "answer_开业日期"),
        ({"场所来源": "借来", "开业日期": "2026-10-01"}, "answer_场所来源"),
    ):
        with pytest.raises(Refused) as found:
            submit(counter.said(version, answers=answers), by=counter.clerk, at=MONDAY)
        assert found.value.field == field
    answers = {"场所来源": "自有", "开业日期": "2026年10月1日", "别的": "不问"}
    done = submit(counter.said(version, answers=answers), by=counter.clerk, at=MONDAY)
    assert counter.case(done).answers == {"场所来源": "自有", "开业日期": "2026-10-01"}
    assert counter.state(done, "租赁合同") == "not_needed"


def test_a_material_is_needed_when_the_answers_say_so(counter: Desk) -> None:
    version = asking(counter)
    answers = {"场所来源": "租赁", "开业日期": "2026-10-01"}
    with pytest.raises(Refused, match="租赁合同"):
        submit(counter.said(version, answers=answers), by=counter.clerk, at=MONDAY)


def test_on_the_portal_only_what_the_answers_make_needed_is_asked_for(counter: Desk) -> None:
    """The form says "upload now" of every material until something else is chosen, also of those that are hidden."""
    version = asking(counter)
    lease = version.materials.get(name="租赁合同")
    given = {one.pk: Given("handed", []) for one in version.materials.all()}

    def problems(source: str) -> set[str]:
        answers = {"场所来源": source, "开业日期": "2026-10-01"}
        said = counter.said(version, answers=answers, materials=given, channel=m.Channel.PORTAL)
        return set(look(said, version, MONDAY).problems)

    assert f"material_{lease.pk}" not in problems("自有")
    assert f"material_{lease.pk}" in problems("租赁")
    done = submit(
        counter.said(version, answers={"场所来源": "自有", "开业日期": "2026-10-01"}, materials=given),
        by=counter.clerk,
        at=MONDAY,
    )
    assert counter.state(done, "租赁合同") == "handed"  # at the window somebody sees the paper
