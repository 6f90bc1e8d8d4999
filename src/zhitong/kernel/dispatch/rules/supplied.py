"""The words of danger that ship: by group, level and number to call; with phrases that hold one and mean something else."""

from .alarms import Watched

_WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("fire", "danger", "119", "着火 起火 失火 火灾 冒烟 爆炸 on fire explosion"),
    ("gas", "danger", "119", "燃气泄漏 煤气泄漏 天然气泄漏 燃气味 煤气味 漏气 gas leak smell gas"),
    ("collapse", "danger", "119", "坍塌 倒塌 塌陷 塌方 collapse"),
    ("life", "danger", "119", "被困 触电 漏电 溺水 electric shock trapped drowning"),
    ("life", "danger", "110", "持刀 砍人 打人 伤人 绑架 拐卖 抢劫 轻生 自杀 跳楼 家暴 虐待 失踪 走失 knife suicide kidnap violence missing child"),
    ("life", "danger", "120", "昏迷 晕倒 中毒 流血 重伤 窒息 猝死 unconscious poisoning bleeding"),
    ("supply", "urgent", "", "停水 停电 停气 停暖 断水 断电 爆管 水管爆 跑水 no water no power no electricity no heating burst pipe"),
    ("other", "urgent", "", "井盖缺失 井盖丢失 没有井盖 电线脱落 电线掉落 电梯困人 电梯坠 manhole"),
    ("minors", "urgent", "", "未成年 儿童 幼儿 minors children"),
    ("crowd", "urgent", "", "聚集 堵路 堵门 群体 拉横幅 crowd"),
)  # fmt: skip
_OF_TWO = (
    "on fire", "gas leak", "smell gas", "electric shock", "missing child", "no water", "no power", "no electricity", "no heating",
    "burst pipe",
)  # fmt: skip
_UNLESS = {
    "着火": ("看着火车", "沿着火车", "跟着火", "朝着火", "随着火", "接着火"), "起火": ("起火灾",), "火灾": ("火灾猛于虎", "火灾高发", "火灾报警"),
    "重伤": ("严重伤",), "轻生": ("减轻生", "年轻生"), "绑架": ("道德绑架", "无理绑架", "被绑架消费"), "伤人": ("工伤人", "负伤人"),
    "失踪": ("玩失踪",), "漏气": ("轮胎漏气",), "自杀": ("自杀式", "慢性自杀"), "跳楼": ("跳楼机", "跳楼价"), "漏电": ("漏电保护",),
    "爆炸": ("信息爆炸", "信息大爆炸", "大爆炸的时代", "爆炸式", "爆炸性", "炸药爆炸"), "塌方": ("塌方式",),
    "流血": ("流血流汗", "流血流泪"), "窒息": ("令人窒息", "窒息感", "窒息的感觉"),
    "儿童": ("儿童节", "儿童公园", "儿童医院", "儿童乐园", "儿童游乐", "儿童读物"), "幼儿": ("幼儿园", "幼儿教育", "幼儿教师"),
    "聚集": ("聚集区", "产业聚集"), "群体": ("特殊群体", "弱势群体", "困难群体", "老年群体"), "未成年": ("未成年人保护法",),
}  # fmt: skip


def _split(words: str) -> list[str]:
    for phrase in _OF_TWO:
        words = words.replace(phrase, phrase.replace(" ", "_"))
    return [word.replace("_", " ") for word in words.split()]


# Each word with the group it belongs to.
SUPPLIED: tuple[tuple[str, Watched], ...] = tuple(
    (group, Watched(word, level, call, _UNLESS.get(word, ())))
    for group, level, call, words in _WORDS
    for word in _split(words)
)
