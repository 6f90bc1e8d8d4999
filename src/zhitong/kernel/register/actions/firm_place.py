"""The unit in which a firm works."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Firm, Unit
from ..permissions import MANAGE_FIRMS

NO_UNIT = _("没有登记这套房屋，请先登记房屋，或核对楼栋、单元和房号。")


@transaction.atomic
def place_firm(firm_id: UUID, unit_id: UUID | None, *, by: Actor, at: datetime) -> bool:
    """Where in a building the firm is, or None for nowhere; whether that is another place.  Needs ``register.manage_firms``.

    Raises ``Refused`` (``no_unit``) for a unit that is none or no more.
    """
    by.demand(MANAGE_FIRMS)
    firm = Firm.objects.select_for_update().filter(pk=firm_id).first()
    if firm is None:
        raise NotFound("no_firm", _("没有登记这家企业，请核对统一社会信用代码。"))
    if firm.unit_id == unit_id:
        return False
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, ended_on=None).exists():
        raise Refused("no_unit", NO_UNIT, "number")
    changes = {"unit": [firm.unit_id, unit_id]}
    firm.unit_id, firm.changed_at = unit_id, at
    firm.save(update_fields=["unit", "changed_at"])
    record("firm.changed", firm.pk, stream_kind="firm", at=at, by=by, data={"changes": changes, "parts": []})
    return True
