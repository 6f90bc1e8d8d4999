"""A few appeals led into every corner of the engine, so that no desk of the demo is empty."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m

from .history import Story, World, opening_of
from .scenarios import SCENARIOS, Scenario

STREET_WORK = "010401"  # what the street office leads


def corners(w: World) -> None:
    """Two appeals for each corner, raised within the last days or, where it takes longer, months."""
    for lead in (
        _to_meeting,
        _to_handling,
        _to_arbitration,
        _to_approval,
        _to_visit,
        _to_supervision,
        _to_pause,
        _to_extension,
        _to_merged,
        _to_second,
    ):
        for index in range(2):
            lead(w, f"corner-{lead.__name__}-{index}")
    for stage in ("review", "rereview", "final"):
        _petition(w, stage, f"corner-{stage}")


def _raise(w: World, code: str, key: str, days: float) -> Story:
    scenario = next(s for s in SCENARIOS if s.code == code)
    at = (w.now - timedelta(days=days)).replace(hour=9, minute=12)
    opening = opening_of(w, scenario, at, key)
    phone = f"1990000{w.random.randrange(10**4):04d}"
    opening.channel, opening.reporter = "hotline", opening.reporter or m.Reporter(name="郑小满", phone=phone)
    grid, _street, opening.lon, opening.lat = w.random.choice(w.shown)
    opening.division_id = grid
    return Story(w, scenario, m.open_matter(opening, by=w.centre["clerk"][0], at=w.now), at, is_steady=True)


def _at_organ(w: World, code: str, key: str, days: float) -> Story:
    """Passed to the street office of the sign-in page."""
    story = _raise(w, code, key, days)
    story.lead = next(pk for pk, name in w.organs.items() if name == "七里山街道")
    _send(story, story.scenario, story.lead)
    return story


def _send(story: Story, scenario: Scenario, organ: UUID) -> None:
    story.act(
        "pass", story.pick("dispatcher"), 1, category=str(story.w.categories[scenario.code].pk), lead=str(organ), co=[],
        urgency="normal", reason="依据职责清单和属地管理原则转办",
    )  # fmt: skip


def met(w: World, code: str, key: str, days: float) -> Story:
    """Passed to the street office of the sign-in page, which has spoken with whoever raised it."""
    story = _at_organ(w, code, key, days)
    assert story.lead is not None
    story.act(
        "meet",
        w.workers[story.lead],
        2,
        who="街道工作人员与反映人",
        how="phone",
        when=story.at.isoformat(),
        said="已了解情况",
    )
    return story


def _concluded(w: World, code: str, key: str, days: float) -> Story:
    story = met(w, code, key, days)
    assert story.lead is not None
    worker = w.workers[story.lead]
    story.act("handle", worker, 2, done=story.scenario.done)
    story.act("conclude", worker, 1, outcome="solved", reply=story.scenario.reply)
    return story


def _to_meeting(w: World, key: str) -> None:
    _at_organ(w, "010402", key, 1)


def _to_handling(w: World, key: str) -> None:
    story = met(w, "010601", key, 2)
    assert story.lead is not None
    story.act("handle", w.workers[story.lead], 2, done=story.scenario.done)


def _to_arbitration(w: World, key: str) -> None:
    story = _raise(w, STREET_WORK, key, 6)
    ground = {"reason": w.reasons["return", "not_duty"], "ground": "经核实，该处属其他单位管护范围。"}
    for name in ("七里山街道", "区城管局"):
        organ = next(pk for pk, short in w.organs.items() if short == name)
        _send(story, story.scenario, organ)
        story.act("return", w.workers[organ], 2, **ground)


def _to_approval(w: World, key: str) -> None:
    _concluded(w, "010701", key, 4)  # a complaint: the head approves


def _to_visit(w: World, key: str) -> None:
    _concluded(w, "010402", key, 3)


def _unhappy(w: World, key: str, days: float) -> Story:
    story = _concluded(w, STREET_WORK, key, days)
    story.act("visit", story.pick("visitor"), 3, how="phone", reached=True, grade="2", words="清过一次又堆满了。")
    return story


def _to_second(w: World, key: str) -> None:
    _unhappy(w, key, 7)


def _to_supervision(w: World, key: str) -> None:
    story = _unhappy(w, key, 16)
    assert story.lead is not None
    worker = w.workers[story.lead]
    story.act("handle", worker, 4, done="增加清运频次，设置监控。")
    story.act("conclude", worker, 1, outcome="solved", reply=story.scenario.reply)
    story.act("visit", story.pick("visitor"), 4, how="phone", reached=True, grade="1", words="还是没有人来。")


def _to_pause(w: World, key: str) -> None:
    story = met(w, STREET_WORK, key, 4)
    assert story.lead is not None
    story.act("pause", w.workers[story.lead], 1, reason=w.reasons["pause", "appraisal"], note="等待第三方检测报告")


def _to_extension(w: World, key: str) -> None:
    story = met(w, STREET_WORK, key, 3)
    assert story.lead is not None
    story.act("ask_extension", w.workers[story.lead], 1, clock="conclude", amount=3, reason="需协调产权单位进场")


def _to_merged(w: World, key: str) -> None:
    first, second = _raise(w, "010101", f"{key}-a", 2), _raise(w, "010101", f"{key}-b", 1.5)
    second.act("merge", second.pick("dispatcher"), 1, into=str(first.opened.matter_id), reason="同一处路灯")


def _petition(w: World, stage: str, key: str) -> None:
    """A petition answered, and asked to be reviewed, re-reviewed, ended."""
    story = _raise(w, "011002", key, {"review": 20, "rereview": 45, "final": 70}[stage])
    story.act("transfer", story.pick("dispatcher"), 1, to="petition", reason="属信访事项，依条例办理")
    story.lead = next(pk for pk, name in w.organs.items() if name == "区住建局")
    _send(story, story.scenario, story.lead)
    worker, visitor = w.workers[story.lead], story.pick("visitor")
    resident = Actor.resident([story.opened.matter_id])
    waive = {"reason": w.reasons["waive_meet", "declined"], "note": "反映人表示书面沟通即可"}
    steps: list[Callable[[], object]] = [
        partial(story.act, "waive_meet", worker, 4, **waive),
        partial(story.act, "handle", worker, 8, done="调取协议和资金凭证，逐项核对。"),
        partial(story.act, "conclude", worker, 4, outcome="explained", reply=story.scenario.reply),
        partial(story.act, "approve", w.heads[story.lead], 4, opinion="同意答复意见。"),
        partial(story.act, "waive_visit", visitor, 4, reason=w.reasons["waive_visit", "declined"], note="已书面送达"),
        partial(story.act, "ask_review", resident, 4, words="对答复意见不服，申请复查。"),
    ]
    answer = partial(
        story.act, "answer_review", story.pick("arbiter"), 8, opinion="经审查，原答复意见事实清楚，予以维持。"
    )
    again = partial(story.act, "ask_review", resident, 4, words="对复查意见不服，申请复核。")
    steps += {"review": [], "rereview": [answer, again], "final": [answer, again, answer]}[stage]
    for step in steps:
        step()
