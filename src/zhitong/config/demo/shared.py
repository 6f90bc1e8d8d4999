"""Troubles that several people of the demo raise, one of them rising; and replies that a supervisor would not let pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from zhitong.kernel.matters import public as m

from .corners import STREET_WORK, met
from .history import World, opening_of
from .organs import GIVEN, SURNAMES
from .scenarios import SCENARIOS


@dataclass(frozen=True, slots=True)
class Shared:
    """One trouble: the code of its scenario, where it is, what each says, how many days ago each said it."""

    code: str
    where: str
    said: Sequence[str]
    days: Sequence[float]


SHARED = (
    Shared("011101", "兴隆苑小区北侧工地", (
        "兴隆苑小区北侧工地连续几晚施工到凌晨两点，打桩声震得窗户响，孩子没法睡觉。",
        "兴隆苑小区北侧的工地夜里还在打桩，老人心脏不好，请管一管夜间施工。",
        "又是兴隆苑小区北侧工地，昨晚凌晨一点半还在打桩，投诉好几次没有用。",
        "兴隆苑小区北侧工地夜间施工噪声太大，准备考试的学生没法复习。",
        "兴隆苑小区北侧工地半夜浇筑混凝土、打桩，整栋楼都睡不着。",
        "请查兴隆苑小区北侧工地有没有夜间施工许可，天天夜里打桩。",
        "兴隆苑小区北侧工地凌晨打桩，墙面都有裂缝了，要求停工检查。",
    ), (5.2, 4.1, 3.3, 2.4, 1.6, 0.9, 0.4)),
    Shared("010203", "锦绣花园小区", (
        "锦绣花园小区3号楼供暖一周了，家里只有15度，九十岁的老人冻得穿棉衣。",
        "锦绣花园小区5号楼暖气不热，热力公司来放了一次水，还是15度。",
        "锦绣花园小区整个东区暖气都是温的，交了全额供暖费，要求尽快达标。",
        "锦绣花园小区2号楼暖气不热，孩子感冒了，请尽快解决供暖。",
    ), (16, 14, 12, 9)),
    Shared("010404", "舜玉路夜市街口", (
        "舜玉路夜市街口烧烤摊占了人行道，油烟熏得楼上不敢开窗。",
        "舜玉路夜市街口的烧烤摊营业到凌晨，占道、油烟、噪声都有。",
        "舜玉路夜市街口烧烤占道经营，行人只能走到机动车道上。",
    ), (40, 33, 21)),
)  # fmt: skip
BAD = (
    "您好，您反映的问题已收悉，感谢您对我们工作的关心和支持。", "您好，您反映的问题已转相关部门处理。",
    "您好，今年城乡居民医保缴费标准为每人400元，可在手机上缴纳。",
)  # fmt: skip


def build(w: World) -> None:
    """Raise what is shared, each by somebody else; conclude a few with replies that say nothing."""
    for number, one in enumerate(SHARED):
        scenario = next(known for known in SCENARIOS if known.code == one.code)
        grid, _street, lon, lat = w.shown[number % len(w.shown)]
        for index, (said, days) in enumerate(zip(one.said, one.days, strict=True)):
            opening = opening_of(w, scenario, w.now - timedelta(days=days), f"shared-{number}-{index}")
            name = w.random.choice(SURNAMES) + "".join(w.random.sample(GIVEN, 2))
            opening.reporter = m.Reporter(name=name, phone=f"1990{w.random.randrange(10**7):07d}")
            opening.text, opening.address, opening.channel, opening.division_id = said, one.where, "hotline", grid
            opening.lon, opening.lat = round(lon + index * 0.00004, 6), round(lat, 6)
            m.open_matter(opening, by=w.centre["clerk"][0], at=w.now)
    for index, reply in enumerate(BAD):
        story = met(w, STREET_WORK, f"reply-{index}", 9 - index)
        assert story.lead is not None
        story.act("handle", w.workers[story.lead], 2, done=story.scenario.done)
        story.act("conclude", w.workers[story.lead], 1, outcome="solved", reply=reply)
