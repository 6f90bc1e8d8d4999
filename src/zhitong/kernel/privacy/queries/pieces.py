"""The single things written in a matter, so that one of them can be taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.holdings import Fact
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import GONE, KINDS, Matter, record_facts

from ..permissions import ANSWER


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them: ``piece`` and ``key`` name it to ``erase_piece``."""

    piece: str
    key: UUID | None
    label: str
    at: datetime
    facts: Sequence[Fact]


def pieces_of(number: str, by: Actor) -> tuple[Matter, list[Piece]]:
    """The matter of that number, whoever's it is, and what can be taken out of it; NotFound where there is none."""
    by.demand_everywhere(ANSWER)
    digits = "".join(c for c in number if c in "0123456789")
    matter = Matter.objects.filter(number=digits).first()
    if matter is None:
        raise NotFound("no_matter", _("没有找到这件事项，请核对编号。"), "number")
    found = []
    if matter.text != GONE:
        facts = [(_("标题"), matter.title), (_("内容"), matter.text), (_("地址"), matter.address)]
        found.append(Piece("text", None, _("标题、内容和地址"), matter.opened_at, [f for f in facts if f[1]]))
    moves = KINDS[matter.kind].moves
    for record in matter.records.filter(erased_at=None).select_related("matter").order_by("at", "id"):
        if said := list(record_facts(record)):
            label = str(moves[record.action].label) if record.action in moves else record.action
            found.append(Piece("record", record.pk, label, record.at, said))
    for file in matter.attachments.order_by("added_at", "id"):
        found.append(Piece("file", file.pk, _("附件"), file.added_at, [(_("文件"), file.name)]))
    return matter, found
