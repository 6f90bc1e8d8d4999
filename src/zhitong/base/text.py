"""Text: cleaned on the way in, cut into words for search, masked on the way out."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import add

import rjieba

_STOP_WORDS = frozenset("的了呢吗啊吧呀着和与及或在是我你他她它")
_LONGEST_WORD = 64
_LAST_POSITION = 16_383  # PostgreSQL keeps no later position of a lexeme
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_RUNS = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")

# Control characters (but not tab and newline), lone surrogates, invisible marks, direction overrides and what no XML may hold.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_NEWLINES = re.compile("\r\n?|\u2028|\u2029")
# What a spreadsheet takes for the beginning of a formula, also in the full width that Chinese keyboards write.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９－ｘＸ＠．", "0123456789-xX@.")

_COMPOUND_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|司空|东方|南宫|西门|端木|百里|呼延|轩辕|闻人|"
    "澹台|公冶|太史|申屠|独孤|淳于|单于|钟离|鲜于|赫连|拓跋|完颜"
)

_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PERSONAL = re.compile(
    rf"""
    (?<![\w.+-])(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?<![\w])(?P<id>\d{{17}}[\dXx] | {_PROVINCE}\d{{4}}\d\d{_MONTH_DAY}\d{{3}})(?![\w])
    | (?<!\d)(?P<card>\d{{16,19}} | [3-9]\d{{3}}(?:[ -]\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?)(?!\d)
    | (?<!\d)(?:\+?86[ -]?|0)?(?P<mobile>1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}})(?!\d)
    | (?<!\d)(?P<landline>0\d{{2,3}}[ -]?[2-9]\d{{6,7}})(?!\d)
    """,
    re.VERBOSE | re.ASCII,
)


def clean(text: str) -> str:
    """``text`` fit to be stored: NFC, newlines as ``\\n``, no control characters, no outer space."""
    if not text.isprintable():  # most is: then there is neither a newline nor a control character
        text = _UNWANTED.sub("", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def no_formula(text: str) -> str:
    """``text`` that no spreadsheet takes for a formula, neither in a workbook nor in CSV: an apostrophe stands before it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def formula_text(text: str) -> str:
    """``text`` without the apostrophe of `no_formula`."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text if text.isprintable() else clean(text)).lower()


def _kept(pieces: list[str]) -> list[str]:
    return [p[:_LONGEST_WORD] for p in pieces if (p.isalnum() or any(map(str.isalnum, p))) and p not in _STOP_WORDS]


def words(text: str) -> list[str]:
    """The words of ``text`` in order, cut finely for an index (long words also in parts), in lower case and NFKC."""
    return _kept(rjieba.cut_for_search(_normal(text)))


def _quoted(word: str, mark: str = "") -> str:
    if word.isalnum():
        return f"'{mark}{word}'"
    return f"'{mark}" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _pairs(text: str) -> list[str]:
    """Every two neighbouring Chinese characters."""
    return [pair for run in _HAN.findall(text) for pair in map(add, run, run[1:])]


def tsvector(text: str, *more: str) -> str:
    """A PostgreSQL ``tsvector`` literal of the words of all the texts, each word with its first position.

    Every pair of neighbouring Chinese characters is in it too, so that a word is found wherever the cuts fell.
    """
    whole = _normal(" ".join((text, *more)))
    first: dict[str, int] = {}
    for position, word in enumerate(_kept(rjieba.cut_for_search(whole)), start=1):
        first.setdefault(word, position)
    placed = [f"{_quoted(word)}:{min(position, _LAST_POSITION)}" for word, position in first.items()]
    return " ".join(placed + [f"'{pair}'" for pair in set(_pairs(whole)).difference(first)])


def asked(text: str) -> list[list[list[str]]]:
    """What is asked for by ``text``: of each part between spaces, all words of one of its readings.

    It is read as the cutter cuts it, and in pairs of characters: 路灯不亮 is cut 路, 灯不亮, but means 路灯, 不亮.
    """
    found = []
    for part in _normal(text).split():
        cut = _kept(rjieba.cut(part))
        in_pairs = _pairs(part) if cut == [part] else _kept([p for run in _RUNS.findall(part) for p in _in_pairs(run)])
        readings = [cut, in_pairs]
        kept = [list(dict.fromkeys(reading)) for reading in readings if reading]
        found += [kept if len(kept) > 1 and set(kept[0]) != set(kept[1]) else kept[:1]] if kept else []
    return found


def _in_pairs(run: str) -> list[str]:
    """Chinese characters two by two, the last pair overlapping where one is left over; anything else as it is cut."""
    if len(run) < 3 or not _HAN.fullmatch(run):
        return list(rjieba.cut(run)) if not _HAN.fullmatch(run) else [run]
    return [run[i : i + 2] for i in range(0, len(run) - 1, 2)] + ([run[-2:]] if len(run) % 2 else [])


def _widest(readings: list[list[str]]) -> list[list[str]]:
    """Without the first where the second finds all that it finds: the index holds every pair of characters of every word."""
    first, second = readings[0], readings[-1]
    return [second] if all(any(pair in word for word in first) for pair in second) else readings


def tsquery(text: str, *, mark: str = "") -> str:
    """A PostgreSQL ``tsquery`` literal asking for all of ``text``; empty when it holds no word.

    Long words are asked for pair by pair, as an index made by `tsvector` holds them.  ``mark`` stands before each word.
    """
    return _all_of(map(_widest, asked(text)), mark)


def tsqueries(text: str, *, mark: str = "") -> list[str]:
    """`tsquery` as one or two literals that both must hold: first the ends of its parts, then what is left of them.

    Parts that never meet are known not to by their ends, of 停车位 消防车 by 车位 and 防车: an index asked for all pairs at once looks
    for each of them all the way.
    """
    parts = list(map(_widest, asked(text)))
    left = [[reading[:-1]] for readings in parts if len(readings) == 1 for reading in readings if reading[1:]]
    if len(parts) < 2 or not left:
        return [_all_of(parts, mark)] if parts else []
    ends = [[readings[0][-1:]] if len(readings) == 1 else readings for readings in parts]
    return [_all_of(ends, mark), _all_of(left, mark)]


def _all_of(parts: Iterable[list[list[str]]], mark: str) -> str:
    """Of each part, all words of one of its readings."""
    said = ([" & ".join(_quoted(word, mark) for word in reading) for reading in readings] for readings in parts)
    return " & ".join(dict.fromkeys(one[0] if len(one) == 1 else f"({' | '.join(one)})" for one in said))


def tsquery_any(wanted: Iterable[str], *, mark: str = "") -> str:
    """A PostgreSQL ``tsquery`` literal asking for any of these words, ``mark`` before each; empty when there is none."""
    return " | ".join(dict.fromkeys(_quoted(word, mark) for word in wanted if any(map(str.isalnum, word))))


def mask_name(name: str) -> str:
    """Only the surname of a Chinese name, only the first letter of each part of another."""
    if not name or name.isascii():
        return re.sub(r"(?<=\w)\w", "*", name)
    keep = 2 if len(name) > 2 and _COMPOUND_SURNAMES.match(name) else 1
    return name[:keep] + "*" * max(len(name) - keep, 1)


def _mask_middle(text: str, first: int, last: int) -> str:
    """Stars instead of all but the first and last characters; all stars when little would be left to hide."""
    if len(text) < first + last + 2:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


def mask_phone(phone: str) -> str:
    """138****5678; a shorter number keeps its last two digits."""
    return _mask_middle(phone, 3, 4) if len(phone) >= 11 else _mask_middle(phone, 0, 2)


def mask_citizen_id(number: str) -> str:
    """Division and last four places stay, the date of birth goes."""
    return _mask_middle(number, 6, 4)


def _mask_found(kind: str | None, found: str) -> str:
    match kind:
        case "email":
            name, _, host = found.partition("@")
            return name[:1] + "***@" + host
        case "id" | "card":
            return mask_citizen_id(found)
        case "mobile" | "landline":
            return mask_phone(found)
    return found


def mask_inline(text: str) -> str:
    """``text`` with phone numbers, citizen ids, bank cards and e-mail addresses inside it masked.

    Full-width digits are found too.  Matters' numbers stay readable.
    """
    parts: list[str] = []
    end = 0
    for match in _PERSONAL.finditer(text.translate(_WIDE_DIGITS)):
        kind = match.lastgroup or ""
        parts += [text[end : match.start(kind)], _mask_found(kind, text[match.start(kind) : match.end(kind)])]
        end = match.end(kind)
    return "".join(parts) + text[end:]


def in_language(name: str, name_en: str, language: str | None) -> str:
    """``name_en`` for English readers when there is one, else ``name``."""
    return name_en if name_en and (language or "").lower().startswith("en") else name


def _syllables(name: str, *, with_tones: bool = False) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a third of a second: not at start-up

    return lazy_pinyin(
        _normal(name), style=Style.TONE3 if with_tones else Style.NORMAL, neutral_tone_with_five=with_tones
    )


@lru_cache(maxsize=16_384)
def pinyin_key(name: str) -> str:
    """A key that sorts names as a Chinese directory does: by syllable, then by tone."""
    return " ".join(_syllables(name, with_tones=True))


@lru_cache(maxsize=16_384)
def pinyin_search(name: str) -> str:
    """Toneless pinyin written together, a space, and the initials: what people type to find a name."""
    syllables = _syllables(name)
    return f"{''.join(syllables)} {''.join(s[:1] for s in syllables)}"


def romanised(name: str) -> str:
    """The name in pinyin without tones, written together with a capital: 七里山 is Qilishan."""
    return "".join(_syllables(name)).capitalize()
