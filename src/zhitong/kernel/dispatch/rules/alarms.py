"""How urgent a text sounds by its words: pure functions on plain values.  Nothing is understood beyond the few words around.

Danger means this moment.  Somebody in danger says so at once: a word of danger counts as danger in the title and in the opening of the
text (a short text is all opening), or anywhere beside a word of now; deep in a letter it is urgent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NORMAL, URGENT, DANGER = "normal", "urgent", "danger"
RANK = (NORMAL, URGENT, DANGER)


@dataclass(frozen=True, slots=True)
class Alarm:
    """How urgent a text sounds: ``urgency`` (normal, urgent, danger), the words that say so, whom to call at once."""

    urgency: str = NORMAL
    words: tuple[str, ...] = ()
    call: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """A word, how urgent it makes a text, whom to call, and phrases that hold it and mean something else."""

    word: str
    level: str
    call: str = ""
    unless: tuple[str, ...] = ()


# What may stand between "no" and the word: "没有发生火灾", "未造成人员被困".
_BETWEEN = r"(?:发生|出现|造成|引发|引起|导致|存在|人员|有人|人|任何|什么|明显|真的|真|再|过|被|any|a|an|the|real|\s)*$"
_NO = re.compile(
    rf"(?:没有|没|并未|从未|尚未|未|并无|无|不是|并非|非|不会|不曾|(?<![a-z])(?:no|not|never|without)(?![a-z])){_BETWEEN}"
)
# A worry, a wish to prevent, or something long over: taken seriously, but nobody is in danger at this moment.
_WORRY = re.compile(
    r"(?:如果|假如|万一|一旦|要是|若|倘若|容易|易|可能|担心|害怕|恐怕|怕|防止|避免|预防|以防|以免|谨防|严防|杜绝|防|随时|试想|真要|要等|有时|扬言|威胁|一副要|还要|准备|如同|犹如|好比|像|名义|去年|前年|以前|"
    r"曾经|曾|上次|前几年|早年|(?<![a-z])(?:if|may|might|could|fear|prevent|avoid|last year)(?![a-z])).{0,6}?"
    + _BETWEEN
)
# What is over, or happens again and again: somebody may have been in danger, nobody is at this moment.
_OVER = re.compile(
    r"(?:\d年|\d月|\d日|\d号(?![楼栋院门线店路井馆厅])|年[前中初底末]|上个?(?:月|周|星期)|上半年|下半年|昨|前天|前晚|前几|那天|那时|当时|之前|此前|期间|近年|近日|日前|"
    r"不久前|每[年次天到当]|[几多数两三\d]次|屡|多起|早已|早几|几年|几起|经常|常常|时常|时有|常有|往往|频|接二连三|赔|各地|全国|新闻|案例|"
    r"(?<![a-z])(?:yesterday|last|ago|often|every|sometimes|always)(?![a-z])).{0,16}?$"
)
_TOLD_OF = re.compile(
    r"了?的?(?:事件|事故|案|频|高发|现象|多年|善后|赔偿|补偿|认定|原因|责任|者|人员|后遗|以后|之后|一事|问题|"
    r"(?:accident|incident)s?(?![a-z])|[^.!?;]{0,12}(?:yesterday|ago|last [a-z]))"
)
_NOW = re.compile(
    r"正在|现在|此刻|此时|眼下|目前|刚刚|刚才|马上|立刻|立即|赶紧|赶快|快来|快救|救命|还在|仍在|尚在|不止|不醒|病危|今早|今晚|今天|"
    r"(?<![a-z])(?:right now|now|just now|at this moment|still|help)(?![a-z])"
)
# Not over yet, whenever it began.
_STILL = re.compile(
    r"(?:没|未|没有|未能)找到|找不到|下落不明|联系不上|出不来|没出来|(?<![a-z])(?:not found|cannot get out)(?![a-z])"
)
_DRILL = re.compile(
    r"的?\s*(?:应急|预防|防范|防控)?(?:演习|演练|预案|知识|宣传|培训|讲座|教育|保险|险种|报警器|警报器|探测器|模拟|"
    r"[ ]?(?:drills?|exercise|insurance|training)(?![a-z]))"
)
_RISK = re.compile(
    r"(?:、[^，。！？；,.!?;]{1,12}?)*的?\s*(?:等)?(?:安全)?(?:隐患|风险|危险|可能|的情况怎么办|怎么办|后果|不堪|无处|将会?|"
    r"[ ]?(?:hazards?|risks?)(?![a-z]))"
)
_SENTENCE = re.compile(r"[。！？!?;；\n]")
_CLAUSE = re.compile(r"[，。！？；,.!?;\n：:]")
LOOKED_BACK = 16  # characters
OPENING = 100  # characters of Chinese


class Lexicon:
    """Words of danger, made ready to be looked for."""

    def __init__(self, words: Iterable[Watched]) -> None:
        self.words = {one.word.casefold(): one for one in words}

    def read(self, text: str, title: str = "") -> Alarm:
        """The most urgent of what the words of a text say.

        A word that is denied ("没有起火"), rehearsed ("火灾演习") or stands in a phrase that excepts it does not count; a worry, a
        risk, something over or told deep in a long text makes it urgent at most.  Only words of the list count.
        """
        said = f"{title}\n{text}".casefold() if title else text.casefold()
        present = [
            word for word in self.words if word in said
        ]  # most texts hold none, and this is what all of them cost
        if not present:
            return Alarm()
        opening = len(said) - len(text) + _opening(text)
        found: dict[str, str] = {}
        calls: dict[str, None] = {}
        for match in re.finditer("|".join(map(_bounded, sorted(present, key=lambda word: (-len(word), word)))), said):
            one = self.words[match[0]]
            level = _level(one, said, match.start(), match.end(), opening)
            if level == NORMAL:
                continue
            found[one.word] = max(found.get(one.word, NORMAL), level, key=RANK.index)
            if level == DANGER and one.call:
                calls.setdefault(one.call)
        words = sorted(found, key=lambda word: -RANK.index(found[word]))
        return Alarm(max(found.values(), key=RANK.index, default=NORMAL), tuple(words), tuple(calls))


def _opening(text: str) -> int:
    """Where what is said first ends; letters say as much in three times the room."""
    return OPENING if any(char > "\u2e80" for char in text[:OPENING]) else 3 * OPENING


def _bounded(word: str) -> str:
    """A word of letters is not looked for inside a longer one."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)


def _level(one: Watched, text: str, start: int, end: int, opening: int) -> str:
    before = _CLAUSE.split(text[max(start - LOOKED_BACK, 0) : start])[-1]
    after = text[end : end + LOOKED_BACK]
    if _NO.search(before) or _DRILL.match(after) or _is_excepted(one, text, start, end):
        return NORMAL
    if one.level == DANGER and (_WORRY.search(before) or _RISK.match(after) or not _is_now(text, start, end, opening)):
        return URGENT
    return one.level


def _is_now(text: str, start: int, end: int, opening: int) -> bool:
    """Whether the word tells of this moment: a word of now is beside it, or it is said first and not as something over."""
    before = _SENTENCE.split(text[max(start - LOOKED_BACK, 0) : start])[-1]
    after = text[end : end + LOOKED_BACK]
    if _NOW.search(before) or _STILL.search(_SENTENCE.split(after)[0]):
        return True
    if _TOLD_OF.match(after):
        return False
    return bool(_NOW.search(_CLAUSE.split(after)[0])) or (end <= opening and not _OVER.search(before))


def _is_excepted(one: Watched, text: str, start: int, end: int) -> bool:
    """Whether the word stands here inside a phrase that means something else."""
    for phrase in one.unless:
        inside = phrase.casefold().find(one.word.casefold())
        if inside >= 0 and text.startswith(phrase.casefold(), max(start - inside, 0)) and start >= inside:
            return True
    return False
