"""Questions on their way into a draft: cleaned, in one spelling, refused where they are none."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean

from ..rules.questions import MOST_QUESTIONS, load, plain
from ..rules.terms import BadTerm, canonical


def stored(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions as a draft keeps them.  What is merely incomplete is kept; a shape that is none is ``Refused``."""
    if len(given) > MOST_QUESTIONS:
        raise Refused("too_many", _("问题最多%(n)d个，请合并。") % {"n": MOST_QUESTIONS}, "questions")
    try:
        return plain(load([_cleaned(one) for one in given]))
    except (msgspec.ValidationError, TypeError, AttributeError) as error:
        raise Refused("not_questions", _("填报内容的格式不正确，请在页面或表格中重新编辑。"), "questions") from error


def condition(text: str, field: str) -> str:
    """A condition in its one spelling; ``Refused`` where it cannot be read."""
    try:
        return canonical(clean(text))
    except BadTerm as error:
        message = _("条件“%(text)s”无法识别，请写成“字段名=答案”，多个条件用分号隔开。")
        raise Refused("bad_condition", message % {"text": error}, field) from error


def _cleaned(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: clean(value) if isinstance(value, str) else value for name, value in one.items()}
    if "choices" in found:
        found["choices"] = list(dict.fromkeys(clean(str(choice)) for choice in found["choices"] if clean(str(choice))))
    if found.get("when"):
        found["when"] = condition(found["when"], "questions")
    return found
