"""Rules that raise matters: made and taken away; what an answer raised stays."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import finding_subkinds

from ..choices import Crossing
from ..models import Form, Rule
from ..permissions import DESIGN
from ..queries.forms import newest

NUMBERS = ("int", "decimal", "range")
MOST_RULES = 20  # of a form: each is looked at with every answer


@transaction.atomic
def add_rule(
    form_id: UUID, *, path: str, crossing: str, bound: str = "", subkind: UUID, title: str, urgency: str, category: UUID | None = None,
    by: Actor, at: datetime,
) -> Rule:  # fmt: skip
    """From now on an answer that crosses the line raises a matter.  Refused when the question or the bound cannot be."""
    by.demand(DESIGN)
    form = Form.objects.select_for_update().filter(pk=form_id).first()
    version = newest(form_id)
    if form is None or version is None:
        raise NotFound("no_form", _("没有这张表单。"))
    if form.rules.count() >= MOST_RULES:
        raise Refused("too_many", _("一张表单最多 %(most)s 条预警规则。") % {"most": MOST_RULES})
    question = version.questions.questions.get(path)
    if question is None or question.is_group:
        raise Refused("no_question", _("请选择一道题。"), "path")
    if subkind not in {one.pk for one in finding_subkinds()}:
        raise Refused("no_subkind", _("请选择生成哪类事项。"), "subkind")
    rule = Rule(
        form=form, path=path, crossing=crossing, bound=_bound(question.type, question.choices, crossing, clean(bound)),
        subkind_id=subkind, category_id=category, urgency=urgency, title=clean(title)[:60], made_at=at, made_by=by.label,
    )  # fmt: skip
    rule.save(force_insert=True)
    _record("surveys.rule.added", rule, by, at)
    return rule


def _bound(kind: str, choices: dict[str, str], crossing: str, said: str) -> str:
    """The value as answers have it: a choice may be given by what people read."""
    if crossing == Crossing.ANSWERED:
        return ""
    if not said:
        raise Refused("no_bound", _("请填写数值或选项。"), "bound")
    if choices and crossing in (Crossing.IS, Crossing.IS_NOT, Crossing.HAS):
        found = next((value for value, label in choices.items() if said in (value, label)), None)
        if found is None:
            offered = "、".join(label or value for value, label in list(choices.items())[:12])
            raise Refused("no_choice", _("这题没有这个选项，可填：%(choices)s。") % {"choices": offered}, "bound")
        return found
    if kind in NUMBERS:
        try:
            float(said)
        except ValueError as wrong:
            raise Refused("no_number", _("这题填的是数字，请填写一个数。"), "bound") from wrong
    return said[:120]


@transaction.atomic
def remove_rule(rule_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """Not from now on; the id of its form."""
    by.demand(DESIGN)
    rule = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("no_rule", _("没有这条规则。"))
    _record("surveys.rule.removed", rule, by, at)
    rule.delete()
    return rule.form_id


def _record(kind: str, rule: Rule, by: Actor, at: datetime) -> None:
    data = {"title": rule.title, "path": rule.path, "crossing": rule.crossing, "bound": rule.bound}
    record(kind, rule.form_id, stream_kind="survey_form", at=at, by=by, data=data)
