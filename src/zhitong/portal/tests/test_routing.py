"""Routing rules from the draft over the dry run to the board."""

import pytest
from django.urls import reverse

from tests.district import District
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.organisation import public as organisation

PAGE, NEW = reverse("portal:routing"), reverse("portal:rule_new")


@pytest.mark.django_db
def test_a_rule_is_drafted_tried_switched_on_and_named_on_the_board(district: District) -> None:
    admin, dispatcher = district.client("admin"), district.client("dispatcher")
    assert "还没有分派规则" in admin.get(PAGE).content.decode()
    passed = district.passed(text="夜里烧烤摊噪声很大，睡不着觉。")
    waits = district.open(text="烧烤摊占道，噪声扰民。")
    bureau = district.organs["bureau"]
    wrong = admin.post(NEW, {"name": "夜间烧烤", "organ": str(bureau.pk)})
    assert wrong.status_code == 422
    assert "请至少填写一个条件" in wrong.content.decode()
    assert 'value="夜间烧烤"' in wrong.content.decode()
    sent = {"name": "夜间烧烤", "words": "烧烤、夜宵", "organ": str(bureau.pk), "urgency": "urgent"}
    shown = admin.post(NEW, sent, follow=True).content.decode()
    row = d.RoutingRule.objects.get()
    assert row.when == {"words": ["烧烤", "夜宵"]}
    assert "试算：近30天若有这条规则" in shown
    assert "尚未转办" in shown
    assert str(bureau) in shown
    board = reverse("appeals:board_do", args=[waits.id, "pass"]) + f"?suggest=1&category={district.category.pk}"
    assert "夜间烧烤" not in dispatcher.get(board).content.decode()
    admin.post(reverse("portal:rule_switch", args=[row.pk]), {"to": "on"})
    form = dispatcher.get(board).content.decode()
    assert "按分派规则“夜间烧烤”（第1版）转" in form
    assert "进入紧急通道" in form
    assert passed.number in dispatcher.get(reverse("portal:rule", args=[row.pk])).content.decode()
    district.act(
        waits,
        "pass",
        "dispatcher",
        category=str(district.category.pk),
        lead=str(bureau.pk),
        urgency="urgent",
        reason="按规则",
    )
    (use,) = d.uses_of(row)
    assert (use.matter_id, use.is_followed, use.is_automatic) == (waits.id, True, False)
    assert "照办1" in dispatcher.get(PAGE).content.decode()


@pytest.mark.django_db
def test_rules_are_put_into_an_order_and_changed(district: District) -> None:
    admin = district.client("admin")
    for name in ("甲", "乙"):
        admin.post(NEW, {"name": name, "words": name, "to_person": "on"})
    first, second = d.RoutingRule.objects.order_by("position")
    admin.post(reverse("portal:rule_move", args=[second.pk]), {"to": "up"})
    assert [row.name for row in d.RoutingRule.objects.order_by("position")] == ["乙", "甲"]
    edit = reverse("portal:rule_edit", args=[first.pk])
    assert "甲" in admin.get(edit).content.decode()
    bad = admin.post(edit, {"name": "甲", "words": "甲", "to_person": "on", "hours": "半夜"})
    assert bad.status_code == 422
    assert "时段请写成" in bad.content.decode()
    admin.post(edit, {"name": "甲", "words": "甲", "to_person": "on", "hours": "22:00-6:00"})
    first.refresh_from_db()
    assert (first.version, first.when["hours"]) == (2, "22:00-06:00")
    history = admin.get(reverse("portal:rule", args=[first.pk])).content.decode()
    assert "“甲”第2版" in history


@pytest.mark.django_db
def test_the_categories_of_a_rule_stand_in_the_order_of_the_list(district: District) -> None:
    known = organisation.headings()
    labels = organisation.category_labels(one.id for one in known)
    shown = district.client("admin").get(NEW).content.decode()
    places = [shown.index(f'value="{one.id}"') for one in known]
    assert len(known) > 2
    assert list(labels) == [one.id for one in known]
    assert places == sorted(places)
