"""What an approved change registration changes in the register, so that the next form begins with what is registered then."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Context
from zhitong.kernel.register.public import (
    NewFirm,
    change_firm,
    firm_in_full,
    given_of,
    undo_change,
)
from zhitong.kernel.territory import public as territory

from ..models import SmartDraft
from ..queries.smart import world
from ..rules import smart

REGISTRAR = Actor.system("变更登记")


def register_changes(ctx: Context) -> None:
    """With the decision that grants what the smart form asked for: both or neither.  Refused where it does not fit any more."""
    draft = SmartDraft.objects.select_related("firm").filter(matter=ctx.matter.pk).first()
    if draft is None:
        return
    try:
        ctx.facts["registered"] = register_draft(draft, at=ctx.at)
    except Refused as refused:
        message = _("现在不能准予：%(why)s 请先核对企业现在的登记信息；确实不符的，作出不予决定。")
        raise Refused(refused.code, message % {"why": refused.message}, "outcome") from refused


def undo_registered(ctx: Context) -> None:
    """With the revocation, the register is as before: both or neither.  Refused where it has changed since."""
    try:
        ctx.facts["restored"] = undo_change(ctx.matter.pk, by=REGISTRAR, at=ctx.at)
    except Refused as refused:
        message = _("现在不能撤销：%(why)s")
        raise Refused(refused.code, message % {"why": refused.message}, "ground") from refused


def register_draft(draft: SmartDraft, *, at: datetime) -> list[str]:
    """Make the changes of a draft to what is registered now, whatever was granted since it was submitted; the parts that changed."""
    before = given_of(firm_in_full(draft.firm_id))
    values, _findings = smart.read(smart.chosen(draft.kinds), draft.answers, world(draft.firm, at))
    after = smart.case_of(smart.chosen(draft.kinds), before, values).after
    names = [one.name for one in fields(NewFirm) if getattr(after, one.name) != getattr(before, one.name)]
    changes: dict[str, Any] = {name: getattr(after, name) for name in names}
    if division := _division(values):
        changes["division_id"] = division
    if changes:
        change_firm(draft.firm_id, by=REGISTRAR, at=at, origin=draft.matter_id, renames=True, **changes)
    return names


def _division(values: Mapping[str, Any]) -> UUID | None:
    """Where a new address lies."""
    node = territory.by_code(values.get("new_division") or "")
    return node.id if node else None
