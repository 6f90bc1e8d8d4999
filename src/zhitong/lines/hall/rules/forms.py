"""Whether the questions of a version make a form, and whether conditions on them can ever be met."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..choices import QuestionKind
from .problems import Problem
from .questions import BORN, MOST_CHOICES, TODAY, Question, fixed
from .terms import BadTerm, parse

LONGEST_NAME = 40
_CHOOSING = (QuestionKind.CHOICE, QuestionKind.CHOICES)
_BOUNDED = (QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.DATE)
_SIZED = (*_BOUNDED, QuestionKind.CITIZEN_ID)


def is_name(text: str) -> bool:
    """Whether a question may be called so in conditions and papers."""
    return text.isidentifier() and len(text) <= LONGEST_NAME and text not in (*TODAY, *BORN)


def faults(questions: Sequence[Question]) -> list[Problem]:
    """What keeps the questions from being a form, in their order."""
    about = _("问题“%(label)s”：%(what)s")
    return [
        Problem("question", "questions", about % {"label": one.label or one.slug, "what": what})
        for one, what in ((questions[index], what) for index, what in faults_by_place(questions))
    ]


def faults_by_place(questions: Sequence[Question]) -> list[tuple[int, Any]]:
    """The same as sentences, each with the place of its question."""
    found: list[tuple[int, Any]] = []
    seen: dict[str, Question] = {}
    every = {one.slug: one for one in questions}
    for index, one in enumerate(questions):
        messages = [*_of_itself(one), *_of_limits(one, every), *unmet(one.when, seen)]
        if one.slug in seen:
            messages.append(_("字段名“%(name)s”用了两次，请改名。") % {"name": one.slug})
        found += [(index, what) for what in messages]
        seen[one.slug] = one
    return found


def _of_itself(one: Question) -> list[Any]:
    found: list[Any] = []
    if not is_name(one.slug):
        found.append(_("字段名只能用汉字、字母、数字和下划线，不能以数字开头，最多40字。"))
    if not one.label:
        found.append(_("请填写问题。"))
    if one.kind not in QuestionKind.values:
        found.append(_("请选择填写方式。"))
    if one.kind in _CHOOSING and not 2 <= len(set(one.choices)) <= MOST_CHOICES:
        found.append(_("请填写2至%(n)d个选项。") % {"n": MOST_CHOICES})
    if one.kind not in _CHOOSING and one.choices:
        found.append(_("只有单选和多选才有选项。"))
    return found


def _of_limits(one: Question, every: Mapping[str, Question]) -> list[Any]:
    found: list[Any] = []
    for text in (one.least, one.most):
        if text and one.kind not in _BOUNDED:
            found.append(_("只有数字、金额和日期才有上下限。"))
        elif text and not _is_limit(text, one, every):
            found.append(_("上下限“%(text)s”不是数值、日期或者另一个问题的字段名。") % {"text": text})
    return found


def _is_limit(text: str, one: Question, every: Mapping[str, Question]) -> bool:
    is_day = one.kind == QuestionKind.DATE
    if text in TODAY or text in BORN:
        return is_day
    if text in every:
        other = every[text].kind
        days = (QuestionKind.DATE, QuestionKind.CITIZEN_ID)
        return text != one.slug and (other in days if is_day else other in (QuestionKind.NUMBER, QuestionKind.MONEY))
    limit = fixed(text)
    return limit is not None and hasattr(limit, "isoformat") is is_day


def unmet(condition: str, known: Mapping[str, Question]) -> list[Any]:
    """Why a condition on these questions could never be met."""
    try:
        terms = parse(condition)
    except BadTerm:
        return [_("条件“%(text)s”无法识别，请写成“字段名=答案”。") % {"text": condition}]
    found: list[Any] = []
    for term in terms:
        one = known.get(term.slug)
        if one is None:
            found.append(_unknown(term.slug, known))
            continue
        given = one.choices if one.kind in _CHOOSING else ("是", "否") if one.kind == QuestionKind.YES_NO else ()
        if wrong := [value for value in term.values if given and value not in given]:
            found.append(_("条件里的“%(value)s”不是“%(label)s”的选项。") % {"value": wrong[0], "label": one.label})
        if term.operator not in ("=", "!=") and one.kind not in _SIZED:
            found.append(_("“%(label)s”不能比较大小。") % {"label": one.label})
    return found


def of_materials(materials: Sequence[Mapping[str, Any]], questions: Sequence[Question]) -> list[Problem]:
    """What is wrong with the conditions of materials."""
    every = {one.slug: one for one in questions}
    found: list[Problem] = []
    for material in materials:
        when = material.get("needed_when") or ""
        messages = unmet(when, every)
        if when and not material.get("condition"):
            messages.append(_("请用一句话写明何时需要，供群众阅读。"))
        about, name = _("材料“%(name)s”：%(what)s"), material["name"]
        found += [Problem("condition", "materials", about % {"name": name, "what": what}) for what in messages]
    return found


def _unknown(name: str, known: Mapping[str, Question]) -> Any:
    if not known:
        return _("条件里的“%(name)s”不是前面问题的字段名。") % {"name": name}
    told = {"name": name, "known": "、".join(known)}
    return _("条件里的“%(name)s”不是前面问题的字段名，可以用：%(known)s。") % told
