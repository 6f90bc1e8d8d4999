"""Codes, names and shares: pure functions.

The unified code of a grid is 15 digits: 6 of the district (GB/T 2260), 3 of the street, 3 of the community (the
National Bureau of Statistics' codes for statistics) and 3 of the grid; one more level has 3 more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhitong.base.text import romanised

_STEP = 3
_DISTRICT = 6
_LEVEL_OF_LENGTH = {4: "city", 6: "district", 9: "street", 12: "community", 15: "grid", 18: "microgrid"}
_CODE = re.compile(r"\d{4}|\d{6}(?:\d{3}){0,4}", re.ASCII)

_TYPES_EN = (
    ("街道", "Subdistrict"),
    ("地区", "Area"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("社区", "Community"),
    ("村", "Village"),
    ("新区", "New Area"),
    ("区", "District"),
    ("县", "County"),
    ("市", "City"),
)
_ORDINAL_GRID = re.compile(r"第(\d+)网格")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a division list: a code and the official name."""

    code: str
    name: str


def is_code(text: str) -> bool:
    """Whether ``text`` has the form of a unified code."""
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> str:
    """The level a unified code belongs to.  ValueError for any other code."""
    if not is_code(code):
        raise ValueError(f"not a unified code: {code!r}")
    return _LEVEL_OF_LENGTH[len(code)]


def parent_code(code: str) -> str | None:
    """The code one level up; None for a district or a city."""
    return code[:-_STEP] if len(code) > _DISTRICT else None


def display_name(official: str, level: str) -> str:
    """The name of the place, without the committee that runs it: 纬一路社区居民委员会 is 纬一路社区."""
    if level != "community":
        return official.removesuffix("办事处")
    name = re.sub("村(?:民委员会|委会)$", "村", official)
    if name != official:
        return re.sub("村村$", "村", name)
    name = re.sub("(?:居民委员会|居委会)$", "", official)
    return name if name == official or name.endswith(("社区", "村")) else name + "社区"


# What people write for a name's ending; the first is the one shown.
_ENDINGS = {
    "street": (
        ("街道", "街道办事处", "街道办", "街办", "办事处"),
        ("镇", "镇人民政府", "镇政府"),
        ("乡", "乡人民政府", "乡政府"),
    ),
    "community": (("社区", "社区居民委员会", "社区居委会", "居民委员会", "居委会"), ("村", "村民委员会", "村委会")),
}


def spellings(name: str, level: str) -> set[str]:
    """The ways in which a division's name is written; never without its kind, lest a road be taken for it."""
    found = {name}
    for endings in _ENDINGS.get(level, ()):
        if name.endswith(endings[0]) and len(name) > len(endings[0]):
            found |= {name.removesuffix(endings[0]) + ending for ending in endings}
    return {spelled for spelled in found if len(spelled) > 1}


def english_name(name: str) -> str:
    """A name for English readers: the proper part in pinyin, the kind of place translated."""
    if match := _ORDINAL_GRID.fullmatch(name):
        return f"Grid {match[1]}"
    for ending, english in _TYPES_EN:
        if name.endswith(ending) and len(name) > len(ending):
            return f"{romanised(name.removesuffix(ending))} {english}"
    return romanised(name)


def in_order(lines: Iterable[Listed]) -> list[Listed]:
    """Parents before their children; the last of several lines with one code counts."""
    return sorted({line.code: line for line in lines}.values(), key=lambda line: (len(line.code), line.code))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` things shared out by weight, at least one each, by largest remainder.

    ValueError when there are fewer things than shares or no weight at all.
    """
    if not weights or total < len(weights) or sum(weights) <= 0:
        raise ValueError("not enough to share out")
    left = total - len(weights)
    exact = [left * weight / sum(weights) for weight in weights]
    given = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (given[i] - exact[i], i))
    for i in by_remainder[: left - sum(given)]:
        given[i] += 1
    return [share + 1 for share in given]


def recoded(code: str, old: str, new: str) -> str:
    """``code`` with the beginning ``old`` replaced; codes that begin otherwise stay."""
    return new + code[len(old) :] if code.startswith(old) else code
