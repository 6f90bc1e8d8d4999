"""Sub-kinds, limits, reasons and calendars, kept in memory until an administrator changes one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.worktime import WorkCalendar
from zhitong.kernel.events.public import fill, mark, on_primary

from ..models import Calendar, CalendarDay, Limit, Phrase, Reason, SubKind
from ..rules.clocks import Terms
from ..rules.kinds import KINDS

MARK = "catalogue"
DEFAULT_CALENDAR = "national"


@dataclass
class Catalogue:
    """One version of everything an administrator edits about matters."""

    version: UUID
    subkinds: dict[UUID, SubKind] = field(default_factory=dict)
    limits: dict[tuple[str, str], list[Limit]] = field(default_factory=dict)
    calendars: dict[UUID, WorkCalendar] = field(default_factory=dict)
    default_calendar: UUID | None = None
    reasons: dict[UUID, Reason] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)

    def subkind(self, kind: str, slug: str) -> SubKind:
        """The active sub-kind of that slug, or Refused."""
        for found in self.subkinds.values():
            if (found.kind, found.slug, found.is_active) == (kind, slug, True):
                return found
        raise Refused("unknown_subkind", _("没有这个子类，请重新选择。"), field="subkind")

    def terms(self, kind: str, clock: str, subkind: UUID, path: Sequence[UUID], urgency: str) -> Terms | None:
        """The most specific limit: urgency first, then depth in the category's ``path``, then sub-kind; None: no clock."""
        best: tuple[tuple[bool, int, bool], Limit] | None = None
        for limit in self.limits.get((kind, clock), ()):
            if limit.subkind_id not in (None, subkind) or limit.urgency not in ("", urgency):
                continue
            if limit.category_id is not None and limit.category_id not in path:
                continue
            depth = path.index(limit.category_id) + 1 if limit.category_id else 0
            rank = (bool(limit.urgency), depth, limit.subkind_id is not None)
            if best is None or rank > best[0]:
                best = (rank, limit)
        return _terms(best[1]) if best else None


def _terms(limit: Limit) -> Terms:
    return Terms(
        limit.amount, limit.unit, limit.basis, limit.basis_en, limit.moderate_percent, limit.severe_percent
    )  # fmt: skip


LOOK_AGAIN = 1.0  # seconds: how late another process may notice a change
_kept: Catalogue | None = None
_looked = 0.0


def catalogue() -> Catalogue:
    """The catalogue as it stands now; asks the database at most once a second whether it changed."""
    global _kept, _looked
    if _kept is not None and monotonic() - _looked < LOOK_AGAIN:
        return _kept
    version = mark(MARK)
    if _kept is None or _kept.version != version:
        with on_primary():
            _kept = _load(version)
    _looked = monotonic()
    return _kept


def forget() -> None:
    """Look again at the next use: the catalogue was changed here."""
    global _kept
    _kept = None


def _load(version: UUID) -> Catalogue:
    loaded = Catalogue(version)
    loaded.subkinds = {s.pk: s for s in SubKind.objects.all()}
    limits: dict[tuple[str, str], list[Limit]] = defaultdict(list)
    for limit in Limit.objects.filter(is_active=True):
        limits[limit.kind, limit.clock].append(limit)
    loaded.limits = limits
    loaded.reasons = {r.pk: r for r in Reason.objects.all()}
    loaded.phrases = list(Phrase.objects.filter(is_active=True))
    days: dict[UUID, dict[object, bool]] = defaultdict(dict)
    for calendar, day, is_working in CalendarDay.objects.values_list("calendar", "day", "is_working"):
        days[calendar][day] = is_working
    for row in Calendar.objects.all():
        loaded.calendars[row.pk] = working_calendar(row, days[row.pk])
        if row.slug == DEFAULT_CALENDAR:
            loaded.default_calendar = row.pk
    return loaded


def working_calendar(row: Calendar, days: "dict[object, bool]") -> WorkCalendar:
    """The row and its exceptions as the value that terms are counted with."""
    return WorkCalendar(days=days, opens=row.opens, closes=row.closes, announced_through=row.announced_through)  # type: ignore[arg-type]


def calendar_of(calendar_id: UUID) -> WorkCalendar:
    """The working calendar of that id."""
    return catalogue().calendars[calendar_id]


def subkinds(kind: str, *, on_portal: bool = False) -> Sequence[SubKind]:
    """Active sub-kinds of a kind in their order; those a resident may choose."""
    found = [s for s in catalogue().subkinds.values() if s.kind == kind and s.is_active]
    return [s for s in found if s.is_on_portal] if on_portal else found


def finding_subkinds() -> list[SubKind]:
    """The active sub-kinds under which a line may raise what it found, of every kind that takes findings."""
    return [one for kind in KINDS.values() if kind.takes_findings for one in subkinds(kind.slug)]


def reasons(list_: str) -> Sequence[Reason]:
    """Active entries of a list of reasons, in their order."""
    return [r for r in catalogue().reasons.values() if r.list == list_ and r.is_active]


def phrases(list_: str, path: Sequence[UUID], values: Mapping[str, object]) -> list[tuple[str, str]]:
    """(text, name) of the wordings for a category's ``path``, its own before the general ones, filled in."""
    fitting = [p for p in catalogue().phrases if p.list == list_ and (p.category_id is None or p.category_id in path)]
    return [(fill(p.text, values), p.name) for p in sorted(fitting, key=lambda p: p.category_id is None)]
