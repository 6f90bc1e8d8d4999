"""What a firm was before and after a change, kept sealed with its ground, so that the change can be undone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict
from zhitong.kernel.accounts.public import keyring

from ..models import CHANGE_PLACE, FirmChange, Person
from ..queries.firms import firm_in_full, people_of
from ..rules import NewFirm

LABELS = {
    "name": _("企业名称"), "kind": _("市场主体类型"), "state": _("登记状态"), "capital": _("注册资本（元）"), "division_id": _("所在区划"),
    "address": _("住所"), "scope": _("经营范围"), "established_on": _("成立日期"), "term_until": _("营业期限至"),
    "registered_by": _("登记机关"), "legal": _("法定代表人"), "liaison": _("联络员"), "holders": _("股东"), "officers": _("董事、监事、经理"),
}  # fmt: skip


def keep_change(
    origin: UUID,
    firm_id: UUID,
    both: tuple[NewFirm, NewFirm],
    parts: Sequence[str],
    named: Sequence[Person],
    at: datetime,
) -> None:
    """Keep both states of the firm, and whom it named before.  One origin changes a firm once."""
    if FirmChange.objects.filter(origin=origin).exists():
        raise Conflict("firm_changed_once", _("这项变更已经登记，无需再次登记。"))
    people = {one.pk for one in (*named, *people_of(firm_in_full(firm_id)))}
    sealed = keyring().seal(msgspec.json.encode(both).decode(), CHANGE_PLACE)
    FirmChange.objects.create(
        firm_id=firm_id, origin=origin, parts=list(parts), people=sorted(people), sealed=sealed, at=at
    )


def states_of(change: FirmChange) -> tuple[NewFirm, NewFirm]:
    """The firm before the change and after it."""
    return msgspec.json.decode(keyring().open(bytes(change.sealed), CHANGE_PLACE), type=tuple[NewFirm, NewFirm])


def in_the_way(parts: Sequence[str]) -> Conflict:
    """What says that these parts are not any more as the change left them."""
    named = "、".join(str(LABELS[part]) for part in parts)
    return Conflict(
        "firm_changed_since",
        _(
            "这次变更之后，企业的%(parts)s又有变更，不能直接恢复。请先撤销之后的变更，或者先将登记信息更正为变更前的内容。"
        )
        % {"parts": named},
    )
