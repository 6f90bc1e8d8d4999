"""Answers from a phone, checked against the form they were given to: nothing is taken that the form does not ask for."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from django.utils.translation import gettext_lazy as _

from .expressions import says
from .functions import days
from .xform import META, SELECTS, Form, Question, bare

LARGEST = 1_000_000  # bytes
MOST_PLACES = 5_000  # elements in one answer
LONGEST = 20_000  # characters in one of them
POINT = re.compile(r"^-?\d{1,2}(\.\d+)? -?\d{1,3}(\.\d+)?( -?\d+(\.\d+)?){0,2}$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one answer: its place in the form, and a sentence."""

    path: str
    label: str
    message: object


class Unreadable(Exception):
    """Not an answer to this form at all; the message says why."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


def checked(form: Form, content: bytes) -> tuple[dict[str, Any], list[Wrong], str]:
    """The answers as nested values, what is wrong with them, and the id the phone gave them.

    Values are texts by name; a group is a dictionary, a repeat a list of them.  What is not relevant is left out, as the phone
    leaves it out.  ``Unreadable`` when the XML is none, or of another form.
    """
    root = _root(form, content)
    _typed(form, root, "/" + form.root)
    wrong: list[Wrong] = []
    values = _values(form, root, root, "/" + form.root, wrong)
    return values, wrong, root.findtext(f"{META}/instanceID") or ""


def _root(form: Form, content: bytes) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > LARGEST:
        raise Unreadable(_("答卷太大。"))
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as broken:
        raise Unreadable(_("答卷读不出来，请重新打开表单再提交。")) from broken
    for count, element in enumerate(root.iter()):
        element.tag = bare(element)
        if count > MOST_PLACES or len(element.text or "") > LONGEST:
            raise Unreadable(_("答卷太大。"))
    if bare(root) != form.root or root.get("id") != form.form_id:
        raise Unreadable(_("答卷不是这张表单的。"))
    return root


def _typed(form: Form, element: Element, path: str) -> None:
    """Days as numbers, as conditions count them; what was written stays in ``said``."""
    for child in element:
        here = f"{path}/{child.tag}"
        question = form.questions.get(here)
        child.set("said", child.text or "")
        if question and question.type in ("date", "dateTime") and child.text:
            count = days(child.text.strip())
            child.text = str(count) if count == count else child.text
        _typed(form, child, here)


def _values(form: Form, root: Element, element: Element, path: str, wrong: list[Wrong]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in element:
        here = f"{path}/{child.tag}"
        question = form.questions.get(here)
        if question is None:
            wrong.append(Wrong(here, child.tag, _("表单里没有这一题。")))
            continue
        if question.relevant and says(question.relevant, root, child) is False:
            continue
        if question.is_repeat:
            values.setdefault(child.tag, []).append(_values(form, root, child, here, wrong))
        elif question.is_group:
            values[child.tag] = _values(form, root, child, here, wrong)
        else:
            said = (child.get("said") or "").strip()
            message = _fault(question, said, root, child)
            if message is not None:
                wrong.append(Wrong(here, question.label or question.name, message))
            if said:
                values[child.tag] = said
    return values


def _fault(question: Question, said: str, root: Element, here: Element) -> object | None:
    """What is wrong with one answer; None when nothing is."""
    if not said:
        needed = bool(question.required) and says(question.required, root, here) is True
        return _("这一题必填。") if needed and question.is_asked else None
    message = _of_type(question, said)
    if message is None and question.constraint and says(question.constraint, root, here) is False:
        message = question.message or _("填写的内容不符合要求。")
    return message


def _of_type(question: Question, said: str) -> object | None:
    if question.control in SELECTS:
        chosen = [said] if question.control == "select1" else said.split()
        return None if not question.choices or set(chosen) <= set(question.choices) else _("所选不在选项之中。")
    test = TYPES.get(question.type)
    if test is None:
        return None
    try:
        test(said)
    except ValueError:
        message: object = MESSAGES[question.type]
        return message
    return None


def _whole(said: str) -> None:
    if not re.fullmatch(r"-?\d{1,18}", said):
        raise ValueError


def _point(said: str) -> None:
    if not POINT.match(said):
        raise ValueError


def _points(said: str) -> None:
    for one in said.split(";"):
        if one.strip():
            _point(one.strip())


TYPES: dict[str, Any] = {
    "int": _whole, "decimal": float, "date": date.fromisoformat, "dateTime": datetime.fromisoformat,
    "time": lambda said: time.fromisoformat(said), "geopoint": _point, "geotrace": _points, "geoshape": _points,
}  # fmt: skip
MESSAGES: dict[str, Any] = {
    "int": _("应填整数。"), "decimal": _("应填数字。"), "date": _("应填日期。"), "dateTime": _("应填日期和时间。"),
    "time": _("应填时间。"), "geopoint": _("应是一个坐标。"), "geotrace": _("应是一串坐标。"), "geoshape": _("应是一串坐标。"),
}  # fmt: skip
