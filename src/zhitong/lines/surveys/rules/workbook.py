"""Reading XLSForm workbooks: the library of the format's own people makes an XForm of one; what is wrong is said by row.

Source: xlsform.org; pyxform.
"""

import re
import warnings
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.tables import fits

from .expressions import Unclear, understood

LARGEST = 5_000_000  # bytes
MOST_UNPACKED = 60_000_000  # bytes
MOST_PROBLEMS = 50
ROW = re.compile(r"^\s*\[row\s*:\s*(\d+)\]\s*(?:On the '(\w+)' sheet,\s*)?")
CONDITIONS = ("relevant", "constraint", "required", "calculate", "readonly")
STRANGE_SPACE = re.compile(r"""(<model[^>]*>.*?<instance><[\w.-]+(?:\s[^>]*?)?) xmlns="(?![a-z]+:)[^"]*\"""", re.DOTALL)
EMPTY_GROUP = re.compile(r"<group(?:\s[^>]*)?>(?:<label[^>]*/>|<label[^>]*>[^<]*</label>)?</group>")
# How the library says it, and how it is said here.  What is not among them is shown in its own words.
SAID: tuple[tuple[str, Any], ...] = (
    (r"Duplicate column header: (.+)", _("有两列的表头都是“{0}”，请删去一列。")),
    (r"The survey sheet .*missing|must have a sheet named 'survey'|survey.*sheet.*required", _("没有名为 survey 的工作表，题目应写在这张表里。")),
    (r"Unknown question type '?([^'.]+)'?", _("不认识题型“{0}”。")),
    (r"Could not find the name '?([^'\s.]+)'?", _("引用了不存在的题目“{0}”。")),
    (r"Choice names must be unique", _("同一组选项里有两个相同的名称（name）。确要重复时，请在 settings 中把 allow_choice_duplicates 设为 yes。")),
    (r"Missing calculation", _("这一行是 calculate，却没有写算式（calculation）。")),
    (r"element named '([^']+)' has no label", _("题目“{0}”没有显示文字（label）。")),
    (r"List name not in columns sheet: ([\w.-]+)", _("columns 表里没有名为“{0}”的列组。循环请改用 begin repeat。")),
    (r"This section has not been included", _("不支持引用其他工作簿（include），请把题目写在同一份工作簿里。")),
    (r"different names for the same column were found: (.+?)\. Rename", _("有两列其实是同一列（{0}），请保留一列。")),
    (r"Question or group with no type", _("这一行没有写题型（type）。")),
    (r"Question or group with no name", _("这一行没有写名称（name）。")),
    (r"There is no survey element (?:with the name|named) '?([^'.\s]+)'?", _("引用了不存在的题目“{0}”。")),
    (r"Reference variables must refer|no survey element named", _("引用了不存在的题目，请核对所引用的名称。")),
    (r"List name not in choices sheet: ([\w.-]+)", _("选项表（choices）里没有名为“{0}”的选项组。")),
    (r"[Uu]nmatched (?:begin|end) statement|Unmatched '(?:begin|end)|has no matching (?:begin|end)", _("分组或循环的开始与结束不成对。")),
    (r"(?:[Dd]uplicate|more than one).*?'([\w.-]+)'", _("名称“{0}”出现了两次，每题的名称应各不相同。")),
    (r"Invalid.*name '?([^'\s]+)'?", _("名称“{0}”不合规：应以字母开头，只含字母、数字、下划线、连字符和点。")),
    (r"'name' value is invalid. Names must begin", _("名称不合规：应以字母开头，只含字母、数字、下划线、连字符和点。")),
    (r"There should be a choices sheet", _("缺少名为 choices 的工作表，选择题的选项应写在这张表里。")),
    (r"choices? (?:should|must) have a (?:label|name)|'(?:label|name)' value is invalid", _("选项缺少名称或显示文字。")),
)  # fmt: skip
BEGINS = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
CANNOT_READ = _("读不出这个文件：应是 Excel 工作簿（.xlsx 或 .xls），且按 XLSForm 的写法填写。")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (or, as a warning, could be better), where it is: sheet and row as Excel counts them, 0 for the whole."""

    message: object
    sheet: str = "survey"
    row: int = 0
    original: str = ""  # the library's words

    @property
    def where(self) -> str:
        """``survey 12``, or nothing."""
        return f"{self.sheet} {self.row}" if self.row else ""

    @property
    def stored(self) -> dict[str, Any]:
        """As it is kept with the version: in the library's words."""
        return {"sheet": self.sheet, "row": self.row, "message": str(self.original or self.message)}


class Faulty(Exception):
    """The workbook cannot be used; ``problems`` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem.original or problem.message) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Read:
    """A workbook that can be used: ``xform`` is the form as XML, ``itemsets`` the table of outside choices, if it has one."""

    xform: str
    title: str
    warnings: tuple[Problem, ...]
    itemsets: str = ""


def problem_of(said: str) -> Problem:
    """What the library said, in the district's words where there are any; otherwise in its own."""
    original = " ".join(str(said).split())
    found = ROW.match(original)
    row, sheet = (int(found[1]), found[2] or "survey") if found else (0, "survey")
    rest = original[found.end() :] if found else original
    for pattern, words in SAID:
        match = re.search(pattern, rest)
        if match:
            return Problem(_Filled(words, match.groups()), sheet, row, rest)
    return Problem(rest, sheet, row, rest)


class _Filled:
    """A translated sentence with its words put in when it is shown."""

    def __init__(self, sentence: Any, words: tuple[str | None, ...]) -> None:
        self.sentence, self.words = sentence, words

    def __str__(self) -> str:
        return str(self.sentence).format(*(word or "" for word in self.words))


def kind_of(content: bytes) -> str:
    """``.xlsx`` or ``.xls``, by what is in it and not by its name; ``Faulty`` for anything else."""
    found = next((kind for begin, kind in BEGINS.items() if content.startswith(begin)), None)
    if found is None:
        raise Faulty(Problem(CANNOT_READ))
    return found


def read(content: bytes) -> Read:
    """The form in the workbook, which is of the new kind (.xlsx) or of the old one (.xls).  ``Faulty`` when it cannot be used."""
    from pyxform.errors import PyXFormError  # half a second at start-up, and rarely needed
    from pyxform.xls2xform import convert

    kind = kind_of(content)
    _bounded(content, kind)
    said: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library that reads Excel, about what it leaves out
            made = convert(content, warnings=said, validate=False, file_type=kind, form_name="data")
    except PyXFormError as wrong:
        raise Faulty(_placed(problem_of(str(wrong)), content, kind)) from wrong
    except Exception as broken:
        raise Faulty(Problem(CANNOT_READ, original=type(broken).__name__)) from broken
    unclear = _unclear(made._pyxform or {})
    if unclear:
        rows = _rows(content, kind)
        raise Faulty(
            *(
                Problem(one.message, row=rows.get(one.sheet, 0), original=one.original)
                for one in unclear[:MOST_PROBLEMS]
            )
        )
    title = str((made._pyxform or {}).get("title") or "")
    remarks = tuple(
        problem_of(one) for one in said if "max-pixels" not in one
    )  # photos are shrunk before they are sent anyway
    return Read(_tidied(made.xform), title, remarks, made.itemsets or "")


def _tidied(xform: str) -> str:
    """Without what the engine on the phone stumbles over and nobody is asked: a namespace that is no address, a group of nothing."""
    said = STRANGE_SPACE.sub(r"\1", xform, count=1)
    while said != (said := EMPTY_GROUP.sub("", said)):
        pass
    return said


def _bounded(content: bytes, kind: str) -> None:
    """Refuses what is too large, also once unpacked."""
    import zipfile
    import zlib
    from io import BytesIO

    if len(content) > LARGEST:
        raise Faulty(Problem(_("文件太大，最多 5 MB。")))
    if kind != ".xlsx":
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            may_be_read = fits(packed, MOST_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise Faulty(Problem(CANNOT_READ)) from broken
    if not may_be_read:
        raise Faulty(Problem(_("文件展开后太大，请删去多余的工作表和图片。")))


def _unclear(part: dict[str, Any]) -> list[Problem]:
    """Every condition of the part, and of what is in it, that nobody can understand; with the name of its question as the sheet."""
    found = []
    bind, control = part.get("bind") or {}, part.get("control") or {}
    for name in (*CONDITIONS, "choice_filter", "jr:count"):
        written = bind.get(name) or part.get(name) or control.get(name)
        if not isinstance(written, str) or not written.strip():
            continue
        try:
            understood(re.sub(r"\$\{[^}]*\}", "/data/x", written))
        except Unclear as wrong:
            sentence = _("题目“{0}”的 {1} 写不成立：{2}")
            words = (str(part.get("name")), name, written[:200])
            found.append(Problem(_Filled(sentence, words), str(part.get("name")), original=str(wrong)))
    for child in part.get("children") or ():
        found += _unclear(child)
    return found


def _placed(problem: Problem, content: bytes, kind: str) -> Problem:
    """With its row, where the library names the question and not the row."""
    if problem.row:
        return problem
    twice = re.match(r"Duplicate column header: (.+)", problem.original)
    if twice:
        return _doubled(problem, twice[1].strip(), content, kind)
    rows = _rows(content, kind)
    named = re.findall(r"""['"{\[]([\w.-]+)['"}\]]""", problem.original)
    found = next((rows[name] for name in named if name in rows), 0)
    return replace(problem, row=found)


def _doubled(problem: Problem, head: str, content: bytes, kind: str) -> Problem:
    """With the sheet, the row of headings and the letters of the columns that bear the same heading; as it is for what is not .xlsx."""
    from io import BytesIO

    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    if kind != ".xlsx":
        return problem
    for sheet in load_workbook(BytesIO(content), read_only=True).worksheets:
        heads = next(sheet.iter_rows(max_row=1, values_only=True), ())
        at = [get_column_letter(place) for place, said in enumerate(heads, 1) if str(said or "").strip() == head]
        if len(at) > 1:
            sentence = _("{0} 列和 {1} 列的表头都是“{2}”，请删去一列。")
            return replace(problem, message=_Filled(sentence, (at[0], at[1], head)), sheet=sheet.title, row=1)
    return problem


def _rows(content: bytes, kind: str) -> dict[str, int]:
    """Row of each question by its name, as Excel counts; nothing for what is not .xlsx."""
    from io import BytesIO

    from openpyxl import load_workbook

    if kind != ".xlsx":
        return {}
    book = load_workbook(BytesIO(content), read_only=True)
    sheet = next((book[name] for name in book.sheetnames if name.lower() == "survey"), None)
    lines = list(sheet.iter_rows(values_only=True)) if sheet else []
    heads = [str(head or "").strip().lower() for head in lines[0]] if lines else []
    if "name" not in heads:
        return {}
    place = heads.index("name")
    named = ((str(line[place]).strip(), row) for row, line in enumerate(lines[1:], 2) if line[place])
    return dict(named)
