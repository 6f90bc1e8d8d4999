"""One application over several items: one form, one number, parts that begin when they can, one clock, one result pack."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.actions.cases import Given
from zhitong.lines.hall.models import Application, BundleCase, BundlePart, BundleVersion, Handed
from zhitong.lines.hall.queries.bundles import problems_of_bundle, progress_of, whole
from zhitong.lines.hall.tests.factories import MONDAY, TODAY

from .cases import SYSTEM
from .five import CODE, PARTS, TABLE, Five, definition

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str, sort: type[Refused] = Refused) -> Iterator[None]:
    with pytest.raises(sort) as found:
        yield
    assert found.value.code == code


def test_one_form_and_one_set_of_materials(five: Five) -> None:
    one = whole(five.bundle.drafted, TODAY)
    assert [q.slug for q in one.form.questions] == ["企业名称", "从业人数"]
    assert (one.asked_before, len(one.materials), one.materials_before) == (7, 3, 5)
    assert (one.days, one.way) == (7, ["登记", "刻章", "开户"])


def test_from_one_form_to_one_result_pack(five: Five) -> None:
    done = five.submitted()
    assert five.states(done) == {
        "登记": "open",
        "刻章": "waiting",
        "税务": "waiting",
        "社保": "waiting",
        "开户": "waiting",
    }
    assert BundleCase.objects.get().matter.number == done.number
    five.decide(done, "登记", issue=False)
    assert five.states(done)["刻章"] == "waiting", "the seal needs the code on the licence"
    m.act(five.of(done, "登记"), "issue", {"number": CODE}, by=five.workers["登记"], at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    assert five.states(done) == {"登记": "done", "刻章": "open", "税务": "open", "社保": "open", "开户": "waiting"}
    seal = Application.objects.get(pk=five.of(done, "刻章"))
    assert seal.answers == {"单位名称": "明湖小馆", "统一社会信用代码": CODE}
    assert Application.objects.get(pk=five.of(done, "社保")).answers == {"从业人数": "3"}
    for slug in ("刻章", "税务", "社保", "开户"):
        five.decide(done, slug, number=f"号{slug}")
    matter = m.Matter.objects.get(pk=done.matter_id)
    assert (matter.stage, set(five.states(done).values())) == ("closed", {"done"})
    seen = progress_of(BundleCase.objects.get())
    assert [part.result_number for part in seen.results] == [CODE, "号刻章", "号税务", "号社保", "号开户"]
    assert seen.clock
    assert seen.clock.stopped_at is not None


@pytest.mark.parametrize("number", ["", "91350100M000100Y44", "号登记"])
def test_a_number_that_the_rest_cannot_use_is_not_issued(five: Five, number: str) -> None:
    """Left empty, the number of the case would go to the others as the code of the firm; they would be stuck."""
    done = five.submitted()
    five.decide(done, "登记", issue=False)
    with pytest.raises(Refused, match="统一社会信用代码") as found:
        m.act(five.of(done, "登记"), "issue", {"number": number}, by=five.workers["登记"], at=MONDAY)
    assert found.value.field == "number"
    bundles.advance_stirred(at=MONDAY)
    assert five.states(done)["刻章"] == "waiting"


def test_a_part_begins_by_the_day_of_the_district(five: Five) -> None:
    night = datetime(2026, 9, 6, 17, tzinfo=UTC)  # 01:00 of the day on which the items begin to count
    done = bundles.submit_bundle(five.said(), by=SYSTEM, at=night)
    part = Application.objects.get(pk=five.of(done, "登记"))
    assert part.answers == {"企业名称": "明湖小馆", "从业人数": "3"}
    assert set(part.handed.values_list("state", flat=True)) == {"handed"}


def test_one_clock_over_the_longest_way_that_says_why(five: Five) -> None:
    done = five.submitted()
    clock = m.Clock.objects.get(matter=done.matter_id, slug="whole")
    assert (clock.amount, clock.unit) == (7, "working_days")
    for said in ("登记事项1个工作日", "刻章事项2个工作日", "开户事项1个工作日", "各环节受理各1个工作日", "同时办理"):
        assert said in clock.basis
    assert str(clock.due_at.date()) == "2026-09-16"


def test_a_part_is_taken_in_within_a_day_of_its_beginning(five: Five) -> None:
    """Five days for each, as by law for any application, would be more than the whole may take."""
    done = five.submitted()
    first = m.Clock.objects.get(matter=five.of(done, "登记"), slug="accept")
    assert (first.amount, first.unit, "一并核对" in first.basis) == (1, "working_days", True)
    five.decide(done, "登记", number=CODE)
    one = whole(five.bundle.drafted, TODAY)
    spent = sum(
        m.Clock.objects.get(matter=five.of(done, slug), slug="accept").amount + (one.versions[slug].promised_days or 0)
        for slug in ("登记", "刻章")
    )
    assert spent == 5


def test_the_whole_waits_with_a_part_that_is_to_be_corrected(five: Five) -> None:
    done = five.submitted()
    part, by, later = five.of(done, "登记"), five.workers["登记"], MONDAY + timedelta(days=3)
    paper = Handed.objects.get(application=part, material__name="公司章程")
    m.act(part, "correct", {"materials": [str(paper.pk)], "words": "章程要签字"}, by=by, at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    clock = m.Clock.objects.get(matter=done.matter_id, slug="whole")
    before = clock.due_at
    assert (clock.state, m.Matter.objects.get(pk=done.matter_id).is_paused) == ("paused", True)
    m.act(part, "hand_in", {"material": str(paper.pk)}, by=applicant_of(part), at=later)
    bundles.advance_stirred(at=later)
    clock.refresh_from_db()
    assert (clock.state, clock.due_at - before) == ("running", timedelta(days=2))
    again = m.Clock.objects.get(matter=part, slug="accept", state="running")
    assert (again.amount, again.started_at) == (1, later)


def test_the_whole_waits_with_a_special_step_and_ends_though_it_waits(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", number=CODE)
    step = next(one for one in m.catalogue().reasons.values() if one.slug == "experts")
    tax = five.of(done, "税务")
    m.act(tax, "accept", {}, by=five.workers["税务"], at=MONDAY)
    m.act(tax, "special", {"step": str(step.pk), "days": 10, "note": "专家评审"}, by=five.workers["税务"], at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    assert m.Matter.objects.get(pk=done.matter_id).is_paused
    five.decide(done, "刻章", number="章1")
    assert five.states(done)["开户"] == "open", "what can go on goes on"
    m.act(tax, "resume", {"note": "评审结束"}, by=five.workers["税务"], at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    assert not m.Matter.objects.get(pk=done.matter_id).is_paused
    m.act(done.matter_id, "withdraw", {}, by=applicant(done), at=MONDAY)
    assert m.Matter.objects.get(pk=done.matter_id).stage == "withdrawn"


def test_running_it_again_changes_nothing(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", number=CODE)
    before = Application.objects.count(), m.Record.objects.count(), five.states(done)
    for _time in range(3):
        BundlePart.objects.update(is_stirred=True)
        bundles.advance_stirred(at=MONDAY)
        bundles.advance(done.matter_id, at=MONDAY)
    assert (Application.objects.count(), m.Record.objects.count(), five.states(done)) == before
    assert bundles.advance_stirred(at=MONDAY) == 0


def test_the_same_form_twice_is_once(five: Five) -> None:
    first, again = five.submitted(), five.submitted()
    assert (again.matter_id, again.tracking_code, again.was_known) == (first.matter_id, first.tracking_code, True)
    assert Application.objects.count() == 1
    with refused("already_open", Conflict):
        five.submitted(key="k2")
    assert five.submitted(key="k3", is_another=True).matter_id != first.matter_id


def test_a_part_that_fails_stops_what_needs_it_and_nothing_else(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", number=CODE)
    five.decide(done, "刻章", outcome="refused")
    assert five.states(done) == {"登记": "done", "刻章": "failed", "税务": "open", "社保": "open", "开户": "stopped"}
    told = list(m.Record.objects.filter(matter=done.matter_id).values_list("action", flat=True))
    assert "part_failed" in told
    assert "part_stopped" in told
    five.decide(done, "税务")
    five.decide(done, "社保")
    assert m.Matter.objects.get(pk=done.matter_id).stage == "closed"


def test_when_the_first_part_fails_nothing_is_left(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", outcome="refused")
    assert set(five.states(done).values()) == {"failed", "stopped"}
    assert m.Matter.objects.get(pk=done.matter_id).stage == "given_up"


def test_each_organ_sees_its_own_part_only(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", number=CODE)
    seal, tax = five.workers["刻章"], five.workers["税务"]
    seen = set(m.visible_matters(seal).values_list("pk", flat=True))
    assert seen == {five.of(done, "刻章")}
    with pytest.raises(NotFound):
        m.act(five.of(done, "刻章"), "accept", {}, by=tax, at=MONDAY)
    assert done.matter_id in set(m.visible_matters(five.lead).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("wrong", "code", "name"),
    [
        ({"facts": {"企业名称": "x", "从业人数": "0"}}, "bad_answer", "answer_从业人数"),
        ({"facts": {"从业人数": "1"}}, "bad_answer", "answer_企业名称"),
        ({"materials": {"身份证明": Given()}}, "missing_material", "material_1"),
        (
            {"materials": {n: Given() for n in ("身份证明", "公司章程")} | {"开户申请": Given("deferred")}},
            "not_signed",
            "signed",
        ),
        ({"channel": "portal"}, "file_needed", "material_0"),
        ({"name": " "}, "required", "name"),
        ({"citizen_id": ""}, "required", "citizen_id"),
        ({"delivery": "mail"}, "required", "deliver_to"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(five: Five, wrong: dict[str, Any], code: str, name: str) -> None:
    with pytest.raises(Refused) as found:
        five.submitted(**wrong)
    assert (found.value.code, found.value.field) == (code, name)
    assert not m.Matter.objects.filter(kind="bundle").exists()


def test_a_file_handed_in_once_reaches_every_part_that_wants_it(five: Five) -> None:
    paper = m.check_upload("章程.png", _picture())
    given = {name: Given(files=[paper]) for name in ("身份证明", "公司章程", "开户申请")}
    done = five.submitted(channel="portal", materials=given)
    five.decide(done, "登记", number=CODE)
    assert m.Attachment.objects.filter(matter=five.of(done, "登记")).count() == 2
    assert m.Attachment.objects.filter(matter=five.of(done, "刻章")).count() == 1
    assert m.Attachment.objects.filter(matter=five.of(done, "社保")).count() == 0


def _picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return out.getvalue()


def test_what_cannot_begin_is_told_to_the_lead_and_tried_again(five: Five) -> None:
    from zhitong.lines.hall import actions

    done = five.submitted()
    seal = five.versions["刻章"]
    actions.withdraw(seal.pk, on=TODAY, reason="停办", by=five.hall.admin, at=MONDAY)
    five.decide(done, "登记", number=CODE)
    stuck = BundlePart.objects.get(case=done.matter_id, slug="刻章")
    assert (stuck.state, "停办" in stuck.trouble) == ("stuck", True)
    assert five.states(done)["税务"] == "open"
    five.hall.published(seal.item, materials=TABLE, promised_days=2, questions=PARTS["刻章"][1])
    m.act(done.matter_id, "again", {}, by=five.lead, at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    assert five.states(done)["刻章"] == "open"


def applicant(done: Any) -> Actor:
    return applicant_of(done.matter_id)


def applicant_of(matter_id: Any) -> Actor:
    return Actor.resident(frozenset({matter_id}))


def test_taken_back_nothing_more_begins_and_what_is_not_decided_goes_with_it(five: Five) -> None:
    done = five.submitted()
    m.act(done.matter_id, "withdraw", {}, by=applicant(done), at=MONDAY)
    assert set(five.states(done).values()) == {"stopped"}
    assert m.Matter.objects.get(pk=five.of(done, "登记")).stage == "withdrawn"
    assert not Application.objects.get().is_open
    bundles.advance_stirred(at=MONDAY)
    assert set(five.states(done).values()) == {"stopped"}
    assert Application.objects.count() == 1


def test_what_is_decided_stands_when_the_whole_is_taken_back_and_is_named(five: Five) -> None:
    done = five.submitted()
    five.decide(done, "登记", number=CODE)
    five.decide(done, "刻章", issue=False)
    m.act(five.of(done, "税务"), "accept", {}, by=five.workers["税务"], at=MONDAY)
    m.act(done.matter_id, "withdraw", {"reason": "不开了"}, by=applicant(done), at=MONDAY)
    assert five.states(done)["税务"] == five.states(done)["社保"] == "stopped"
    assert m.Matter.objects.get(pk=five.of(done, "税务")).stage == "withdrawn"
    seen = progress_of(BundleCase.objects.get())
    assert [part.slug for part in seen.standing] == ["登记", "刻章"]
    told = m.Record.objects.get(matter=five.of(done, "税务"), action="withdraw").data["reason"]
    assert done.number in told
    assert "不开了" in told
    m.act(five.of(done, "刻章"), "issue", {"number": "章1"}, by=five.workers["刻章"], at=MONDAY)
    bundles.advance_stirred(at=MONDAY)
    assert [part.result_number for part in progress_of(BundleCase.objects.get()).results] == [CODE, "章1"]
    assert m.Matter.objects.get(pk=done.matter_id).stage == "withdrawn"


def test_what_runs_stays_on_its_version(five: Five) -> None:
    done = five.submitted()
    changed = definition(five.versions)
    changed["parts"] = changed["parts"][:2]
    bundles.write_bundle(five.bundle.pk, changed, by=five.hall.admin, at=MONDAY)
    bundles.publish_bundle(five.bundle.pk, by=five.hall.admin, at=MONDAY)
    five.decide(done, "登记", number=CODE)
    assert five.states(done)["社保"] == "open"
    assert BundleVersion.objects.get(ended_at=None).number == 2


def test_a_published_bundle_never_changes(five: Five) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        BundleVersion.objects.update(definition={})
    with pytest.raises(DatabaseError), transaction.atomic():
        BundleVersion.objects.all()._raw_delete("default")


def test_editing(five: Five) -> None:
    by, pk = five.hall.admin, five.bundle.pk
    with refused("same", Conflict):
        bundles.publish_bundle(pk, by=by, at=MONDAY)
    round_ = definition(five.versions)
    round_["parts"][0]["after"] = ["开户"]
    written = bundles.write_bundle(pk, round_, by=by, at=MONDAY, seen=0)
    assert "绕成了圈" in str(problems_of_bundle(written, MONDAY)[0].message)
    with refused("incomplete"):
        bundles.publish_bundle(pk, by=by, at=MONDAY)
    with refused("changed_meanwhile", Conflict):
        bundles.write_bundle(pk, round_, by=by, at=MONDAY, seen=0)
    with refused("not_a_bundle"):
        bundles.write_bundle(pk, {"parts": "x"}, by=by, at=MONDAY)
    with pytest.raises(NotAllowed):
        bundles.write_bundle(pk, round_, by=five.hall.editor, at=MONDAY)
    bundles.withdraw_bundle(pk, by=by, at=MONDAY)
    with refused("withdrawn", Conflict):
        five.submitted()


def test_questions_of_one_fact_that_do_not_fit_keep_it_from_being_published(five: Five) -> None:
    bad = definition(five.versions, same=[{"part": "社保", "question": "从业人数", "fact": "企业名称"}])
    written = bundles.write_bundle(five.bundle.pk, bad, by=five.hall.admin, at=MONDAY)
    assert "不同" in str(problems_of_bundle(written, MONDAY)[0].message)
