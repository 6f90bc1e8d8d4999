"""The questions of a form, read from its XForm: what may be answered, of which type, under which conditions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

JR, XF, ODK = "{http://openrosa.org/javarosa}", "{http://www.w3.org/2002/xforms}", "{http://www.opendatakit.org/xforms}"
HTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = {"input", "select", "select1", "upload", "trigger", "range", "rank"}
SELECTS = {"select", "select1", "rank"}
META = "meta"
TABLES = ("file-csv", "file")  # what a form looks things up in
RESOURCE = re.compile(r"jr://(images|audio|video|file-csv|file)/([^\"'<>&/\\]+)")
KINDS: dict[str, Any] = {
    "input": "", "select1": _("单选"), "select": _("多选"), "rank": _("排出先后"), "upload": _("照片、文件"), "trigger": _("确认"),
    "range": _("滑动选数"),
}  # fmt: skip
TYPES: dict[str, Any] = {
    "string": _("填空"), "int": _("整数"), "decimal": _("小数"), "date": _("日期"), "time": _("时间"), "dateTime": _("日期和时间"),
    "geopoint": _("位置"), "geotrace": _("路线"), "geoshape": _("区域"), "barcode": _("条码"),
}  # fmt: skip


@dataclass(slots=True)
class Question:
    """One place in the answers.  ``path`` is absolute, ``/data/member/age``; ``control`` is empty for what nobody is asked."""

    path: str
    control: str = ""
    type: str = "string"
    label: str = ""
    hint: str = ""
    required: str = ""
    relevant: str = ""
    constraint: str = ""
    message: str = ""
    calculate: str = ""
    is_readonly: bool = False
    is_group: bool = False
    is_repeat: bool = False
    choices: dict[str, str] = field(default_factory=dict)  # value: label; empty when they are not fixed
    media: str = ""  # of an upload, what is asked for: image/*, audio/*
    mapped: str = ""  # the field of the register it is filled from and writes back to

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def kind_label(self) -> str:
        """What sort of question it is, in words."""
        return str(KINDS.get(self.control) or TYPES.get(self.type) or TYPES["string"])

    @property
    def takes_file(self) -> bool:
        """Whether a file is answered: a picture, a document, sound or film."""
        return self.control == "upload"

    @property
    def is_asked(self) -> bool:
        """Whether somebody is asked, and it is not a mere note."""
        return bool(self.control) and not self.is_group and not (self.control == "input" and self.is_readonly)


@dataclass(slots=True)
class Form:
    """``questions`` by path, in the order of the form; groups and repeats are among them."""

    root: str
    form_id: str
    version: str
    title: str
    questions: dict[str, Question]

    @property
    def asked(self) -> list[Question]:
        """What somebody answers, in the order of the form."""
        return [question for question in self.questions.values() if question.is_asked]


def needed(xform: str) -> dict[str, str]:
    """Name and sort (``file-csv``, ``images``, ...) of every file that the form looks up or shows."""
    return {name: sort for sort, name in RESOURCE.findall(xform)}


def bare(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


@lru_cache(maxsize=32)
def parsed(xform: str) -> Form:
    """The form, kept for the next answer to it: whoever has it must not change it."""
    return parse(xform)


def parse(xform: str) -> Form:
    """The form.  ``ValueError`` when it is none."""
    from defusedxml.ElementTree import fromstring

    tree = fromstring(xform)
    model = tree.find(f"{HTML}head/{XF}model")
    body = tree.find(f"{HTML}body")
    first = model.find(f"{XF}instance") if model is not None else None
    if model is None or body is None or first is None or len(first) == 0:
        raise ValueError("not an XForm")
    data = first[0]
    questions = {question.path: question for question in _places(data, "/" + bare(data))}
    words = _Words(model)
    for bind in model.findall(f"{XF}bind"):
        _bound(questions, bind, words)
    _asked(body, questions, words, "")
    title = tree.findtext(f"{HTML}head/{HTML}title") or ""
    return Form(bare(data), data.get("id", ""), data.get("version", ""), title, questions)


def _places(element: Element, path: str) -> Iterator[Question]:
    """Every place below the element; of a repeat and its template, one."""
    seen = set()
    for child in element:
        here = f"{path}/{bare(child)}"
        if here in seen:
            continue
        seen.add(here)
        yield Question(here, is_group=len(child) > 0)
        yield from _places(child, here)


def _bound(questions: dict[str, Question], bind: Element, words: "_Words") -> None:
    question = questions.get(bind.get("nodeset", ""))
    if question is None:
        return
    question.type = bind.get("type", "string").rsplit(":", 1)[-1]
    question.required = bind.get("required", "")
    question.relevant = bind.get("relevant", "")
    question.constraint = bind.get("constraint", "")
    question.calculate = bind.get("calculate", "")
    question.is_readonly = bind.get("readonly", "").strip() in ("true()", "true")
    question.mapped = bind.get("register", "")
    question.message = words.of_reference(bind.get(f"{JR}constraintMsg", ""))


def _asked(element: Element, questions: dict[str, Question], words: "_Words", repeat: str) -> None:
    """Labels and controls, as the body of the form has them."""
    for part in element:
        kind, path = bare(part), part.get("ref") or part.get("nodeset") or ""
        question = questions.get(path)
        if kind in CONTROLS and question is not None:
            question.control, question.is_group = kind, False
            question.label, question.hint = words.of(part.find(f"{XF}label")), words.of(part.find(f"{XF}hint"))
            question.choices, question.media = _choices(part, words), part.get("mediatype", "")
        elif kind in ("group", "repeat"):
            if question is not None:
                question.is_group = True
                question.is_repeat = question.is_repeat or kind == "repeat"
                question.label = question.label or words.of(part.find(f"{XF}label"))
            _asked(part, questions, words, repeat)


def _choices(part: Element, words: "_Words") -> dict[str, str]:
    """Written out, or a fixed list of the form; a list that is filtered still has no other values."""
    found = {item.findtext(f"{XF}value") or "": words.of(item.find(f"{XF}label")) for item in part.findall(f"{XF}item")}
    itemset = part.find(f"{XF}itemset")
    if itemset is None:
        return found
    written = itemset.get("nodeset", "")
    name = written.partition("instance('")[2].partition("'")[0]
    reference = itemset.find(f"{XF}value")
    return found | words.listed(name, reference.get("ref", "name") if reference is not None else "name")


class _Words:
    """The texts of a form, in its default language."""

    def __init__(self, model: Element) -> None:
        self.texts: dict[str, str] = {}
        self.lists: dict[str, list[Element]] = {}
        spoken = model.findall(f"{XF}itext/{XF}translation")
        default = next((one for one in spoken if one.get("default")), spoken[0] if spoken else None)
        for one in [] if default is None else default:
            plain = (value for value in one if value.get("form") is None)
            self.texts[one.get("id", "")] = "".join("".join(value.itertext()) for value in plain)
        for instance in model.findall(f"{XF}instance"):
            root = instance.find(f"{XF}root")
            if instance.get("id") and root is not None:
                self.lists[instance.get("id", "")] = list(root)

    def of(self, element: Element | None) -> str:
        """The text of a label or a hint."""
        if element is None:
            return ""
        said = self.of_reference(element.get("ref", "")) if element.get("ref") else "".join(element.itertext())
        return " ".join(said.split())

    def of_reference(self, written: str) -> str:
        """``jr:itext('/data/age:label')`` or the text itself."""
        if not written.startswith("jr:itext("):
            return written
        return self.texts.get(written[9:].strip("()'\" "), "")

    def listed(self, name: str, value: str) -> dict[str, str]:
        found: dict[str, Any] = {}
        for item in self.lists.get(name, ()):
            parts = {bare(part): part.text or "" for part in item}
            found[parts.get(value, "")] = self.texts.get(parts.get("itextId", ""), "") or parts.get("label", "")
        found.pop("", None)
        return found
