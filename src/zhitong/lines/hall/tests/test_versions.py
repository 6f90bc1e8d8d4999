"""Draft, publish, withdraw: what counts on which day, and that what is published stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import stream
from zhitong.lines.hall import actions
from zhitong.lines.hall.models import Item, Material, Version
from zhitong.lines.hall.queries import changes_between, plain_materials, problems_of, version_on, versions_of

from .factories import MATERIALS, MONDAY, TODAY, Hall, later

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as found:
        yield
    assert found.value.code == code


def kinds(item: Item) -> list[str]:
    return [event.kind for event in stream(item.pk)]


def in_force(item: Item, days: int) -> int | None:
    found = version_on(item.pk, TODAY + timedelta(days=days))
    return found.number if found else None


def test_an_item_comes_to_life(place: Hall) -> None:
    item = place.item()
    version = place.published(item)
    assert version.state == "published"
    assert in_force(item, -1) is None
    assert in_force(item, 0) == in_force(item, 5000) == 1
    assert [m["name"] for m in plain_materials(version.materials.all())] == [m["name"] for m in MATERIALS]
    assert kinds(item) == [
        f"hall.{kind}" for kind in ("item.created", "version.drafted", "version.written", "version.published")
    ]


def test_a_draft_says_what_the_newest_version_says(place: Hall) -> None:
    item = place.item()
    first = place.published(item)
    draft = actions.start_draft(item.pk, by=place.editor, at=MONDAY)
    assert draft.number == 2
    assert changes_between(first, draft) == []
    with pytest.raises(Conflict):
        actions.start_draft(item.pk, by=place.editor, at=MONDAY)
    actions.discard_draft(draft.pk, by=place.editor, at=MONDAY)
    assert [v.number for v in versions_of(item.pk)] == [1]


def test_a_new_version_takes_over_on_its_day(place: Hall) -> None:
    item = place.item()
    old = place.published(item)
    new = place.published(item, on=TODAY + timedelta(days=10), promised_days=3)
    assert [in_force(item, days) for days in (0, 9, 10, 11)] == [1, 1, 2, 2]
    assert [(c.field, c.old, c.new) for c in changes_between(old, new)] == [("promised_days", 5, 3)]


@pytest.mark.parametrize("days", [-1, 0, 10])
def test_a_version_begins_after_the_one_before_and_not_in_the_past(place: Hall, days: int) -> None:
    item = place.item()
    place.published(item, on=TODAY + timedelta(days=10))
    draft = place.draft(item)
    with pytest.raises(Refused) as found:
        actions.publish(draft.pk, effective_on=TODAY + timedelta(days=days), by=place.admin, at=MONDAY)
    assert found.value.field == "effective_on"


def test_what_is_incomplete_is_not_published(place: Hall) -> None:
    draft = place.draft(promised_days=30)
    assert [problem.code for problem in problems_of(draft)] == ["promise_too_long"]
    with pytest.raises(Refused) as found:
        actions.publish(draft.pk, effective_on=TODAY, by=place.admin, at=MONDAY)
    assert (found.value.code, found.value.field) == ("incomplete", "promised_days")


def test_the_result_paper_must_be_one_that_is_issued(place: Hall) -> None:
    for unknown in ("permit", "hall-receipt"):
        draft = place.draft(result_paper=unknown)
        with pytest.raises(Refused) as found:
            actions.publish(draft.pk, effective_on=TODAY, by=place.admin, at=MONDAY)
        assert (found.value.code, found.value.field) == ("incomplete", "result_paper")
        assert "hall-licence 许可证" in str(found.value)


def test_withdrawing(place: Hall) -> None:
    item = place.item()
    version = place.published(item)
    with refused("no_reason"):
        actions.withdraw(version.pk, on=TODAY, reason=" ", by=place.admin, at=MONDAY)
    with refused("past_day"):
        actions.withdraw(version.pk, on=TODAY, reason="法律修改", by=place.admin, at=later(5))
    actions.withdraw(version.pk, on=TODAY + timedelta(days=5), reason="法律修改", by=place.admin, at=MONDAY)
    assert [in_force(item, days) for days in (0, 4, 5)] == [1, 1, None]
    with refused("not_published"):
        actions.withdraw(version.pk, on=TODAY, reason="再来", by=place.admin, at=MONDAY)
    again = place.published(item)
    assert again.effective_on == TODAY + timedelta(days=5)


def test_withdrawn_before_it_began_it_never_counts(place: Hall) -> None:
    item = place.item()
    old = place.published(item)
    new = place.published(item, on=TODAY + timedelta(days=10))
    with refused("superseded"):
        actions.withdraw(old.pk, on=TODAY, reason="停用", by=place.admin, at=MONDAY)
    actions.withdraw(new.pk, on=TODAY, reason="发早了", by=place.admin, at=MONDAY)
    assert [in_force(item, days) for days in (0, 9, 10, 100)] == [1, 1, 1, 1]


def test_two_writers_of_one_draft(place: Hall) -> None:
    draft = place.draft()
    with refused("changed_meanwhile"):
        actions.write_draft(draft.pk, {"fee": "10元"}, [], by=place.admin, at=MONDAY, seen=draft.revision - 1)
    written = actions.write_draft(draft.pk, {"fee": "10元"}, [], by=place.admin, at=MONDAY, seen=draft.revision)
    assert (written.fee, written.materials.count()) == ("10元", 0)


@pytest.mark.parametrize(
    ("fields", "materials", "field"),
    [
        ({"statutory_days": 366}, [], "statutory_days"),
        ({"visits": "twice"}, [], "visits"),
        ({}, [{"name": ""}], "name"),
        ({}, [{"name": "表", "form": "stone"}], "form"),
        ({}, [{"name": str(n)} for n in range(61)], "materials"),
    ],
)
def test_nonsense_is_refused(place: Hall, fields: Any, materials: Any, field: str) -> None:
    draft = place.draft()
    with pytest.raises(Refused) as found:
        actions.write_draft(draft.pk, fields, materials, by=place.admin, at=MONDAY)
    assert found.value.field == field


def test_actions_refuse_what_is_published(place: Hall) -> None:
    version = place.published()
    for act in (
        lambda: actions.write_draft(version.pk, {"fee": "1元"}, [], by=place.admin, at=MONDAY),
        lambda: actions.discard_draft(version.pk, by=place.admin, at=MONDAY),
        lambda: actions.publish(version.pk, effective_on=TODAY, by=place.admin, at=MONDAY),
    ):
        with refused("not_a_draft"):
            act()


@pytest.mark.parametrize(
    "write",
    [
        lambda v: Version.objects.filter(pk=v.pk).update(fee="1000元"),
        lambda v: Version.objects.filter(pk=v.pk).update(state="draft"),
        lambda v: Version.objects.filter(pk=v.pk).delete(),
        lambda v: Material.objects.filter(version=v).update(copies=9),
        lambda v: Material.objects.filter(version=v).delete(),
        lambda v: Material.objects.create(version=v, position=99, name="又一份"),
    ],
)
def test_the_database_refuses_too(place: Hall, write: Any) -> None:
    version = place.published()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        write(version)


def test_two_versions_cannot_be_in_force_on_one_day(place: Hall) -> None:
    version = place.published()
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.create(item=version.item, number=2, state="published", effective_on=TODAY)


def test_an_organ_edits_its_own_items_only(place: Hall) -> None:
    item, foreign = place.item(), place.item("占道许可", organ=place.city)
    draft = actions.start_draft(item.pk, by=place.editor, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.write_draft(draft.pk, {}, [], by=place.other, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.start_draft(foreign.pk, by=place.editor, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.change_item(foreign.pk, by=place.editor, at=MONDAY, name="别的")
    with pytest.raises(NotAllowed):
        actions.create_base(code="X", name="X", kind="permit", by=place.editor, at=MONDAY)
    actions.start_draft(foreign.pk, by=place.other, at=MONDAY)


def test_items_are_checked(place: Hall) -> None:
    item = place.item()
    given: dict[str, Any] = {
        "base_id": item.base_id,
        "organ_id": place.market.pk,
        "topic": "food",
        "by": place.admin,
        "at": MONDAY,
    }
    with pytest.raises(Conflict) as taken:
        actions.create_item(code=item.code, **given)
    assert taken.value.field == "code"
    for more in ({"for_persons": False, "for_firms": False}, {"topic": "weather"}):
        with pytest.raises(Refused):
            actions.create_item(**({"code": "N1"} | given | more))
    place.market.valid_to = TODAY
    place.market.save()
    with refused("no_organ"):
        actions.create_item(code="N2", **given)
    with pytest.raises(NotFound):
        actions.start_draft(place.market.pk, by=place.admin, at=MONDAY)


def test_changing_how_an_item_is_found(place: Hall) -> None:
    item = place.item()
    before = item.words
    same = actions.change_item(item.pk, by=place.editor, at=MONDAY, everyday=item.everyday)
    assert same.words is not None
    actions.change_item(item.pk, by=place.editor, at=MONDAY, everyday="夜市摆摊")
    item.refresh_from_db()
    assert "夜市" in item.words
    assert item.words != before
    actions.change_base(item.base_id, by=place.admin, at=MONDAY, name="食品小作坊登记")
    item.refresh_from_db()
    assert "作坊" in item.words
    assert kinds(item) == ["hall.item.created", "hall.item.changed"]


def test_what_the_law_says_is_checked_word_by_word(place: Hall) -> None:
    item = place.item()
    first = place.published(item)
    assert not first.is_basis_checked
    actions.check_basis(first.pk, by=place.editor, at=MONDAY)
    first.item.refresh_from_db()
    assert (first.is_basis_checked, first.item.basis_checked_on, first.item.basis_checked_by) == (
        True,
        TODAY,
        place.editor.label,
    )
    assert "hall.item.basis_checked" in kinds(item)
    draft = actions.start_draft(item.pk, by=place.editor, at=MONDAY)
    assert Version.objects.select_related("item").get(pk=draft.pk).is_basis_checked  # the same words
    actions.write_draft(draft.pk, {"basis": "另一部法第一条"}, [{"name": "申请表"}], by=place.editor, at=MONDAY)
    changed = Version.objects.select_related("item").get(pk=draft.pk)
    assert not changed.is_basis_checked
    actions.write_draft(draft.pk, {"basis": " "}, [{"name": "申请表"}], by=place.editor, at=MONDAY)
    with refused("no_basis"):
        actions.check_basis(draft.pk, by=place.editor, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.check_basis(first.pk, by=place.other, at=MONDAY)


FORM: list[Any] = [
    {"slug": "来源", "label": "场所来源", "kind": "choice", "choices": ["自有", " 租赁 "]},
    {"slug": "租期", "label": "租期至", "kind": "date", "when": "来源＝租赁", "least": "今天"},
]


def test_questions_belong_to_their_version(place: Hall) -> None:
    item = place.item()
    lease: Any = {"name": "租房合同", "condition": "租房的", "needed_when": "来源=租赁"}
    first = place.published(item, materials=[lease], questions=FORM)
    assert [one.slug for one in first.form] == ["来源", "租期"]
    assert first.form[0].choices == ("自有", "租赁")
    draft = actions.start_draft(item.pk, by=place.admin, at=MONDAY)
    assert (changes_between(first, draft), draft.form) == ([], first.form)
    more = [FORM[0] | {"label": "房子哪来的"}, {"slug": "面积", "label": "面积", "kind": "number"}]
    actions.write_draft(draft.pk, {"questions": more}, [lease], by=place.admin, at=MONDAY)
    draft.refresh_from_db()
    found = [(c.part, c.name, c.field, c.old is None, c.new is None) for c in changes_between(first, draft)]
    assert found == [
        ("question", "来源", "label", False, False), ("question", "面积", "", True, False), ("question", "租期", "", False, True),
    ]  # fmt: skip


def test_questions_of_a_published_version_never_change(place: Hall) -> None:
    version = place.published(questions=FORM)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(questions=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        Material.objects.filter(version=version).update(needed_when="来源=租赁")


@pytest.mark.parametrize(
    ("questions", "materials", "code"),
    [
        ([FORM[0] | {"when": "x"}], [], "bad_condition"), ([{"label": "无名"}], [], "not_questions"), (["甲"], [], "not_questions"),
        (FORM * 50, [], "too_many"), (FORM, [{"name": "合同", "needed_when": "???"}], "bad_condition"),
    ],
)  # fmt: skip
def test_what_are_no_questions_is_refused(place: Hall, questions: Any, materials: Any, code: str) -> None:
    draft = place.draft()
    with refused(code):
        actions.write_draft(draft.pk, {"questions": questions}, materials, by=place.admin, at=MONDAY)


def test_a_form_that_is_none_is_not_published(place: Hall) -> None:
    lease = {"name": "租房合同", "condition": "租房的", "needed_when": "别的=租赁"}
    assert [problem.code for problem in problems_of(place.draft(questions=FORM[1:], materials=[lease]))] == [
        "question",
        "condition",
    ]
