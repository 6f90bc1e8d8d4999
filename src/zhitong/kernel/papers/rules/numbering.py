"""Numbered paragraphs: 1. 2. 3., 一、 二、 三、, (1), and points."""

import re
from typing import Any

from .styles import W, at, number, points

DIGITS = "零一二三四五六七八九"
BULLET = "•"


class Numbering:
    """The lists of one document, counting as they are read."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, list[int]] = {}
        if root is None:
            return
        abstract = {at(one, "abstractNumId"): one for one in root.findall(W + "abstractNum")}
        for num in root.findall(W + "num"):
            base = num.find(W + "abstractNumId")
            found = abstract.get(at(base, "val") if base is not None else None)
            if found is not None:
                self._levels[at(num, "numId") or ""] = {
                    int(number(at(level, "ilvl"))): level for level in found.findall(W + "lvl")
                }

    def label(self, look: dict[str, Any]) -> str:
        """What stands before a paragraph; "" where it is not numbered.  Its indents become the level's where it has none."""
        key, level = look.pop("num", ("0", 0))
        found = self._levels.get(key, {}).get(level)
        if found is None:
            return ""
        counts = self._counts.setdefault(key, [0] * 10)
        counts[level] += 1
        counts[level + 1 :] = [0] * (9 - level)
        indent = found.find(f"{W}pPr/{W}ind")
        if indent is not None and not look["left"] and not look["first"]:
            look["left"] = points(at(indent, "left") or at(indent, "start"))
            look["first"] = points(at(indent, "firstLine")) - points(at(indent, "hanging"))
        return self._text(key, found, counts)

    def _text(self, key: str, level: Any, counts: list[int]) -> str:
        def count(found: re.Match[str]) -> str:
            n = int(found[1]) - 1
            form = self._levels[key].get(n, level).find(W + "numFmt")
            return counted(max(counts[n], 1), at(form, "val") if form is not None else None)

        text, form = level.find(W + "lvlText"), level.find(W + "numFmt")
        if form is not None and at(form, "val") == "bullet":
            return BULLET + " "
        return re.sub(r"%([1-9])", count, (at(text, "val") if text is not None else "") or "")


def counted(n: int, form: str | None) -> str:
    """A number as its list writes it."""
    if form in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
    ):
        return chinese(n)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (n - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalEnclosedCircle" and n <= 20:
        return chr(0x2460 + n - 1)
    return "" if form == "none" else str(n)


def chinese(n: int) -> str:
    """一 to 九十九; beyond that in digits."""
    if n > 99:
        return str(n)
    tens, ones = divmod(n, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")
