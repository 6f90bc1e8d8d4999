"""Answers that cross a line raise a matter, at once and once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, override

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m

from ..models import Answer, Raised, Rule, Survey, Target
from ..queries.forms import condition_of
from ..rules.alarms import at_path, crosses
from ..rules.shown import worded
from ..rules.xform import Form, Question

BY = Actor.system("surveys")
MOST_SAID = 200  # characters of the answers in the text of a matter


def raise_matters(
    answer: Answer, survey: Survey, target: Target, values: dict[str, Any], *, at: datetime
) -> list[m.Opened]:
    """One matter for each rule that the answer crosses, in the transaction of the answer.  Who was asked stays with the answer."""
    form = survey.version.questions
    crossed = [
        (rule, form.questions[rule.path], said) for rule in _rules(survey, form) if (said := _crossing(rule, values))
    ]
    if not crossed:
        return []
    with override("zh-hans"):
        openings = [_opening(answer, survey, target, rule, question, said) for rule, question, said in crossed]
    opened = m.open_many(openings, by=BY, at=at)
    rows = [
        Raised(answer=answer, rule=rule, matter_id=one.matter_id)
        for (rule, _q, _s), one in zip(crossed, opened, strict=True)
    ]
    Raised.objects.bulk_create(rows, ignore_conflicts=True)
    return opened


def _rules(survey: Survey, form: Form) -> Sequence[Rule]:
    """Those of the form whose question this version asks."""
    rows = Rule.objects.filter(form=survey.version.form_id).select_related("subkind")
    return [rule for rule in rows if rule.path in form.questions]


def _crossing(rule: Rule, values: dict[str, Any]) -> list[str]:
    """The answers that cross its line."""
    return [said for said in at_path(values, rule.path.split("/")[2:]) if crosses(said, rule.crossing, rule.bound)]


def _opening(
    answer: Answer, survey: Survey, target: Target, rule: Rule, question: Question, said: list[str]
) -> m.Opening:
    words = "、".join(worded(question, one) for one in said)[:MOST_SAID]
    parts = [
        gettext("摸排“%(survey)s”中，%(target)s的答卷达到预警条件。") % {"survey": survey.name, "target": target.name},
        gettext("%(label)s：%(said)s") % {"label": question.label or question.name, "said": words},
        gettext("预警条件：%(condition)s") % {"condition": condition_of(rule, question)},
        gettext("填报人：%(who)s") % {"who": answer.by_label},
    ]
    return m.Opening(
        kind=rule.subkind.kind, subkind=rule.subkind.slug, title=rule.title, text="\n".join(parts), channel=m.Channel.GRID,
        address=target.name, division_id=target.division_id, category_id=rule.category_id, urgency=rule.urgency,
        key=f"surveys:{answer.pk}:{rule.pk}", facts={"survey": str(survey.pk), "answer": str(answer.pk)},
    )  # fmt: skip
