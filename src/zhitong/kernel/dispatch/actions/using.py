"""What a district lets suggestions do."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import KINDS

from ..models import Use
from ..permissions import demand_manage

LEAST, MOST = 0.5, 0.99


@transaction.atomic
def set_use(kind: str, *, threshold: float, is_automatic: bool, by: Actor, at: datetime) -> Use:
    """From which confidence on a suggestion counts as sure, and whether sure ones pass by themselves."""
    demand_manage(by)
    if kind not in KINDS or not KINDS[kind].has_category:
        raise NotFound("no_kind", _("没有这种业务，或者它没有类别。"))
    if not LEAST <= threshold <= MOST:
        raise Refused("bad_threshold", _("阈值请填50%到99%。"), field="threshold")
    use, _made = Use.objects.update_or_create(
        kind=kind, defaults={"threshold": round(threshold, 2), "is_automatic": is_automatic, "changed_at": at}
    )
    record("dispatch.use_set", uuid5(NAMESPACE_URL, f"zhitong:dispatch:{kind}"), stream_kind="dispatch", at=at, by=by,
           data={"kind": kind, "threshold": use.threshold, "is_automatic": is_automatic})  # fmt: skip
    return use
