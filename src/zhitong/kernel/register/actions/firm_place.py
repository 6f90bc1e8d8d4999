"""The unit in which a firm works."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record_many

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
    put_firms([(firm, unit_id)], by=by, at=at)
    return True


def put_firms(many: Sequence[tuple[Firm, UUID | None]], *, by: Actor, at: datetime) -> None:
    """Write into which unit each of these firms goes.  For code that asked who may, and whether the units are there."""
    told = []
    for firm, unit_id in many:
        changes = {"unit": [firm.unit_id, unit_id]}
        told.append(Happening("firm.changed", firm.pk, "firm", at, by, {"changes": changes, "parts": []}))
        firm.unit_id, firm.changed_at = unit_id, at
    Firm.objects.bulk_update([firm for firm, _unit in many], ["unit", "changed_at"])
    record_many(told)
