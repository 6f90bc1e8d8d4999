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
        ("5号楼起火，消防车进不去", "danger"),
        ("二单元有股很浓的煤气味，打不开窗", "danger"),
        ("刚刚发生爆炸事故，有人受伤", "danger"),
        ("家里老人走失，至今没有找到", "danger"),
        ("老人昨天走失，现在还没有找到", "danger"),
        ("上个月发生过火灾，现场没有清理", "urgent"),
        ("2018年10月弱电井起火", "urgent"),
        ("保安打人事件没有人处理", "urgent"),
        ("小区电梯经常困人，业主多次被困", "urgent"),
        ("Smoke everywhere, the flat above is on fire", "danger"),
        ("There was a gas leak last year", "urgent"),
        ("农民工流血流汗，工资至今未发", "normal"),
        ("减轻生活负担", "normal"),
    ],
)
def test_what_a_text_raises(text: str, urgency: str) -> None:
    assert LEXICON.read(text).urgency == urgency


LONG = "物业费年年涨，楼道没有人打扫，绿化改成了车位，业主提过意见，没有人答复，请有关部门查一查。" * 4


def test_danger_is_said_at_once_or_with_a_word_of_now() -> None:
    assert LEXICON.read(f"{LONG}地下室有人被困。").urgency == "urgent"
    assert LEXICON.read(f"{LONG}现在地下室有人被困。").urgency == "danger"
    assert LEXICON.read(f"地下室有人被困。{LONG}").urgency == "danger"
    assert LEXICON.read(LONG, "地下室有人被困").urgency == "danger"


def test_the_opening_of_letters_is_three_times_as_long() -> None:
    talk = "The lamps in our street have been dark for a week and nobody answers. "
    assert LEXICON.read(f"{talk * 2}A man is trapped in the cellar.").urgency == "danger"
    assert LEXICON.read(f"{talk * 6}A man is trapped in the cellar.").urgency == "urgent"


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
    assert d.alarm_of(second.pk, second.text, second.title).urgency == "danger"
    d.report_false(second, ["起火", "停电"])
    assert d.alarm_of(second.pk, second.text, second.title).urgency == "normal"
    told = {one.row.word: one for one in d.told_words(MONDAY + timedelta(days=1))}
    assert (told["起火"].n, told["起火"].false) == (2, 1)
    assert told["停电"].share == 1
    assert d.words_of([second.pk]) == {second.pk: [("起火", True), ("停电", True)]}
