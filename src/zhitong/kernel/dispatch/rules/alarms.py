"""How urgent a text sounds by its words: pure functions on plain values.  Nothing is understood beyond the few words around."""

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
    r"(?:如果|假如|万一|一旦|要是|若|倘若|容易|易|可能|担心|害怕|恐怕|怕|防止|避免|预防|以防|以免|谨防|严防|杜绝|防|随时|试想|真要|要等|有时|去年|前年|以前|"
    r"曾经|曾|上次|前几年|早年|(?<![a-z])(?:if|may|might|could|fear|prevent|avoid|last year)(?![a-z])).{0,6}?"
    + _BETWEEN
)
_DRILL = re.compile(
    r"的?\s*(?:应急|预防|防范|防控)?(?:演习|演练|预案|知识|宣传|培训|讲座|教育|保险|险种|报警器|警报器|探测器|模拟|"
    r"[ ]?(?:drills?|exercise|insurance|training)(?![a-z]))"
)
_RISK = re.compile(
    r"(?:、[^，。！？；,.!?;]{1,12}?)*的?\s*(?:等)?(?:安全)?(?:隐患|风险|危险|可能|的情况怎么办|怎么办|[ ]?(?:hazards?|risks?)(?![a-z]))"
)
_CLAUSE = re.compile(r"[，。！？；,.!?;\n：:]")
LOOKED_BACK = 16  # characters


class Lexicon:
    """Words of danger, made ready to be looked for."""

    def __init__(self, words: Iterable[Watched]) -> None:
        self.words = {one.word.casefold(): one for one in words}

    def read(self, text: str) -> Alarm:
        """The most urgent of what the words of a text say.

        A word that is denied ("没有起火"), rehearsed ("火灾演习") or stands in a phrase that excepts it does not count; a worry, a
        risk or something long over makes it urgent at most.  Only words of the list count.
        """
        text = text.casefold()
        present = [
            word for word in self.words if word in text
        ]  # most texts hold none, and this is what all of them cost
        if not present:
            return Alarm()
        found: dict[str, str] = {}
        calls: dict[str, None] = {}
        for match in re.finditer("|".join(map(_bounded, sorted(present, key=lambda word: (-len(word), word)))), text):
            one = self.words[match[0]]
            level = _level(one, text, match.start(), match.end())
            if level == NORMAL:
                continue
            found[one.word] = max(found.get(one.word, NORMAL), level, key=RANK.index)
            if level == DANGER and one.call:
                calls.setdefault(one.call)
        words = sorted(found, key=lambda word: -RANK.index(found[word]))
        return Alarm(max(found.values(), key=RANK.index, default=NORMAL), tuple(words), tuple(calls))


def _bounded(word: str) -> str:
    """A word of letters is not looked for inside a longer one."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)


def _level(one: Watched, text: str, start: int, end: int) -> str:
    before = _CLAUSE.split(text[max(start - LOOKED_BACK, 0) : start])[-1]
    after = text[end : end + LOOKED_BACK]
    if _NO.search(before) or _DRILL.match(after) or _is_excepted(one, text, start, end):
        return NORMAL
    if one.level == DANGER and (_WORRY.search(before) or _RISK.match(after)):
        return URGENT
    return one.level


def _is_excepted(one: Watched, text: str, start: int, end: int) -> bool:
    """Whether the word stands here inside a phrase that means something else."""
    for phrase in one.unless:
        inside = phrase.casefold().find(one.word.casefold())
        if inside >= 0 and text.startswith(phrase.casefold(), max(start - inside, 0)) and start >= inside:
            return True
    return False
