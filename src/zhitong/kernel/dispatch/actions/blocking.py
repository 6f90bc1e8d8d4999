"""Replies that conclude nothing, where the district wants it so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import Matter

from ..models import Use
from ..permissions import INSIST, demand_manage
from ..queries.replies import blocks, doubts
from ..rules.replying import BLOCKING, LABELS, REPLYING
from .using import stream_of


def demand_reply(matter: Matter, reply: str, *, insisted: str, by: Actor, field: str = "reply") -> list[str]:
    """Refuse a reply that is empty, copied or off the question, where the district blocks those.  Whoever may goes on with a reason
    (``insisted``): what was found then goes into the log.  ``field`` is where the reply is typed."""
    if not blocks(matter.kind):
        return []
    found = [one for one in doubts(matter, reply) if one.kind in BLOCKING]
    if not found or (insisted and by.may(INSIST)):
        return [one.kind for one in found]
    told = {"doubts": _("、").join(str(LABELS[one.kind]) for one in found)}
    if by.may(INSIST):
        sentence = _("这份答复不能用来办结：%(doubts)s。请修改答复；确需这样答复的，请写明理由。")
    else:
        sentence = _("这份答复不能用来办结：%(doubts)s。请修改答复；确需这样答复的，由本单位负责人写明理由后提交。")
    raise Refused("reply_blocked", sentence % told, field=field)


@transaction.atomic
def set_blocking(kind: str, *, is_on: bool, by: Actor, at: datetime) -> Use:
    """From now on such replies are blocked, or told of only."""
    demand_manage(by)
    if kind not in {known for known, _action in REPLYING}:
        raise NotFound("no_kind", _("没有这种业务，或者它不给群众答复。"))
    use = Use.objects.select_for_update().filter(kind=kind).first() or Use(kind=kind)
    if use.blocks_replies != is_on:
        use.blocks_replies, use.changed_at = is_on, at
        use.save()
        record("dispatch.replies_set", stream_of(kind), stream_kind="dispatch", at=at, by=by,
               data={"kind": kind, "blocks": is_on})  # fmt: skip
    return use
