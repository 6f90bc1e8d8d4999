"""The columns of a catalogue in a table, and how a row that continues the item above is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column.  ``reads``: text, number, yes, choice or choices."""

    key: str
    heading: str
    heading_en: str
    reads: str = "text"
    is_needed: bool = False
    most: int = 2000


ITEM = (
    Column("base_code", "基本编码", "Base code", is_needed=True, most=40),
    Column("base_name", "基本目录名称", "Name of the base item", most=120),
    Column("kind", "事项类型", "Kind of item", "choice"),
    Column("code", "实施编码", "Item code", is_needed=True, most=40),
    Column("name", "事项名称", "Name of the item", is_needed=True, most=120),
    Column("organ", "实施单位", "Organ in charge", is_needed=True, most=120),
    Column("offered_at", "行使层级", "Level", "choice"),
    Column("topic", "主题", "Topic", "choice", is_needed=True),
    Column("audience", "服务对象", "For whom", "choices", is_needed=True),
    Column("everyday", "通俗叫法", "Everyday words", most=300),
    Column("basis", "设定依据", "Legal basis"),
    Column("conditions", "受理条件", "Conditions"),
    Column("statutory_days", "法定时限（工作日）", "Statutory limit (working days)", "number"),
    Column("promised_days", "承诺时限（工作日）", "Promised limit (working days)", "number"),
    Column("is_instant", "即办", "While you wait", "yes"),
    Column("visits", "跑动次数", "Visits", "choice"),
    Column("fee", "收费", "Fee", most=200),
    Column("delivery", "送达方式", "Delivery", "choices"),
    Column("place", "办理地点", "Where to go", most=200),
    Column("consult_phone", "咨询电话", "Phone for questions", most=40),
    Column("complaint_phone", "投诉电话", "Phone for complaints", most=40),
    Column("result", "结果名称", "Name of the result", most=120),
    Column("result_paper", "结果文书", "Result paper", most=60),
    Column("valid_for", "有效期", "Valid for", most=40),
)
MATERIAL = (
    Column("material", "材料名称", "Name of the material", most=120),
    Column("form", "形式", "Form", "choice"),
    Column("copies", "份数", "Copies", "number"),
    Column("condition", "何时需要", "When needed", most=200),
    Column("needed_when", "需要的条件", "Needed when (answers)", most=300),
    Column("is_deferrable", "可容缺", "Deferrable", "yes"),
    Column("by_commitment", "可告知承诺", "By commitment", "yes"),
    Column("held_by", "免提交来源", "Already held by", most=120),
)
COLUMNS = ITEM + MATERIAL
QUESTIONS = (
    Column("code", "实施编码", "Item code", is_needed=True, most=40),
    Column("slug", "字段名", "Field name", is_needed=True, most=40),
    Column("label", "问题", "Question", is_needed=True, most=200),
    Column("kind", "填写方式", "How it is answered", "choice", is_needed=True),
    Column("required", "必填", "Required", "yes"),
    Column("help", "填写说明", "Help", most=300),
    Column("choices", "选项", "Choices"),
    Column("when", "何时询问", "Asked when", most=300),
    Column("least", "下限", "Least", most=40),
    Column("most", "上限", "Most", most=40),
)
MOST_NUMBER = 10_000
_YES = {"是": True, "有": True, "1": True, "yes": True, "y": True, "true": True, "√": True}
_NO = {"": False, "否": False, "无": False, "0": False, "no": False, "n": False, "false": False}


class BadCell(ValueError):
    """What is wrong with a cell: missing, too_long, not_a_number, not_yes_or_no, not_a_choice."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def places(headings: Sequence[str], columns: Sequence[Column] = COLUMNS) -> dict[str, int]:
    """Where each column stands, by its key; a heading may be Chinese, English or the key itself."""
    found: dict[str, int] = {}
    for column in columns:
        names = {column.heading, column.heading_en.lower(), column.key, column.heading.split("（")[0]}
        at = next((i for i, heading in enumerate(headings) if heading in names or heading.lower() in names), None)
        if at is not None:
            found[column.key] = at
    return found


def absent(found: Mapping[str, int], columns: Sequence[Column] = COLUMNS) -> list[Column]:
    """The columns without which nothing can be taken over."""
    return [column for column in columns if column.is_needed and column.key not in found]


def read_cell(column: Column, text: str, choices: Mapping[str, str]) -> Any:
    """The value of a cell, ``choices`` being its words with their slugs.  Raises ``BadCell``."""
    if not text and column.is_needed:
        raise BadCell("missing")
    if len(text) > column.most:
        raise BadCell("too_long")
    match column.reads:
        case "number":
            return _number(text)
        case "yes":
            return _yes(text)
        case "choice":
            return _one(text, choices) if text else ""
        case "choices":
            return [_one(part, choices) for part in split(text)]
    return text


def split(text: str) -> list[str]:
    """The parts of an enumeration."""
    for mark in "，,；;/\n":
        text = text.replace(mark, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_NUMBER:
        raise BadCell("not_a_number")
    return int(text)


def _yes(text: str) -> bool:
    found = {**_YES, **_NO}.get(text.lower())
    if found is None:
        raise BadCell("not_yes_or_no")
    return found


def _one(text: str, choices: Mapping[str, str]) -> str:
    if text.lower() not in choices:
        raise BadCell("not_a_choice")
    return choices[text.lower()]
