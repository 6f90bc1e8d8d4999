"""How long each kind of records is kept now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.retention import RecordKind, cutoff, record_kinds, term_end

from ..choices import Unit
from ..models import Term


@dataclass(frozen=True, slots=True)
class TermNow:
    """A kind of records with the term in force: the district's own, or the declared one."""

    kind: RecordKind
    amount: int | None
    unit: str
    basis: str
    row: Term | None = None

    @property
    def text(self) -> str:
        """The term in words."""
        return term_text(self.amount, self.unit)

    def cutoff(self, at: datetime) -> datetime | None:
        """What began before this has had its time; None where it is kept for good."""
        return cutoff(self.amount, self.unit, at) if self.amount is not None else None

    def end(self, since: datetime) -> datetime | None:
        """When the term of what began at ``since`` is over."""
        return term_end(self.amount, self.unit, since) if self.amount is not None else None


def term_text(amount: int | None, unit: str) -> str:
    """ "10年", "30天", "永久"."""
    if amount is None:
        return _("永久")
    if amount == 0:
        return _("到期即删")
    return _("%(n)s年") % {"n": amount} if unit == Unit.YEAR else _("%(n)s天") % {"n": amount}


def terms() -> dict[str, TermNow]:
    """By slug.  One query."""
    own = {row.slug: row for row in Term.objects.all()}
    return {slug: _now(kind, own.get(slug)) for slug, kind in record_kinds().items()}


def _now(kind: RecordKind, row: Term | None) -> TermNow:
    if row is None:
        return TermNow(kind, kind.amount, kind.unit, str(kind.basis))
    return TermNow(kind, row.amount, row.unit, row.basis, row)


def term_of(slug: str) -> TermNow:
    """One of them; NotFound where no component declares it."""
    found = terms().get(slug)
    if found is None:
        raise NotFound("no_record_kind", _("没有这类记录。"))
    return found
