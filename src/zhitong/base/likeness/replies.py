"""Whether a reply answers: empty, copied from another one, off the question, late.  Plain rules on plain text; a person decides."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .texts import Message, Sketch, Vocabulary, likeness, sketch, survey, telling

LEAST_TOLD = 10  # characters that say something, besides who is to be asked instead
LEAST_SAID = 5  # characters that say something, besides what every reply says
SAME, PIECE, LEAST_COPIED = 0.8, 6, 25  # of the pieces of six characters, from so many pieces on
MOST_HOLDERS = 50  # of one piece: what all replies say is no sign of a copy
ONE_QUESTION = 0.07  # likeness of two questions that one reply may well answer
OFF = 0.03  # likeness of question and reply up to which nothing of the question is answered, when no telling word is in both
LEAST_ASKED = 30  # of a shorter question nothing can be said
LATE = timedelta(days=30)
_SPACE = re.compile(r"[\s\u3000]+")
_SIGNS = re.compile(r"[^\w\u4e00-\u9fff]")
# What stands in every reply and answers nothing: greetings, receipt, thanks, dates, who signs.
_FORMAL = re.compile(
    r"^(?:尊敬的)?(?:网友|网民|市民)(?:朋友)?[^，。！：:]{0,12}[：:]|"
    r"(?:尊敬的)?(?:网友|市民|居民|群众|先生|女士|同志|用户|业主|[“\"'‘][^”\"'’]{1,20}[”\"'’])+(?:您|你)?好?|(?:您|你)好|"
    r"(?:您|你)?(?:的|所)?(?:来信|留言|问题|诉求|反映|帖子|咨询|建议|意见)*(?:我[们局办区县市委街]*)?(?:已经?|均已)?(?:收悉|收到|知悉)|"
    r"(?:现|兹)?(?:就|将|对)?[^，。；]{0,24}(?:回复|答复|解释|说明|反馈)(?:内容)?(?:如下|到此|完毕)|"
    r"(?:非常|衷心|再次)?(?:感谢|谢谢)(?:您|你)?[^，。！；]{0,30}|(?:此复|特此回复|专此回复|祝您?[^，。！；]{0,12}|敬请谅解)|"
    r"关?于?(?:您|你)?(?:在[^，。；]{0,24})?(?:所|来信)?(?:反映|咨询|提出|提|述|说|反应)的?(?:有关|相关)?(?:问题|情况|诉求|事项|建议|意见)?|"
    r"(?:您|你)?通过[^，。；]{0,16}的?(?:留言|来信|帖文|来帖)|(?:来帖|帖文|来邮|来信)|很高兴能?帮助到?(?:您|你)|祝?(?:您|你)?(?:天天开心|事事顺心|生活愉快)|"
    r"(?:敬请|请)(?:您|你)?(?:耐心)?(?:关注|留意|等待)[^，。！；]{0,16}|请勿重复[^，。！；]{0,10}|欢迎(?:您|你)?继续[^。！；]{0,40}|"
    r"[0-9〇○零一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日|"
    r"(?:[A-Z][0-9]*)?[市县区]{0,2}(?:网宣办|网信办|网宣中心|网络宣传管理办公室)(?=[0-9]|$)"
)
# Sent on, to be looked into, later: no answer yet.
_PUT_OFF = re.compile(
    r"(?:已|将|我们|现)*(?:及时|立即|第一时间)?(?:转|交|转交|转至|转给|交由|交办|移交)(?:送|办|给|至|由|往)?[^。！；]{0,40}(?:处理|办理|调查|核实|研究|核查|核处|阅处|研处|办复|答复|部门|单位|街道|社区|局|支队|大队|中心)(?:答复|反馈|处理|办理|核实|核处|调查|办复|进行|、|和)*|"
    r"(?:正在|将|已)?(?:安排|责成|要求|通知|敦促)[^。！；]{0,30}(?:调查|核实|处理|研究|核查|办理)|"
    r"[^，。！；]{0,12}(?:届时|待[^。！；]{0,20}后?|等[^。！；]{0,20}后|有(?:处理)?结果后?|如有[^，。！；]{0,8}|尽快|及时|近期|第一时间)[^。！；]{0,24}(?:回复|答复|反馈|告知)(?:您|你)?|"
    r"(?:此事|目前|现)*(?:正在?|已)(?:积极|抓紧|协调|调查|核实|交办|研究)*(?:处理|办理|核实|交办|调查)(?:当中|之中|中)?|"
    r"[^，。！；]{0,16}(?:引起|高度|十分)[^，。！；]{0,10}重视|"
    r"(?:已|将|我们)*(?:按程序)?转(?:至|给|交至?|办至?|送至?)?[^，。！；：0-9]{0,24}(?=[，。！；0-9]|$)|"
    r"[^，。！；]{0,12}(?:处理|办理|调查)?(?:情况|结果|稍后)[^，。！；]{0,4}(?:会|将)[^。！；]{0,12}(?:回复|答复|反馈|告知)(?:给|与)?(?:您|你)?|"
    r"待[^，。！；]{0,16}后[^，。！；]{0,6}(?:回复|答复|反馈)"
)
# What is left over of such sentences.
_LEFT = re.compile(r"(?:我们|我[办局委]|(?:您|你)的?|在此|现|[已将就并把]|有关问题|情况|与|给)")

# The person is told to go elsewhere; how the matter stands; what more has to be known.
_GO = re.compile(
    r"(?:请|建议(?:您|你)?|可以?)[^，。！；]{0,24}(?:拨打|致电|电话|联系|咨询|询问|沟通|反映到)|详情[^，。！；]{0,6}咨询"
)
_NUMBER = re.compile(r"[0-9]+")
# Sentences that only send the person elsewhere.
_ELSEWHERE = re.compile(
    rf"[^，。！；]*{_GO.pattern}[^，。！；]*|[^，。！；]*不(?:属于?|在)[^，。！；]{{0,16}}(?:管辖|职责|职权)[^，。！；]*|"
    r"[^，。！；]*(?:请|建议)[^，。！；]{0,8}向[^，。！；]{1,24}(?:反映|反馈|申请)[^，。！；]*"
)
_STANDS = re.compile(
    r"立案|侦[查办]|审批|批复|可研|方案|图纸|规划|研究|论证|调研|考虑|解决|妥善|整改|查处|拆除|停工|竣工|验收|诉讼|司法|程序"
)
_ASKS = re.compile(r"(?:请|建议)[^。！；]{0,16}(?:完善|提供|补充|说明|表述|留下)|不具体|不够?清楚|(?:没有|详细)说?明")


@dataclass(frozen=True, slots=True)
class Replied:
    """A question and its reply; ``at`` when, None where that is not known."""

    asked: Message
    reply: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """What may be wrong with a reply: ``kind`` is empty, copied, off or late; ``of`` the other one for a copy, ``figure`` how much."""

    kind: str
    figure: float = 0.0
    of: str = ""


# Characters that any title holds.
_ANY = set("的了不是在一有我你他请求对于关投诉反映咨询问题希望建议市区县路街道年月日人和与及为何时能否")


def said(reply: str) -> str:
    """What a reply says besides what stands in every one."""
    text = _SPACE.sub("", reply)
    return _SIGNS.sub("", _PUT_OFF.sub("", _FORMAL.sub("", text)))


def is_empty(reply: str) -> bool:
    """Nothing but greeting, receipt, thanks, or that it was sent on."""
    left = said(reply)
    return len(_LEFT.sub("", left) if _PUT_OFF.search(_SPACE.sub("", reply)) else left) < LEAST_SAID


def is_elsewhere(reply: str) -> bool:
    """Nothing but that somebody else is to be asked."""
    text = _SPACE.sub("", reply)
    left = _NUMBER.sub("", _LEFT.sub("", said(_ELSEWHERE.sub("", text))))
    return bool(_ELSEWHERE.search(text)) and len(left) < LEAST_TOLD


def pieces(reply: str) -> frozenset[str]:
    """What two replies are compared by."""
    text = _SIGNS.sub("", _FORMAL.sub("", _SPACE.sub("", reply)))
    return frozenset(text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


def same_pieces(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of both is in both, 0 to 1; of few pieces nothing is said."""
    if min(len(one), len(other)) < LEAST_COPIED:
        return 0.0
    return len(one & other) / len(one | other)


def is_off(asked: Message, mine: Sketch, reply: Sketch, words: Vocabulary) -> bool:
    """Whether nothing that was asked about stands in the reply: neither its places nor any word of the title, nor a rare one; and
    neither how the matter stands nor what more has to be known, unless the person is sent elsewhere."""
    if len(asked.text) < LEAST_ASKED or len(said(reply.plain)) < LEAST_SAID:
        return False
    if not _GO.search(reply.plain) and (_STANDS.search(reply.plain) or _ASKS.search(reply.plain)):
        return False
    if (set(_SIGNS.sub("", asked.title)) - _ANY) & set(said(reply.plain)):
        return False
    pair = likeness(mine, reply, words)
    if pair.shared or (pair.whole + pair.trouble) / 2 > OFF:
        return False
    return not any(word in reply.plain for word in telling(asked, words, most=30))


def checked(rows: Sequence[Replied], late: timedelta = LATE) -> dict[str, list[Flag]]:
    """The flags of each of ``rows`` that has any, by its key."""
    words = survey([one.asked for one in rows])
    sketches = {one.asked.key: sketch(one.asked, words) for one in rows}
    found: defaultdict[str, list[Flag]] = defaultdict(list)
    for one in rows:
        key = one.asked.key
        if is_empty(one.reply):
            found[key].append(Flag("empty", len(said(one.reply))))
        elif is_elsewhere(one.reply) or is_off(one.asked, sketches[key], _as_sketch(one, words), words):
            found[key].append(Flag("off"))
        if one.at is not None and one.at - one.asked.at > late:
            found[key].append(Flag("late", (one.at - one.asked.at) / timedelta(days=1)))
    for key, flag in _copies(rows, sketches, words):
        found[key].append(flag)
    return dict(found)


def _as_sketch(one: Replied, words: Vocabulary) -> Sketch:
    return sketch(Message(one.asked.key, "", _FORMAL.sub("", one.reply), one.asked.at), words)


def _copies(rows: Sequence[Replied], sketches: Mapping[str, Sketch], words: Vocabulary) -> Iterable[tuple[str, Flag]]:
    """Replies that are another one's, to a question about something else; each but the first."""
    of = {one.asked.key: pieces(one.reply) for one in rows if not is_empty(one.reply)}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for one in rows:
        key = one.asked.key
        if len(of.get(key, ())) < LEAST_COPIED:
            continue
        marks = sorted(of[key])[:: max(1, len(of[key]) // 16)]
        before = {other for mark in marks for other in holders[mark][:MOST_HOLDERS]}
        same = {other: share for other in before if (share := same_pieces(of[key], of[other])) >= SAME}
        if same and all(likeness(sketches[key], sketches[other], words).score < ONE_QUESTION for other in same):
            likest = max(same, key=lambda other: (same[other], other))
            yield key, Flag("copied", same[likest], likest)
        for mark in of[key]:
            holders[mark].append(key)
