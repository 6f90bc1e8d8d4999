"""Terms of retention, and what goes by itself when its term is over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Unit
from ..models import Term
from ..permissions import TERMS
from ..queries.terms import term_of, terms

LONGEST = 100


@transaction.atomic
def set_term(slug: str, *, amount: int | None, unit: str, basis: str, by: Actor, at: datetime) -> Term:
    """Another term for a kind of records, with its basis.  What is kept for good by declaration stays so."""
    by.demand_everywhere(TERMS)
    now, said = term_of(slug), clean(basis)
    if now.kind.amount is None:
        raise Refused("kept_for_good", _("这类记录永久保存，不能改为定期销毁。"), "amount")
    if unit not in Unit.values:
        raise Refused("not_a_choice", _("请从列表中选择。"), "unit")
    if amount is not None and not 0 <= amount <= (LONGEST if unit == Unit.YEAR else 3660):
        raise Refused("bad_term", _("请填写合理的期限，最长100年。"), "amount")
    if now.kind.is_listed and amount is not None and (unit != Unit.YEAR or amount < 1):
        raise Refused("bad_term", _("归档的记录按年保管，至少1年。"), "amount")
    if not said or len(said) > 300:
        raise Refused("basis", _("请写明依据，300字以内。"), "basis")
    facts = {"amount": amount, "unit": unit, "basis": said}
    row, _made = Term.objects.update_or_create(
        slug=slug, defaults={**facts, "changed_at": at, "changed_label": by.label}
    )
    stream = by.account_id or uuid7()
    record("retention.term_changed", stream, stream_kind="account", at=at, by=by, data={"kind": slug, **facts})
    return row


def tidy(*, at: datetime) -> dict[str, int]:
    """Destroy whatever goes by itself and has had its time; how many of each kind.  Safe to run twice, and beside everything."""
    done: dict[str, int] = {}
    for slug, now in terms().items():
        before = now.cutoff(at)
        if now.kind.destroy is not None and before is not None:
            done[slug] = now.kind.destroy(before)
    return done
