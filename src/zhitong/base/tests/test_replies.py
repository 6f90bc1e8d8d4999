"""Which replies answer; all texts are invented."""

from datetime import UTC, datetime, timedelta

import pytest

from zhitong.base.likeness import Message
from zhitong.base.likeness.replies import Replied, checked, is_empty, pieces, same_pieces

NOW = datetime(2026, 9, 1, tzinfo=UTC)
LAMP = "经查，桥头到菜场的路灯因电缆老化停亮，养护单位已于九月二日更换电缆和灯泡，现已全部恢复照明，欢迎监督。"


@pytest.mark.parametrize(
    "reply",
    ["已收悉", "网友：您好！留言已收悉", "您好！您反映的问题已收悉，我们已转交城管局调查处理，有结果后及时回复您。感谢您的支持！",
     "您的留言已收悉。关于您反映的问题，已转城东区调查处理。", "您好！2026年9月1日", "",
     "网友：您好，您反映的问题已转至城东区，感谢您的监督。2026年9月1日",
     "网友绿树成荫：您所反映的问题已交办到相关部门调查处理。", "您好！帖文已收悉。我办已将您反映的情况转交给城管局，处理情况会及时回复给您。",
     "您好，问题已转至市公安局交通警察支队，感谢留言。", "已转办至城东邮政局。城东区网信办"],
)  # fmt: skip
def test_receipt_thanks_and_sending_on_answer_nothing(reply: str) -> None:
    assert is_empty(reply)


@pytest.mark.parametrize(
    "reply", [LAMP, "路灯已修复，感谢反映。", "您好，请带身份证到三楼窗口办理。", "该案已移交法院强制执行。"]
)
def test_what_says_something_is_not_empty(reply: str) -> None:
    assert not is_empty(reply)


def _asked(key: str, title: str, text: str) -> Message:
    return Message(key, title, text, NOW)


ROWS = [
    Replied(_asked("lamp", "学苑路路灯不亮", "学苑路从桥头到菜场的路灯坏了，夜里看不见，老人摔过跤。"), LAMP, NOW + timedelta(days=3)),
    Replied(_asked("noise", "丽景花园夜宵摊", "门口的夜宵摊每天喝酒喧哗到凌晨三点，孩子睡不好，多次投诉也没有用。"), LAMP, NOW + timedelta(days=4)),
    Replied(_asked("again", "学苑路路灯还是不亮", "学苑路桥头到菜场的路灯坏了，夜里走路看不见台阶。"), LAMP, NOW + timedelta(days=5)),
    Replied(_asked("late", "翠微小区停水", "翠微小区停水两天，没有通知，用不上水。"), "翠微小区停水因水管爆裂，已抢修。", NOW + timedelta(days=40)),
]  # fmt: skip


def test_a_copy_for_another_question_is_told_and_one_for_the_same_is_not() -> None:
    found = checked(ROWS)
    assert [(flag.kind, flag.of) for flag in found["noise"]] == [("off", ""), ("copied", "lamp")]
    assert "lamp" not in found
    assert "again" not in found


def test_what_came_after_thirty_days_is_late() -> None:
    (flag,) = checked(ROWS)["late"]
    assert (flag.kind, flag.figure) == ("late", 40)
    assert "late" not in checked(ROWS, late=timedelta(days=50))


def test_few_pieces_are_no_copy() -> None:
    assert same_pieces(pieces("路灯已修复"), pieces("路灯已修复")) == 0.0
    assert same_pieces(pieces(LAMP), pieces(LAMP)) == 1.0


BRIDGE = _asked(
    "bridge",
    "希望青石路口加建人行天桥",
    "每天接送孩子都要穿过青石路，车速很快，没有红绿灯，老人小孩过马路提心吊胆，希望尽快落实。",
)


@pytest.mark.parametrize(
    ("reply", "is_told"),
    [("经查，所述警情已由派出所立案侦查，案件正在侦办中，进展将另行告知。", False),
     ("此事正在报送审批中，一有结果即告知您。", False),
     ("请您补充详细的地址和时间，我们再核查。", False),
     ("请您向当地民政部门询问，电话8888。", True),
     ("不属于我单位的工作范围。", True)],
)  # fmt: skip
def test_how_it_stands_is_an_answer_and_being_sent_elsewhere_is_none(reply: str, is_told: bool) -> None:
    found = checked([*ROWS, Replied(BRIDGE, reply, NOW + timedelta(days=3))])
    assert ("off" in {flag.kind for flag in found.get("bridge", ())}) is is_told


def test_what_is_being_dealt_with_says_nothing_yet() -> None:
    assert is_empty("网友：您好！您通过平台《问政》的留言收悉，已转有关部门调查核处，如有相关情况将及时反馈，谢谢！")
    assert is_empty("您反映的问题正在协调处理当中。2026年3月5日")


@pytest.mark.parametrize(
    ("reply", "is_told"),
    [("您好，因不属于我区管辖范围，建议您向市公交公司反馈。感谢您的理解！", True), ("网友：您好，请您详细咨询公安局户政科。（0531-00000000）", True),
     ("新区线路由市公交公司在明年六月开通，停靠枫林学校，详情请咨询市公交公司。", False)],
)  # fmt: skip
def test_who_only_sends_elsewhere_does_not_answer(reply: str, is_told: bool) -> None:
    """Not even where the reply names what was asked about: the bus company, the police."""
    asked = _asked(
        "bus",
        "希望市公交公司给新区通公交车",
        "枫林学校门口没有公交车，孩子每天走两公里，希望开通一条线路，公安局也来管一管停车。",
    )
    kinds = {flag.kind for flag in checked([Replied(asked, reply)]).get("bus", [])}
    assert ("off" in kinds) == is_told
