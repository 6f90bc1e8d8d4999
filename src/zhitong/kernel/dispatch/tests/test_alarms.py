"""Words of danger: what counts, what is denied, what a dispatcher says was wrong."""

from datetime import timedelta
from typing import Any

import pytest

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import stream

from .. import public as d
from ..rules.alarms import Lexicon
from ..rules.supplied import SUPPLIED
from .conftest import MONDAY, SYSTEM, Room

LEXICON = Lexicon(one for _group, one in SUPPLIED)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("三楼起火了，浓烟很大", "danger"),
        ("There is a gas leak in the kitchen", "danger"),
        ("昨晚开始停水，没有收到停水通知", "urgent"),
        ("楼上没有起火，只是在做饭", "normal"),
        ("经查并未发生火灾", "normal"),
        ("没有造成人员被困", "normal"),
        ("物业组织消防火灾演习，噪声很大", "normal"),
        ("希望多做火灾预防知识宣传", "normal"),
        ("消防通道被堵，存在火灾隐患", "urgent"),
        ("担心孩子在水塘溺水", "urgent"),
        ("一旦发生火灾，消防车进不来", "urgent"),
        ("去年隔壁起火，现在还没修", "urgent"),
        ("信息爆炸的时代，请公开资料", "normal"),
        ("儿童公园的厕所太脏", "normal"),
        ("儿童公园里有儿童落水", "urgent"),
        ("路灯不亮", "normal"),
        ("井盖没有了，没有井盖很危险", "urgent"),
        ("The minorities office", "normal"),
    ],
)
def test_what_a_text_raises(text: str, urgency: str) -> None:
    assert LEXICON.read(text).urgency == urgency


def test_the_worst_word_stands_first_and_says_whom_to_call() -> None:
    found = LEXICON.read("小区停电，电梯里有人被困，一位老人晕倒")
    assert (found.urgency, set(found.call)) == ("danger", {"119", "120"})
    assert found.words[-1] == "停电"


def test_a_worry_does_not_take_away_what_is_said_elsewhere() -> None:
    found = LEXICON.read("担心起火。现在真的起火了！")
    assert (found.urgency, found.words) == ("danger", ("起火",))


@pytest.mark.django_db
def test_the_district_changes_a_word_and_it_counts_at_once() -> None:
    assert d.alarm("广场上有人打架斗殴").urgency == "normal"
    row = d.set_word("打架", group="life", level="danger", call="110", by=SYSTEM, at=MONDAY)
    assert d.alarm("广场上有人打架斗殴").call == ("110",)
    assert d.AlarmWord.objects.count() == len(SUPPLIED) + 1, "the supplied ones came along"
    d.set_word(
        "打架", group="life", level="danger", unless=["打架子鼓"], is_active=False, word_id=row.pk, by=SYSTEM, at=MONDAY
    )
    assert d.alarm("广场上有人打架斗殴").words == ()
    assert [event.kind for event in stream(row.pk)] == ["dispatch.alarm_word"] * 2


@pytest.mark.django_db
def test_what_cannot_be_a_word_is_refused() -> None:
    made: dict[str, Any] = {"group": "fire", "level": "danger", "by": SYSTEM, "at": MONDAY}
    with pytest.raises(Conflict) as known:
        d.set_word("起火", **made)
    assert known.value.code == "word_known"
    with pytest.raises(Refused) as alone:
        d.set_word("火苗", unless=["儿童节"], **made)
    assert alone.value.code == "bad_phrase"
    with pytest.raises(Refused):
        d.set_word("  ", **made)
    with pytest.raises(NotAllowed):
        d.set_word("火苗", **{**made, "by": Actor.resident()})


def test_false_alarms_are_counted_by_word(room: Room) -> None:
    d.load_words()
    first, second = room.open("厨房起火"), room.open("垃圾桶起火，附近停电")
    d.note_alarms([first, second])
    assert d.alarm_of(second.pk, second.text).urgency == "danger"
    d.report_false(second, ["起火", "停电"])
    assert d.alarm_of(second.pk, second.text).urgency == "normal"
    told = {one.row.word: one for one in d.told_words(MONDAY + timedelta(days=1))}
    assert (told["起火"].n, told["起火"].false) == (2, 1)
    assert told["停电"].share == 1
    assert d.words_of([second.pk]) == {second.pk: [("起火", True), ("停电", True)]}
