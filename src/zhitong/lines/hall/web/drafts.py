"""The form of a draft: the fields of a version, a row for each material and for each question."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.validators import slug_re
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from zhitong.ui.public import RefusableForm

from ..actions.versions import MOST_MATERIALS
from ..choices import Delivery, QuestionKind
from ..models import Material, Version
from ..queries.versions import result_papers
from ..rules import FIELDS, MATERIAL_FIELDS
from ..rules.forms import LONGEST_NAME, is_name
from ..rules.questions import MOST_QUESTIONS
from .rows import Rows
from .wording import QUESTION

_WIDGETS: dict[str, type[forms.Widget] | forms.Widget] = {
    "basis": forms.Textarea(attrs={"rows": 3}),
    "conditions": forms.Textarea(attrs={"rows": 3}),
}
_PLAIN = tuple(name for name in FIELDS if name not in ("delivery", "result_paper"))
_WORD = re.compile(r"\w+")


class DraftForm(RefusableForm):
    """What a version says, materials and questions left out.  Nothing is required: a draft may be incomplete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = dict(fields_for_model(Version, fields=_PLAIN, widgets=_WIDGETS) or {})
        made["delivery"] = forms.MultipleChoiceField(
            label=_("送达方式"), choices=Delivery.choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        made["result_paper"] = forms.ChoiceField(
            label=_("结果文书"), required=False, help_text=_("办结时按哪份文书模板出证；不出证的不选。")
        )
        for name in FIELDS:
            self.fields[name] = made[name]
        made["result_paper"].choices = self._papers()

    def _papers(self) -> list[tuple[str, str]]:
        """Those there are; what an imported table named otherwise stays until somebody chooses."""
        known, now = result_papers(), str(self["result_paper"].value() or "")
        strange = {now: now} if now and now not in known and slug_re.match(now) else {}
        return [("", str(_("不出证"))), *(known | strange).items()]


class MaterialForm(RefusableForm):
    """One material."""

    TYPED: ClassVar[tuple[str, ...]] = ("name", "condition", "needed_when", "held_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(Material, fields=("name", *MATERIAL_FIELDS)) or {})
        self.fields["copies"].initial = 1
        self.fields["condition"].help_text = _("给群众看的一句话，如“租房经营的”；都要交的留空。")
        _conditional(self.fields["needed_when"])
        self.fields["held_by"].help_text = _("从哪里取得，如“公安人口信息库”；要交的留空。")


class QuestionForm(RefusableForm):
    """One question of the form."""

    TYPED: ClassVar[tuple[str, ...]] = ("slug", "label", "help", "choices", "when", "least", "most")

    slug = forms.CharField(
        label=QUESTION["slug"], max_length=40, required=False, help_text=_("条件和文书里用它指这个问题；留空自动取名。")
    )
    label = forms.CharField(label=QUESTION["label"], max_length=200)
    kind = forms.ChoiceField(label=QUESTION["kind"], choices=QuestionKind.choices)
    required = forms.BooleanField(label=QUESTION["required"], required=False, initial=True)
    help = forms.CharField(label=QUESTION["help"], max_length=300, required=False)
    choices = forms.CharField(
        label=QUESTION["choices"], max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("单选、多选填写，每行一个。"),
    )  # fmt: skip
    when = forms.CharField(label=QUESTION["when"], max_length=300, required=False)
    least = forms.CharField(
        label=QUESTION["least"],
        max_length=40,
        required=False,
        help_text=_("数值、日期、今天、申请人出生日期或另一字段名。"),
    )
    most = forms.CharField(label=QUESTION["most"], max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _conditional(self.fields["when"])
        self.fields["when"].help_text = _("留空一直询问；否则写前面问题的答案，如：场所来源=租赁。")

    def clean_choices(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]


def _conditional(field: forms.Field) -> None:
    field.widget.attrs |= {"list": "conditions", "autocomplete": "off"}
    if not field.help_text:
        field.help_text = _("按填报的答案判断，如：场所来源=租赁；面积>=50。")


MATERIALS = Rows(MaterialForm, "m", MOST_MATERIALS)
QUESTIONS = Rows(QuestionForm, "q", MOST_QUESTIONS)


def initial_of(version: Version) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The fields, materials and questions of a version as the form shows them."""
    fields = {name: getattr(version, name) for name in FIELDS}
    materials = [{name: getattr(one, name) for name in ("name", *MATERIAL_FIELDS)} for one in version.materials.all()]
    questions = [
        {name: getattr(one, name) for name in QUESTION} | {"choices": "\n".join(one.choices)} for one in version.form
    ]
    return fields, materials, questions


def named(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Questions with a field name each; one that has none is called as it asks, or 问题1, 问题2, … where that is no name."""
    taken, found = {one["slug"] for one in questions}, []
    for one in questions:
        slug = one["slug"] or next(name for name in _names(one["label"]) if name not in taken)
        taken.add(slug)
        found.append(one | {"slug": slug})
    return found


def _names(label: str) -> Iterator[str]:
    name = "".join(_WORD.findall(label))[:LONGEST_NAME]
    yield from (name for name in (name,) if is_name(name))
    yield from (f"问题{number}" for number in range(1, 10_000))


def suggestions(questions: list[dict[str, Any]]) -> list[str]:
    """Conditions that may be written about what was typed so far."""
    found = []
    for one in questions:
        slug, kind = str(one.get("slug") or "").strip(), one.get("kind")
        if not slug:
            continue
        if kind == QuestionKind.YES_NO:
            found += [f"{slug}=是", f"{slug}=否"]
        elif kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            found += [f"{slug}={line.strip()}" for line in str(one.get("choices") or "").splitlines() if line.strip()]
        elif kind in (QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.DATE):
            found.append(f"{slug}>=")
    return found
