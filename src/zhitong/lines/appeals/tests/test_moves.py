"""Every move of an appeal, by whom, from where, and what it leaves behind."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as matters

from .factories import MONDAY, District, actor, district, organ, reason


def test_straight_through_to_closed(place: District) -> None:
    opened = place.closed(co=False)
    matter = place.get(opened)
    assert (matter.stage, matter.satisfaction, matter.round) == ("closed", 5, 1)
    assert matter.closed_at is not None
    assert matter.due_at is None
    kinds = [e.kind for e in events.stream(matter.pk)]
    assert kinds == [f"appeal.{k}" for k in ("opened", "pass", "meet", "handle", "conclude", "visit")]
    assert list(events.verify()) == []


def test_clock_of_the_organ_starts_when_the_task_is_sent(place: District) -> None:
    opened = place.open()
    later = MONDAY + timedelta(hours=3)
    place.act(
        opened.matter_id, "pass", place.dispatcher, later,
        category=str(place.category.pk), lead=str(place.street.pk), urgency="normal", reason="属地",
    )  # fmt: skip
    clock = matters.Clock.objects.get(matter=opened.matter_id, slug="conclude")
    assert clock.started_at == later
    assert matters.Clock.objects.get(matter=opened.matter_id, slug="pass").state == "stopped"


@pytest.mark.parametrize("action", ["meet", "handle", "conclude", "visit", "return", "pause"])
def test_nothing_is_done_out_of_turn(place: District, action: str) -> None:
    opened = place.open()
    with pytest.raises((Conflict, NotAllowed, NotFound)):
        place.act(opened.matter_id, action, place.worker)
    place.pass_on(opened.matter_id)
    if action in ("handle", "conclude"):
        with pytest.raises(Conflict):
            place.act(opened.matter_id, action, place.worker, done="x")


def test_meeting_is_waived_only_with_a_listed_reason(place: District) -> None:
    opened = place.passed()
    with pytest.raises(Refused) as refused:
        place.act(opened.matter_id, "waive_meet", place.worker, reason=reason("return", "not_duty"), note="x")
    assert refused.value.field == "reason"
    place.act(opened.matter_id, "waive_meet", place.worker, reason=reason("waive_meet", "inquiry"), note="咨询")
    assert place.get(opened).stage == "met"


def test_a_return_needs_a_ground_and_the_second_goes_to_the_arbiter(place: District) -> None:
    opened = place.passed()
    with pytest.raises(Refused):
        place.act(opened.matter_id, "return", place.worker, reason=reason("return", "not_duty"), ground="  ")
    ground = {"reason": reason("return", "not_duty"), "ground": "依据三定方案，由城管局负责"}
    place.act(opened.matter_id, "return", place.worker, **ground)
    assert (place.get(opened).stage, place.get(opened).lead_id) == ("received", None)
    place.pass_on(opened.matter_id, lead=place.bureau)
    place.act(opened.matter_id, "return", place.co_worker, **ground)
    assert place.get(opened).stage == "arbitration"
    place.act(opened.matter_id, "arbitrate", place.arbiter, lead=str(place.street.pk), reason="属地负责")
    with pytest.raises(Refused, match="不能再退单"):
        place.act(opened.matter_id, "return", place.worker, **ground)
    assert place.get(opened).returns == 2


def test_co_handlers_report_before_the_conclusion(place: District) -> None:
    opened = place.met(co=True)
    place.act(opened.matter_id, "handle", place.worker, done="已处理")
    with pytest.raises(Refused) as refused:
        place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="好了")
    assert refused.value.code == "co_open"
    place.act(opened.matter_id, "report_co", place.co_worker, result="已配合")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="好了")
    assert place.get(opened).stage == "concluded"


def test_a_co_handler_returns_its_share(place: District) -> None:
    opened = place.passed(co=True)
    place.act(opened.matter_id, "return_co", place.co_worker, reason=reason("return", "not_duty"), ground="非职责")
    assert matters.Task.objects.get(organ=place.bureau).state == "returned"
    place.act(opened.matter_id, "add_co", place.worker, organs=[str(place.bureau.pk)], brief="请再看")
    with pytest.raises(Refused):
        place.act(opened.matter_id, "add_co", place.worker, organs=[str(place.bureau.pk)], brief="请再看")


def test_the_head_approves_where_the_subkind_says_so(place: District) -> None:
    opened = place.met(subkind="complaint")
    place.act(opened.matter_id, "handle", place.worker, done="已调查")
    place.act(opened.matter_id, "conclude", place.worker, outcome="explained", reply="说明")
    assert place.get(opened).stage == "concluding"
    with pytest.raises(NotAllowed):
        place.act(opened.matter_id, "approve", place.worker, opinion="同意")
    place.act(opened.matter_id, "send_back", place.head, opinion="再具体些")
    assert place.get(opened).stage == "handled"
    place.act(opened.matter_id, "conclude", place.worker, outcome="explained", reply="更具体的说明")
    place.act(opened.matter_id, "approve", place.head, opinion="同意")
    assert place.get(opened).stage == "concluded"


def test_not_accepting_needs_a_legal_ground(place: District) -> None:
    opened = place.met()
    place.act(opened.matter_id, "handle", place.worker, done="已核查")
    with pytest.raises(Refused) as refused:
        place.act(opened.matter_id, "conclude", place.worker, outcome="not_accepted", reply="不予受理")
    assert refused.value.field == "ground"


def test_the_handling_organ_does_not_visit(place: District) -> None:
    opened = place.concluded()
    insider = actor("街道回访", place.street, "appeals.visit", scope="organ")
    with pytest.raises(NotAllowed):
        place.act(opened.matter_id, "visit", insider, how="phone", reached=True, grade="5")


def test_not_satisfied_goes_back_once_then_to_supervision(place: District) -> None:
    opened = place.concluded()
    unhappy = {"how": "phone", "reached": True, "grade": "2", "words": "还是不亮"}
    place.act(opened.matter_id, "visit", place.visitor, **unhappy)
    matter = place.get(opened)
    assert (matter.stage, matter.round) == ("second", 2)
    assert matters.Clock.objects.get(matter=matter, state="running").slug == "second"
    place.act(opened.matter_id, "handle", place.worker, done="更换线路")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="已换线")
    place.act(opened.matter_id, "visit", place.visitor, **unhappy)
    assert place.get(opened).stage == "supervision"
    place.act(opened.matter_id, "order", place.supervisor, order="限期整改")
    assert place.get(opened).stage == "second"
    place.act(opened.matter_id, "handle", place.worker, done="重新敷设")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="已修好")
    place.act(opened.matter_id, "visit", place.visitor, **unhappy)
    place.act(opened.matter_id, "close_supervised", place.supervisor, finding="upheld", reasons="现场核查已修复")
    assert place.get(opened).stage == "closed"


def test_a_bad_grade_needs_words(place: District) -> None:
    opened = place.concluded()
    with pytest.raises(Refused) as refused:
        place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="1")
    assert refused.value.field == "words"


def test_unreachable_only_after_three_tries(place: District) -> None:
    opened = place.concluded()
    waive = {"reason": reason("waive_visit", "unreachable"), "note": "多次未接"}
    with pytest.raises(Refused):
        place.act(opened.matter_id, "waive_visit", place.visitor, **waive)
    for _ in range(3):
        place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=False)
    place.act(opened.matter_id, "waive_visit", place.visitor, **waive)
    assert place.get(opened).stage == "closed"


def test_no_contact_is_no_reason_when_there_is_one(place: District) -> None:
    opened = place.concluded()
    with pytest.raises(Refused):
        place.act(opened.matter_id, "waive_visit", place.visitor, reason=reason("waive_visit", "no_contact"), note="x")
    anonymous = place.concluded(reporter=None)
    place.act(
        anonymous.matter_id, "waive_visit", place.visitor, reason=reason("waive_visit", "no_contact"), note="匿名"
    )
    assert place.get(anonymous).stage == "closed"


def resident(opened: matters.Opened) -> Actor:
    return Actor.resident([opened.matter_id])


def test_the_resident_withdraws_adds_and_says_not_fixed(place: District) -> None:
    opened = place.passed()
    place.act(opened.matter_id, "supplement", resident(opened), text="楼道也不亮")
    place.act(opened.matter_id, "withdraw", resident(opened))
    matter = place.get(opened)
    assert matter.stage == "withdrawn"
    assert not matters.Task.objects.filter(matter=matter, state="open").exists()
    assert not matters.Clock.objects.filter(matter=matter, state="running").exists()

    closed = place.closed()
    place.act(closed.matter_id, "not_fixed", resident(closed), words="又坏了")
    assert (place.get(closed).stage, place.get(closed).closed_at) == ("second", None)


def test_reopening_ends_after_thirty_days(place: District) -> None:
    opened = place.closed()
    with pytest.raises(Refused):
        place.act(opened.matter_id, "not_fixed", resident(opened), MONDAY + timedelta(days=31), words="又坏了")


def test_another_resident_sees_nothing_of_it(place: District) -> None:
    opened = place.passed()
    with pytest.raises(NotAllowed):
        place.act(opened.matter_id, "withdraw", Actor.resident())
    hidden = place.passed(is_public=False)
    with pytest.raises(NotFound):
        place.act(hidden.matter_id, "withdraw", Actor.resident())


def test_rating_is_given_once(place: District) -> None:
    opened = place.closed()
    place.act(opened.matter_id, "rate", resident(opened), grade="4")
    with pytest.raises(Conflict):
        place.act(opened.matter_id, "rate", resident(opened), grade="1")


def test_others_join_a_public_appeal(place: District) -> None:
    opened = place.passed()
    place.act(opened.matter_id, "join", Actor.resident(), name="赵某", phone="13900001111")
    place.act(opened.matter_id, "join", Actor.resident(), name="赵某", phone="13900001111")
    place.act(opened.matter_id, "join", Actor.resident())
    assert place.get(opened).appeal.supporters == 2
    assert matters.Participant.objects.filter(matter=opened.matter_id).count() == 2
    assert not matters.Record.objects.filter(matter=opened.matter_id, action="join").exists()


def test_merging_takes_the_people_along(place: District) -> None:
    first, second = place.passed(), place.open(reporter=matters.Reporter(name="孙某", phone="13700002222"))
    place.act(second.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯")
    assert place.get(second).stage == "merged"
    assert matters.Participant.objects.filter(matter=first.matter_id).count() == 2
    assert matters.Link.objects.get().relation == "duplicate_of"
    told = events.Notice.objects.filter(template="matter.merged")
    assert told.count() == 1


def test_merging_is_undone_and_only_its_own_people_go(place: District) -> None:
    first = place.passed()
    second = place.passed(reporter=matters.Reporter(name="孙某", phone="13700002222"))
    third = place.open(reporter=matters.Reporter(name="钱某", phone="13700003333"))
    fourth = place.open(reporter=matters.Reporter(name="孙某", phone="13700002222"))
    for one in (second, third, fourth):
        place.act(one.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯")
    later = MONDAY + timedelta(hours=2)
    place.act(third.matter_id, "unmerge", place.dispatcher, later, reason="不是同一路灯")
    matter = place.get(third)
    assert (matter.stage, matter.closed_at, matter.lead_id) == ("received", None, None)
    assert matters.Clock.objects.get(matter=matter, slug="pass", state="running").started_at == later
    people = matters.Participant.objects.filter(matter=first.matter_id)
    assert {one.person.name for one in people} == {"王小明", "孙某"}
    place.act(second.matter_id, "unmerge", place.dispatcher, later, reason="不是同一路灯")
    assert people.count() == 2  # the same person's other one is still there
    assert place.get(second).lead_id is None
    assert events.Notice.objects.filter(template="matter.parted").count() == 2
    with pytest.raises(Conflict):
        place.act(second.matter_id, "unmerge", place.dispatcher, later, reason="再来一次")


def _told(matter_id: UUID) -> list[tuple[str, str, str]]:
    """What the log of a matter says, in words, the latest last."""
    told = [(event.kind, events.describe(event)) for event in events.stream(matter_id)]
    return [(kind, words, sentence) for kind, (words, _icon, sentence) in told]


def test_both_matters_of_a_merger_tell_of_it_and_of_its_end(place: District) -> None:
    first, second = place.passed(), place.open()
    place.act(second.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯，孙某反映")
    assert _told(first.matter_id)[-1] == ("matter.took_in", "并入同一问题的事项", second.number)
    assert _told(second.matter_id)[-1][2] == f"并入{first.number}"
    later = MONDAY + timedelta(hours=2)
    place.act(second.matter_id, "unmerge", place.dispatcher, later, reason="不是同一路灯")
    last = events.stream(first.matter_id).last()
    assert last is not None
    assert (last.kind, last.at, last.by_label) == ("matter.let_go", later, place.dispatcher.label)
    assert _told(first.matter_id)[-1][1:] == ("并入的事项恢复单独办理", second.number)
    assert _told(second.matter_id)[-1][2] == f"原并入{first.number}"
    assert "孙某" not in str([event.data for event in events.stream(first.matter_id)]), "no words of anybody in the log"
    assert list(events.verify()) == []


def test_everybody_of_a_cluster_is_answered(place: District) -> None:
    first = place.met()
    second = place.open(reporter=matters.Reporter(name="孙某", phone="13700002222"))
    place.act(second.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯")
    matters.act(first.matter_id, "join", {"phone": "13700004444"}, by=Actor.resident(), at=MONDAY)
    place.act(first.matter_id, "handle", place.worker, done="已更换灯泡")
    place.act(first.matter_id, "conclude", place.worker, outcome="solved", reply="路灯已修复，感谢反映。")
    assert events.Notice.objects.filter(template="appeal.concluded").count() == 3


def test_splitting_opens_a_second_appeal(place: District) -> None:
    opened = place.open()
    place.act(opened.matter_id, "split", place.dispatcher, text="另外垃圾没人清")
    other = matters.Matter.objects.exclude(pk=opened.matter_id).get()
    assert other.reporter_id == place.get(opened).reporter_id
    assert matters.Link.objects.get().relation == "split_from"


def test_pause_moves_the_due_date_and_resume_lets_it_run(place: District) -> None:
    opened = place.met()
    before = place.get(opened).due_at
    place.act(opened.matter_id, "pause", place.worker, reason=reason("pause", "appraisal"), note="检测")
    with pytest.raises(Conflict):
        place.act(opened.matter_id, "handle", place.worker, done="x")
    assert place.get(opened).due_at is None
    place.act(opened.matter_id, "resume", place.worker, MONDAY + timedelta(days=3), note="检测完成")
    after = place.get(opened).due_at
    assert before is not None
    assert after is not None
    assert after > before


def test_an_extension_is_asked_in_time_and_decided_by_another(place: District) -> None:
    opened = place.met()
    ask = {"clock": "conclude", "amount": 3, "reason": "等配件"}
    with pytest.raises(Refused):
        place.act(opened.matter_id, "ask_extension", place.worker, MONDAY + timedelta(days=60), **ask)
    place.act(opened.matter_id, "ask_extension", place.worker, **ask)
    before = place.get(opened).due_at
    place.act(opened.matter_id, "decide_extension", place.supervisor, grant=True, note="同意")
    after = place.get(opened).due_at
    assert before is not None
    assert after is not None
    assert after > before
    with pytest.raises(Refused):
        place.act(opened.matter_id, "ask_extension", place.worker, **ask)


def test_expediting_shortens_the_running_clock(place: District) -> None:
    opened = place.met()
    before = place.get(opened).due_at
    place.act(opened.matter_id, "expedite", place.dispatcher, urgency="urgent", reason="影响出行")
    after = place.get(opened).due_at
    assert before is not None
    assert after is not None
    assert after < before


def test_rerouting_keeps_what_was(place: District) -> None:
    opened = place.passed()
    other = type(place.category)(code="0102", name="排水", level=1, sort=2)
    other.path = [other.pk]
    other.save()
    place.act(opened.matter_id, "reroute", place.dispatcher, category=str(other.pk), reason="实为排水")
    event = events.stream(opened.matter_id).last()
    assert event is not None
    assert event.data["was"]["category"] == str(place.category.pk)


def test_escalation_goes_to_the_organ_above(place: District) -> None:
    above = organ("区政府")
    type(place.street).objects.filter(pk=place.street.pk).update(parent=above)
    opened = place.passed()
    place.act(opened.matter_id, "escalate", place.worker, reason="超出街道权限")
    assert place.get(opened).lead_id == above.pk


def test_a_grid_worker_solves_it_on_the_spot(place: District) -> None:
    opening = matters.Opening("appeal", "report", "井盖松动", "grid")
    opened = matters.open_matter(opening, by=place.grid, at=MONDAY)
    place.act(opened.matter_id, "on_spot", place.grid, done="已复位")
    assert place.get(opened).stage == "concluded"


def test_transfers_end_it_and_petitions_go_on_under_their_own_limits(place: District) -> None:
    away = place.open()
    place.act(away.matter_id, "transfer", place.dispatcher, to="mediation", reason="邻里纠纷")
    assert place.get(away).stage == "transferred"
    petition = place.open()
    place.act(petition.matter_id, "transfer", place.dispatcher, to="petition", reason="信访诉求")
    place.pass_on(petition.matter_id)
    assert matters.Clock.objects.get(matter=petition.matter_id, slug="conclude").amount == 60
    assert matters.Clock.objects.get(matter=petition.matter_id, slug="accept").state == "running"


def test_a_petition_is_reviewed_and_re_reviewed_and_then_final(place: District) -> None:
    opened = place.open()
    place.act(opened.matter_id, "transfer", place.dispatcher, to="petition", reason="信访诉求")
    place.pass_on(opened.matter_id)
    place.act(opened.matter_id, "waive_meet", place.worker, reason=reason("waive_meet", "declined"), note="不需要")
    place.act(opened.matter_id, "handle", place.worker, done="调查")
    place.act(opened.matter_id, "conclude", place.worker, outcome="explained", reply="答复")
    place.act(opened.matter_id, "approve", place.head, opinion="同意")
    place.act(opened.matter_id, "waive_visit", place.visitor, reason=reason("waive_visit", "declined"), note="不需要")
    for stage in ("review", "rereview"):
        place.act(opened.matter_id, "ask_review", resident(opened), words="不服")
        assert place.get(opened).stage == stage
        place.act(opened.matter_id, "answer_review", place.arbiter, opinion="维持")
    assert place.get(opened).stage == "final"
    with pytest.raises(Conflict):
        place.act(opened.matter_id, "ask_review", resident(opened), words="不服")


def test_an_ordinary_appeal_has_no_review(place: District) -> None:
    opened = place.closed()
    with pytest.raises(Refused):
        place.act(opened.matter_id, "ask_review", resident(opened), words="不服")


@pytest.mark.django_db(transaction=True)
def test_merging_into_a_matter_somebody_acts_on_is_a_conflict_not_a_wait() -> None:
    place = district()
    first, second = place.open(), place.open()
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                matters.Matter.objects.select_for_update().get(pk=first.matter_id)
                holding.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(20)
    try:
        with pytest.raises(Conflict) as conflict:
            place.act(second.matter_id, "merge", place.dispatcher, into=str(first.matter_id), reason="同一路灯")
    finally:
        done.set()
        thread.join()
    assert conflict.value.code == "busy"
    assert place.get(second).stage == "received"
