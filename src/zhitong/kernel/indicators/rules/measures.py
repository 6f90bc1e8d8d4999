"""What an event contributes to a measure: a pure function of the event, so that a rebuild gives the same facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACES = Decimal("0.0001")
DIMENSIONS = ("division", "area", "organ", "category", "subkind", "item", "point")
COLUMNS = ("day", "measure", "event", "n", "stream", *DIMENSIONS, "channel", "kind", "value")


class Happened(Protocol):
    """What a measure may look at.  ``data`` is plain JSON; ``data["dims"]`` are the dimensions of the matter."""

    @property
    def id(self) -> UUID: ...
    @property
    def stream(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


Number = int | float | Decimal
Reading = Number | None | Iterable[tuple[Number, Mapping[str, str | None]]]
Read = Callable[[Any], Reading]
On = Callable[[Any], date | None]
Row = tuple[Any, ...]
LATEST = timedelta(days=31)  # so long after the day on which something was done may its event come


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted or timed.  ``unit`` is count or seconds; ``kinds`` are exact event kinds.

    ``read(event)`` gives a number, None for "nothing", or several numbers each with dimensions that differ from the
    matter's, such as the organ that had the task.  ``on(event)`` is the earlier day on which it counts, where it tells of what was
    done before; None for its own.
    """

    slug: str
    label: Any
    unit: str
    kinds: tuple[str, ...]
    read: Read
    on: On | None = None


MEASURES: dict[str, Measure] = {}
_by_kind: dict[str, list[Measure]] = {}


def declare_measure(
    slug: str, label: Any, unit: str, *, kinds: Iterable[str], read: Read, on: On | None = None
) -> Measure:
    """Tell the kernel of a measure; the same slug twice is a mistake in code."""
    if slug in MEASURES:
        raise ValueError(f"measure {slug} is declared twice")
    measure = MEASURES[slug] = Measure(slug, label, unit, tuple(kinds), read, on)
    for kind in measure.kinds:
        _by_kind.setdefault(kind, []).append(measure)
    return measure


def declare_measures(line: str, table: Iterable[tuple[str, Any, str, Iterable[str], Read]]) -> None:
    """A whole table: slug, label, unit, event kinds, how an event is read.  Slugs and kinds are the line's: ``line`` stands before them."""
    for slug, label, unit, kinds, read in table:
        declare_measure(f"{line}.{slug}", label, unit, kinds=[f"{line}.{kind}" for kind in kinds], read=read)


def once(_event: Any) -> int:
    """Every such event counts once."""
    return 1


def forget(slug: str) -> None:
    """Undo a declaration; for tests."""
    measure = MEASURES.pop(slug)
    for kind in measure.kinds:
        _by_kind[kind].remove(measure)


def kinds() -> list[str]:
    """Every event kind that some measure reads."""
    return sorted(kind for kind, readers in _by_kind.items() if readers)


def late_kinds() -> list[str]:
    """Every event kind that may count on an earlier day than its own."""
    return sorted({kind for measure in MEASURES.values() if measure.on for kind in measure.kinds})


def day_of(at: datetime) -> date:
    """The calendar day in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def rows(event: Happened) -> Iterator[Row]:
    """The facts of one event, each in the order of ``COLUMNS``."""
    for measure in _by_kind.get(event.kind, ()):
        day = _counts_on(measure, event)
        for n, (value, other) in enumerate(_readings(measure.read(event))):
            dims: Mapping[str, Any] = {**event.data.get("dims", {}), **other}
            yield (
                day, measure.slug, event.id, n, event.stream,
                *(dims.get(name) or None for name in DIMENSIONS),
                dims.get("channel") or "", dims.get("kind") or "", _exact(value),
            )  # fmt: skip


def _counts_on(measure: Measure, event: Happened) -> date:
    own = day_of(event.at)
    said = measure.on(event) if measure.on else None
    return own if said is None else min(own, max(said, own - LATEST))


def _readings(reading: Reading) -> Iterable[tuple[Number, Mapping[str, str | None]]]:
    if reading is None:
        return ()
    return ((reading, {}),) if isinstance(reading, (int, float, Decimal)) else reading


def _exact(value: Number) -> Decimal | int:
    """As it is stored: four places; adding such numbers gives the same in any order."""
    return int(value) if isinstance(value, int) else Decimal(str(value)).quantize(PLACES)
