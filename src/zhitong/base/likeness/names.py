"""Names of places and organisations in Chinese text: by what they end in, and by how titles begin."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import rjieba

# What stands before a name or after it, never inside.
_AROUND = (
    "反映|投诉|举报|咨询|关于|请求|请问|建议|希望|恳请|呼吁|质疑|询问|反对|坚决|强烈|要求|解决|关注|问问|盼望|支持|感谢|揭露|控诉|曝光|实名|申请|"
    "加快|加强|尽快|再次|取缔|能不能|什么时候|为什么|为何|位于|坐落|座落|住在|居住|附近|旁边|对面|楼下|门口|周边|之间|以及|还有|或者|因为|由于|导致|购买|"
    "买了|入住|开发|业主|居民|我们|你们|他们|我是|本人|这个|那个|一个|整个|每个|各个|多个|部分|所有|全体|其他|相关|领导|您好|市长|书记|政府|"
    "下属|属下|所属|覆盖|普惠性|普惠|盈利性|"
    "严重|存在|建设|修建|新建|违规|违法|私自|擅自|没有|不能|可以|应该|进行|通过|经过|根据|按照|属于|作为|目前|现在|已经|一直|每天|晚上|"
    "凌晨|长期|多年|今年|去年|什么|如何|怎么|哪里|能否|是否|何时|小孩|孩子|学生|家长|老师|西地省|"
    "(?:国家级)?(?:经开|高新|经济技术开发|高新技术开发|经济开发|自贸)区"
)
_SINGLE = "的在是与和对于请为被从到将把我你他她它们至及由给让向往等有无又也就都而但且因该此这那某各每其以不没很太了着过吗呢吧啊个位住离距靠沿旁"
_SIGNS = r",，。、；：:！!？?“”\"'（）()《》〈〉…—·~\s"
# A division under a letter and a number, as data without names write it: A市, B3区.
CODED = r"[A-Z][0-9]*(?:市|区|县)+"
_BETWEEN = re.compile(f"(?:{_AROUND}|[{_SINGLE}{_SIGNS}]|{CODED})+")
_BEFORE = re.compile(f"^(?:{_AROUND}|[{_SINGLE}{_SIGNS}]|{CODED})+")
_RUN = re.compile(r"[A-Za-z0-9\u4e00-\u9fff]*")
ENDINGS = (
    "小区|社区|花园|家园|公寓|新村|安置房|公租房|楼盘|别墅|山庄|公馆|华府|华庭|国际城|新城|广场|大厦|商城|市场|大道|公路|高速|立交桥|大桥|隧道|"
    "小学|中学|学校|学院|大学|幼儿园|医院|公园|工业园|科技园|产业园|有限公司|公司|集团|物业|酒店|宾馆|街道|地铁站|高铁站|车站|水库|村|镇|乡|"
    "路(?!灯)|街|巷|苑|园|湾|郡|府|庭|邸|城|里"
)
_NAMED_AFTER_WORDS = (
    "路",
    "大道",
    "街",
    "街道",
    "巷",
    "桥",
    "镇",
    "乡",
    "村",
    "社区",
    "新村",
    "学院",
    "中学",
    "小学",
    "大学",
    "学校",
    "小区",
    "花园",
    "家园",
    "公寓",
    "广场",
    "大厦",
    "苑",
)
_ENDED = re.compile(f"([A-Za-z0-9\u4e00-\u9fff]{{2,8}}?)(?:{ENDINGS})(?![区道场])")
_ENDING = re.compile(f"(?:{ENDINGS})")
# Ordinary words that end as names do.
_WORDS = (
    "安置 配套 高档 普通 商住 居民 封闭 老式 周围 社会 新型 智慧 文明 花园 铁路 普惠 综合 教师 "
    "交汇 设立 设置 普惠性 十字 断头 交叉 高速 人民 公交线 幼儿 实验 有限 住宅 一期 二期 三期 四期 "
    "五期 商业 临街 市政 保障 公租 廉租 中心 国家中心 乡镇 农贸 交通 城市 老旧 自来水 物业 房地产 "
    "地产 投资 高等 职业 技术 职业技术 科技职业技术 民办 公办 私立 公立 地铁 城际 生鲜 工业 高铁 "
    "火车 汽车 客运 步行 人行 主干 支路 非机动车 停车 周末 高端 大型 中小 附属"
)
_ORDINARY = frozenset(_WORDS.split())
# A number names nothing, but 五一 and 八一 do; nor do so many of something: 两条路, 三盏路灯.
_SO_MANY = r"[0-9一二两三四五六七八九十几多数]+[条盏座个]$"
_NO_NAME = re.compile(
    rf"^(?![二三五六七八九]一$)(?:小区|[0-9一二三四五六七八九十]+年?$|{_SO_MANY}|.*(?:栋|单元|号$))|.*小区"
)
SHORTEST, LONGEST = 3, 8
KIN_START, KIN_END = 3, 2
LEAST_PART = 4
_PROPER = frozenset(("nr", "ns", "nt", "nz", "nrt", "nrfg"))
_COMMON = frozenset(("n", "v", "vn"))
LEAST_TOLD, ENDED = 5, 0.2
LEAST_BEGUN, WHOLE, OPEN, AT_START = 4, 0.7, 0.6, 0.6


def find_names(text: str) -> set[str]:
    """The names in ``text`` that end as names of places and organisations do, without that ending: 丽景 of 丽景小区."""
    found = set()
    for piece in _BETWEEN.split(text):
        for match in _ENDED.finditer(piece):
            name = match[1]
            if not _is_ordinary(name, match[0]) and not _NO_NAME.match(name):
                found.add(name)
    return found


@lru_cache(maxsize=16_384)
def _is_ordinary(name: str, whole: str) -> bool:
    """Whether ``name`` is a word of two characters that the dictionary has; roads, villages and estates are named by such
    words: 劳动路, 幸福小区."""
    if name in _ORDINARY:
        return True
    return len(name) == 2 and not whole.endswith(_NAMED_AFTER_WORDS) and len(rjieba.cut(name)) == 1


def learn_names(titles: Iterable[str]) -> set[str]:
    """What many titles begin with, where one word follows another until what comes next is open: names without an ending.

    Asks for four titles; most that begin with all but its last character go on with it, and none of the characters after it
    is the rule; elsewhere in titles it is rarer.
    """
    titles = list(titles)
    begun: Counter[str] = Counter()
    after: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for title in titles:
        run = _run(title)
        for length in range(2, min(len(run), LONGEST) + 1):
            begun[run[:length]] += 1
            if len(run) > length:
                after[run[:length]][run[length]] += 1
    likely = {
        name
        for name, n in begun.items()
        if n >= LEAST_BEGUN and len(name) >= SHORTEST and n >= WHOLE * begun[name[:-1]]
        and max(after[name].values(), default=0) <= OPEN * n and not re.match(r"\d{4}年", name)
    }  # fmt: skip
    joined = "\n".join(titles)
    kept = {_BETWEEN.split(name)[0] for name in likely if begun[name] >= AT_START * joined.count(name)}
    return {name for name in kept if len(name) >= SHORTEST}


def _run(title: str) -> str:
    found = _RUN.match(_BEFORE.sub("", title))
    return found[0] if found else ""


def occurring(text: str, *lists: Mapping[str, set[str]]) -> Iterator[tuple[int, int, str]]:
    """Where which of the names in ``lists`` (each as `by_start` gives it) stand in ``text``, the longest first, none inside
    another; the ending belongs to it."""
    at = 0
    while at < len(text) - 1:
        two = text[at : at + 2]
        starting = [n for names in lists if two in names for n in names[two] if text.startswith(n, at)]
        name = max(starting, key=len, default="")
        if name:
            end = at + len(name)
            ending = _ENDING.match(text, end)
            end = ending.end() if ending else end
            yield at, end, name
            at = end
        else:
            at += 1


def by_start(names: Iterable[str]) -> dict[str, set[str]]:
    """``names`` by their first two characters."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        if len(name) > 1:
            found[name[:2]].add(name)
    return dict(found)


def is_word(name: str, told: int, ended: int) -> bool:
    """Whether what was taken for a name of two characters is an ordinary word: told ``told`` times, ``ended`` of them with the ending
    of a name (a street of night stalls makes no name of every night stall), and no proper name by the dictionary."""
    if len(name) != 2 or told < LEAST_TOLD or ended >= ENDED * told:
        return False
    return not any(kind in _PROPER for _word, kind in rjieba.tag(name))


def kin_of(names: Iterable[str]) -> set[str]:
    """What other ways of writing ``names`` would have in common with them: how they begin (丽景花语 of 丽景花语二期) and how they end
    (三区学苑 and 河东学苑 may be one road)."""
    told = [name for name in names if len(name) > KIN_START]
    return {f"{name[:KIN_START]}-" for name in told} | {f"-{name[-KIN_END:]}" for name in told}


def parts_of(name: str) -> set[str]:
    """What is enough of ``name`` where it is written in another way: every four characters of it, or so many as are three fifths of a
    longer one (城际空间站 of 绿地城际空间站)."""
    enough = max(LEAST_PART, -(-len(name) * 3 // 5))
    return {name[at : at + enough] for at in range(len(name) - enough + 1)} - {name}


def naming(texts: Iterable[str], names: Iterable[str], most: int = 3) -> list[str]:
    """The names most of ``texts`` share, as they are written there most often, with the ending where it stands; besides the first
    only what at least half as many hold.  What is put together of ordinary words and has no ending is whom or what it is about, no
    place (人才新政)."""
    known = by_start(names)
    told: Counter[str] = Counter()
    n = 0
    for text in texts:
        n += 1
        told.update({text[start:end] for start, end, _name in occurring(text, known)})
    chosen: list[str] = []
    most_told = max(told.values(), default=0)
    for name, count in sorted(told.items(), key=lambda item: (-item[1], -len(item[0]))):
        if (
            count * 4 >= n
            and count * 2 >= most_told
            and not _is_said(name)
            and not any(name in other or other in name for other in chosen)
        ):
            chosen.append(name)
    return chosen[:most]


@lru_cache(maxsize=16_384)
def _is_said(name: str) -> bool:
    """Whether ``name``, as it is written, is put together of ordinary words."""
    if re.search(rf"(?:{ENDINGS})$", name):
        return False
    return all(len(word) > 1 and kind in _COMMON for word, kind in rjieba.tag(name, False))


def shared_runs(titles: Sequence[str], most: int = 2) -> list[str]:
    """What at least half of ``titles`` (and two of them) say alike: runs of words, the ones that most hold and are long first; who or
    what it is about where no place is named."""
    held: Counter[str] = Counter()
    for title in titles:
        held.update({run for piece in _BETWEEN.split(title) for run in _word_runs(piece)})
    chosen: list[str] = []
    for run, n in sorted(held.items(), key=lambda item: (-item[1] * len(item[0]), item[0])):
        if n < 2 or n * 2 < len(titles) or len(chosen) == most:
            break
        if not any(run in other or other in run for other in chosen):
            chosen.append(run)
    return chosen


def _word_runs(piece: str) -> Iterator[str]:
    words = rjieba.cut(piece)
    for start in range(len(words)):
        run = ""
        for word in words[start:]:
            run += word
            if len(run) > LONGEST:
                break
            if len(run) >= SHORTEST:
                yield run
