"""What stands between braces in a template: names of facts, conditions, rows.  Anything else is refused, with where it stands."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from jinja2 import Environment, TemplateSyntaxError, nodes

from .kinds import PaperKind
from .word import FILTERS

TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#.*?#\}", re.DOTALL)
LEFT = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
PREFIX = re.compile(r"^(tr|tc|p|r)(?=\s)")
FOR = re.compile(r"^for\s+(\w+)\s+in\s+(\w+)$")
MOST_NESTED, MOST_EXPRESSION = 6, 300
LOOP = ("index", "first", "last", "length")
STRAIGHT = str.maketrans("“”‘’＝（）", "\"\"''=()")

UNKNOWN = _("没有“%(what)s”这项要素。")
PERHAPS = _("没有“%(what)s”这项要素，是不是“%(near)s”？")
COLUMN = _("“%(what)s”不是这张表的栏目，可用：%(near)s。")
IS_ROWS = _("“%(what)s”是多行内容，须在表格中写{%%tr for 行 in %(what)s %%}。")
NO_ROWS = _("“%(what)s”不是多行内容，不能用for。")
BRACES = _("花括号没有成对：%(what)s")
SYNTAX = _("写法有误：%(what)s")
NOT_HERE = _("不支持这种写法：%(what)s")
NESTED = _("for不能套在for里：%(what)s")
UNOPENED = _("多出一个“%(what)s”，前面没有对应的开头。")
UNCLOSED = _("“%(what)s”没有结束，缺少%(near)s。")
ASTRAY = _("“%(what)s”与“%(near)s”不在同一段落层次、同一单元格或同一表格里。")
ROW_ONLY = _("%(what)s只能写在表格的行里。")


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence with what it is about, and where that stands: part of the document, paragraph, the words around."""

    sentence: Any
    values: Mapping[str, str] = field(default_factory=dict)
    part: Any = ""
    paragraph: int = 0
    around: str = ""

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)

    @property
    def where(self) -> str:
        """正文第3段“您（单位）提交的…”; "" for the file as a whole."""
        if not self.paragraph:
            return str(self.part)
        return str(_("%(part)s第%(n)s段：%(around)s")) % {"part": self.part, "n": self.paragraph, "around": self.around}


@dataclass(frozen=True, slots=True)
class Block:
    """A condition or loop that was begun; ``columns`` under the name of its row, ``place`` where it must end."""

    keyword: str
    shown: str
    columns: Mapping[str, str]
    place: str
    at: tuple[int, str]


@dataclass
class Flow:
    """One part of the document, read paragraph by paragraph."""

    kind: PaperKind
    part: Any
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _open: list["Block"] = field(default_factory=list)
    _at: tuple[int, str] = (0, "")
    _inside: str = ""
    _table: str = ""

    def read(self, text: str, number: int, *, inside: str, table: str = "") -> None:
        """The tags of one paragraph; ``inside`` says of what the paragraph is part, ``table`` of which table's row, if of any."""
        self._at, self._inside, self._table = (number, text.strip()[:24]), inside, table
        for found in TAG.finditer(text):
            if found[1] is not None:
                self._expression(found[1], found[0])
            elif found[2] is not None:
                self._tag(found[2], found[0])
        if stray := LEFT.search(TAG.sub("", text)):
            self._say(BRACES, stray[0])

    def ended(self) -> list[Problem]:
        """What is wrong, with what was never closed."""
        for block in self._open:
            values = {"what": block.shown, "near": f"{{% end{block.keyword} %}}"}
            self.problems.append(Problem(UNCLOSED, values, self.part, *block.at))
        return self.problems

    def _say(self, sentence: Any, what: str, near: str = "") -> None:
        self.problems.append(Problem(sentence, {"what": what[:60], "near": near}, self.part, *self._at))

    def _tag(self, inside: str, shown: str) -> None:
        text = inside.strip("-+ \t\n").translate(STRAIGHT)
        prefix = PREFIX.match(text)
        if prefix and prefix[1] == "tr" and not self._table:
            self._say(ROW_ONLY, shown)
        if prefix and prefix[1] in ("tc", "r"):
            self._say(NOT_HERE, shown)
        text = text[prefix.end() :].strip() if prefix else text
        keyword = text.split(None, 1)[0] if text else ""
        place = f"row {self._table}" if prefix and prefix[1] == "tr" else self._inside
        match keyword:
            case "for":
                self._for(text, shown, place)
            case "if":
                self._expression(text[2:], shown)
                self._push("if", shown, {}, place)
            case "elif" | "else":
                if keyword == "elif":
                    self._expression(text[4:], shown)
                if not self._open or self._open[-1].keyword != "if":
                    self._say(UNOPENED, shown)
            case "endfor" | "endif":
                self._pop(keyword[3:], shown, place)
            case _:
                self._say(NOT_HERE, shown)

    def _push(self, keyword: str, shown: str, columns: Mapping[str, str], place: str) -> None:
        if len(self._open) >= MOST_NESTED:
            self._say(NOT_HERE, shown)
        self._open.append(Block(keyword, shown, columns, place, self._at))

    def _pop(self, keyword: str, shown: str, place: str) -> None:
        if not self._open or self._open[-1].keyword != keyword:
            self._say(UNOPENED, shown)
            return
        block = self._open.pop()
        if block.place != place:
            self._say(ASTRAY, block.shown, shown)

    def _for(self, text: str, shown: str, place: str) -> None:
        found = FOR.match(text)
        columns: dict[str, str] = {}
        if found is None:
            self._say(SYNTAX, shown)
        else:
            fact = self.kind.names.get(found[2])
            if found[2] not in self.kind.names:
                self._unknown(found[2])
            elif fact is None or not fact.columns:
                self._say(NO_ROWS, found[2])
            else:
                columns = {name: found[1] for _slug, name in fact.columns}
                self.used.add(found[2])
        if any(block.keyword == "for" for block in self._open):
            self._say(NESTED, shown)
        self._push("for", shown, columns or {"": found[1] if found else ""}, place)

    def _expression(self, text: str, shown: str) -> None:
        text = text.strip("-+ \t\n").translate(STRAIGHT)
        if not text or len(text) > MOST_EXPRESSION:
            self._say(SYNTAX, shown)
            return
        try:
            tree = _environment().parse("{{ " + text + " }}")
        except (TemplateSyntaxError, RecursionError):
            self._say(SYNTAX, shown)
            return
        output = tree.body[0]
        if len(tree.body) != 1 or not isinstance(output, nodes.Output) or len(output.nodes) != 1:
            self._say(SYNTAX, shown)
            return
        self._check(output.nodes[0], shown, is_shown=shown.startswith("{{"))

    def _check(self, node: nodes.Node, shown: str, *, is_shown: bool) -> None:
        if isinstance(node, nodes.Name):
            self._name(node.name, is_shown)
        elif isinstance(node, nodes.Getattr):
            self._column(node, shown)
        elif not _is_plain(node):
            self._say(NOT_HERE, shown)
        elif isinstance(node, ALLOWED):
            rows = isinstance(node, nodes.Filter) and node.name == "length"
            for child in node.iter_child_nodes():
                self._check(child, shown, is_shown=is_shown and not rows)
        else:
            self._say(NOT_HERE, shown)

    def _name(self, name: str, is_shown: bool) -> None:
        fact = self.kind.names.get(name)
        if name not in self.kind.names:
            self._unknown(name)
        elif fact is not None and fact.columns and is_shown:
            self._say(IS_ROWS, name)
        self.used.add(name)

    def _unknown(self, name: str) -> None:
        near = difflib.get_close_matches(name, list(self.kind.names), n=1, cutoff=0.4)
        self._say(PERHAPS if near else UNKNOWN, name, near[0] if near else "")

    def _column(self, node: nodes.Getattr, shown: str) -> None:
        """行.名称, and loop.index."""
        columns = next((block.columns for block in reversed(self._open) if block.keyword == "for"), None)
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        if columns is None or not base:
            self._say(NOT_HERE, shown)
        elif base == "loop":
            if node.attr not in LOOP:
                self._say(COLUMN, node.attr, "、".join(LOOP))
        elif base not in columns.values():
            if base in self.kind.names:  # is there, and has no columns of its own here
                self._say(NOT_HERE, shown)
            else:
                self._unknown(base)
        elif node.attr not in columns and "" not in columns:
            self._say(COLUMN, node.attr, "、".join(columns))


ALLOWED = (nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter,
           nodes.Test)  # fmt: skip


def _is_plain(node: nodes.Node) -> bool:
    """Whether a filter or test is one of the few there are."""
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS and not node.kwargs and node.dyn_args is None
    return not isinstance(node, nodes.Test) or node.name == "defined"


@cache
def _environment() -> Environment:
    """To read with; what may stand in braces is asked of the tree, so that the sentence fits."""
    return Environment()
