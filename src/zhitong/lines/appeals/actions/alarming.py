"""What words of danger raised, and was not urgent after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import alarm_of, report_false
from zhitong.kernel.matters.public import Matter, Urgency, act


@transaction.atomic
def not_urgent(matter: Matter, *, by: Actor, at: datetime, version: int | None = None) -> Matter:
    """Give it ordinary urgency again and count a false alarm against each of its words; Conflict where there is none."""
    words = alarm_of(matter.pk, matter.text, matter.title).words
    if not words:
        raise Conflict("no_alarm", _("这件诉求没有紧急词语，或者已标为误报。"))
    reason = _("误报：写到“%(words)s”，实际不紧急") % {"words": _("、").join(words)}
    if matter.urgency != Urgency.NORMAL:
        matter = act(
            matter.pk, "expedite", {"urgency": Urgency.NORMAL, "reason": reason}, by=by, at=at, version=version
        )
    else:
        by.demand("appeals.pass")
    report_false(matter, words)
    return matter
