"""Form fields for the questions of an item's form, and the answers they were given."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.territory import public as territory
from zhitong.ui.action_forms import TextField
from zhitong.ui.public import CascadeSelect, DateInput

from ..choices import QuestionKind
from ..rules.questions import Question
from ..rules.terms import Term, parse

PREFIX = "answer_"
_DECIMAL, _ALNUM, _TEL = {"inputmode": "decimal"}, {"autocapitalize": "characters"}, {"inputmode": "tel"}
_ATTRS: dict[str, dict[str, str]] = {
    QuestionKind.NUMBER: _DECIMAL, QuestionKind.MONEY: _DECIMAL, QuestionKind.CITIZEN_ID: _ALNUM,
    QuestionKind.CREDIT_CODE: _ALNUM, QuestionKind.PHONE: _TEL,
}  # fmt: skip
_REQUIRED = _("此项必填。")
LONGEST = 4000


class Asking(Protocol):
    """Whatever has questions: a version, or several put together."""

    @property
    def form(self) -> Sequence[Question]: ...


def question_fields(version: Asking) -> dict[str, forms.Field]:
    """A field for each question, named ``answer_<slug>``.  Whether an answer will do is asked of the rules, not of the field."""
    return {f"{PREFIX}{one.slug}": _field(one) for one in version.form}


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as the page asks it: its control, ``when`` for the script that hides it, the same in ``words``,
    and whether it must be answered where it is asked."""

    bound: BoundField
    when: str
    words: str
    must: bool


_SAYS = {
    "=": _("“%(question)s”选“%(values)s”"),
    "!=": _("“%(question)s”不选“%(values)s”"),
    ">=": _("“%(question)s”不少于%(values)s"),
    "<=": _("“%(question)s”不超过%(values)s"),
    ">": _("“%(question)s”大于%(values)s"),
    "<": _("“%(question)s”小于%(values)s"),
}
_YES_NO = {"是": "yes", "否": "no"}


def in_words(condition: str, form: Sequence[Question]) -> str:
    """A condition as an applicant understands it, by the words of the questions."""
    labels = {one.slug: one.label for one in form}
    found = [
        _SAYS[one.operator] % {"question": labels.get(one.slug, one.slug), "values": gettext("、").join(one.values)}
        for one in parse(condition)
    ]
    return gettext("，并且").join(map(str, found))


def watched(conditions: Iterable[str], form: Sequence[Question]) -> str:
    """Conditions for ``when.js``: a JSON list of which one must hold, each a list of terms (control, operator, values)."""
    yes_no = {one.slug for one in form if one.kind == QuestionKind.YES_NO}

    def values(term: Term) -> list[str]:
        return [_YES_NO.get(value, value) if term.slug in yes_no else value for value in term.values]

    found = [[[PREFIX + one.slug, one.operator, values(one)] for one in parse(text)] for text in conditions]
    return json.dumps(found, ensure_ascii=False) if found else ""


def answers_in(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by the slug of their question."""
    return {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}


def _field(one: Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": one.label, "required": one.required and not one.when, "help_text": one.help,
        "error_messages": {"required": _REQUIRED},
    }  # fmt: skip
    if one.kind == QuestionKind.CHOICES:
        pairs = [(choice, choice) for choice in one.choices]
        return forms.MultipleChoiceField(choices=pairs, widget=forms.CheckboxSelectMultiple, **common)
    if one.kind in (QuestionKind.CHOICE, QuestionKind.YES_NO, QuestionKind.DIVISION):
        return _picked(one, common)
    if one.kind == QuestionKind.LONG:
        return TextField(max_length=LONGEST, widget=forms.Textarea({"rows": "4"}), **common)
    if one.kind == QuestionKind.DATE:
        return TextField(max_length=40, widget=DateInput(), **common)
    return TextField(max_length=400, widget=forms.TextInput(_ATTRS.get(one.kind, {})), **common)


def _picked(one: Question, common: dict[str, Any]) -> forms.Field:
    if one.kind == QuestionKind.DIVISION:
        pairs: list[tuple[str, Any]] = [("", _("请选择")), *_divisions()]
        return forms.ChoiceField(choices=pairs, widget=CascadeSelect, **common)
    pairs = [(choice, choice) for choice in one.choices]
    if one.kind == QuestionKind.YES_NO:
        pairs = [("yes", _("是")), ("no", _("否"))]
    return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **common)


def _divisions() -> list[tuple[str, str]]:
    """Streets and communities as paths, by code."""
    found = []
    for street in territory.of_level(territory.Level.STREET):
        found.append((street.code, str(street)))
        inside = territory.children(street.id)
        found += [(one.code, f"{street} / {one}") for one in inside if one.level == territory.Level.COMMUNITY]
    return found
