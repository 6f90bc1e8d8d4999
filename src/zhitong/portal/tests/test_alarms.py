"""The page of the words of danger."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import District
from zhitong.kernel.dispatch import public as d
from zhitong.lines.appeals.actions import Said, raise_appeal

PAGE = reverse("portal:alarms")


@pytest.mark.django_db
def test_an_administrator_puts_in_tries_and_changes_words(district: District) -> None:
    d.AlarmWord.objects.all().delete()
    admin = district.client("admin")
    assert "还没有自己的紧急词语" in admin.get(PAGE).content.decode()
    admin.post(reverse("portal:alarms_load"))
    assert "煤气味" in admin.get(PAGE).content.decode()
    new = {"word": "马蜂", "group": "other", "level": "urgent", "unless": "马蜂酒、\n马蜂粉", "is_active": "on"}
    assert admin.post(reverse("portal:alarm_new"), new).status_code == 302
    row = d.AlarmWord.objects.get(word="马蜂")
    assert row.unless == ["马蜂酒", "马蜂粉"]
    tried = admin.post(reverse("portal:alarms_try"), {"text": "树上有马蜂窝"}).content.decode()
    assert "马蜂" in tried
    again = admin.post(reverse("portal:alarm_new"), {**new, "unless": ""})
    assert again.status_code == 422
    assert "已有这个词语" in again.content.decode()
    assert 'value="马蜂"' in again.content.decode()
    changed = admin.post(reverse("portal:alarm_word", args=[row.pk]), {**new, "is_active": ""})
    assert changed.status_code == 302
    assert d.alarm("树上有马蜂窝").words == ()


@pytest.mark.django_db
def test_a_dispatcher_says_that_it_was_not_urgent_and_the_word_pays(district: District) -> None:
    raised = raise_appeal(
        Said(subkind="report", text="饭店排烟口冒烟，油烟味很重", key="false-alarm-0001", division_id=district.streets["street"]),
        by=district.actor("clerk"), at=timezone.now(),
    )  # fmt: skip
    assert raised.urgency == "danger"
    dispatcher = district.client("dispatcher")
    board = reverse("appeals:board_matter", args=[raised.matter_id])
    assert "不紧急，记为误报" in dispatcher.get(board).content.decode()
    said = dispatcher.post(reverse("appeals:board_not_urgent", args=[raised.matter_id]), follow=True).content.decode()
    assert "记为误报" in said
    assert "紧急词语" not in dispatcher.get(board).content.decode().split("bd-body")[1]
    matter = d.Alarmed.objects.get(word="冒烟").matter
    assert matter.urgency == "normal"
    assert "冒烟" in matter.records.get(action="expedite").data["reason"]
    told = next(one for one in d.told_words(timezone.now()) if one.row.word == "冒烟")
    assert (told.n, told.false) == (1, 1)
    twice = dispatcher.post(reverse("appeals:board_not_urgent", args=[raised.matter_id]), follow=True)
    assert "没有紧急词语" in twice.content.decode()
