"""What a district lets suggestions do."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import KINDS

from ..models import Use
from ..permissions import demand_manage
from ..queries.suggesting import in_use
from ..rules.passing import PASSING
from .passing import newest

LEAST, MOST = 0.5, 0.99


def stream_of(kind: str) -> UUID:
    """The stream of what the district decides for a kind."""
    return uuid5(NAMESPACE_URL, f"zhitong:dispatch:{kind}")


@transaction.atomic
def set_use(kind: str, *, threshold: float, is_automatic: bool, by: Actor, at: datetime) -> Use:
    """From which confidence on a suggestion counts as sure, and whether sure ones pass by themselves."""
    demand_manage(by)
    if kind not in KINDS or not KINDS[kind].has_category:
        raise NotFound("no_kind", _("没有这种业务，或者它没有类别。"))
    if not LEAST <= threshold <= MOST:
        raise Refused("bad_threshold", _("阈值请填50%到99%。"), field="threshold")
    use = Use.objects.select_for_update().filter(kind=kind).first() or Use(kind=kind)
    if is_automatic and not use.is_automatic:
        if kind not in PASSING:
            raise Refused("no_passing", _("这种业务没有自动转办。"), field="is_automatic")
        if in_use(kind) is None:
            raise Refused("not_learned", _("尚未学习，不能自动转办。请先积累已办结的事项。"), field="is_automatic")
        use.looked_to = newest(kind)
    use.threshold, use.is_automatic, use.changed_at = round(threshold, 2), is_automatic, at
    use.save()
    record("dispatch.use_set", stream_of(kind), stream_kind="dispatch", at=at, by=by,
           data={"kind": kind, "threshold": use.threshold, "is_automatic": is_automatic})  # fmt: skip
    return use
