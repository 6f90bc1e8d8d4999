"""What the words of a text say of its urgency, and how often each word was right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from zhitong.kernel.events.public import Kept

from ..models import Alarmed, AlarmWord
from ..rules.alarms import Alarm, Lexicon, Watched
from ..rules.supplied import SUPPLIED

MARK = "alarms"
COUNTED = timedelta(days=90)


def _build() -> Lexicon:
    """What the district has; the supplied words before anybody has put any."""
    rows = list(AlarmWord.objects.all())
    if not rows:
        return Lexicon(one for _group, one in SUPPLIED)
    return Lexicon(Watched(row.word, row.level, row.call, tuple(row.unless)) for row in rows if row.is_active)


_lexicon: Kept[Lexicon] = Kept(MARK, _build, most=2)


def alarm(text: str, title: str = "") -> Alarm:
    """How urgent a text sounds, by the district's words of danger; ``title`` where somebody gave one."""
    return _lexicon.get().read(text, title)


def alarms(said: Iterable[tuple[str, str]]) -> list[Alarm]:
    """`alarm` of each text with its title, by one reading of the words."""
    lexicon = _lexicon.get()
    return [lexicon.read(text, title) for text, title in said]


def false_words(matter_id: UUID) -> frozenset[str]:
    """The words of a matter of which somebody has said that nothing was urgent.  One query."""
    return frozenset(Alarmed.objects.filter(matter=matter_id, is_false=True).values_list("word", flat=True))


def alarm_of(matter_id: UUID, text: str, title: str = "") -> Alarm:
    """`alarm` of a matter: none once it was reported as false.  One query, and only where a word was found."""
    found = alarm(text, title)
    return Alarm() if found.words and false_words(matter_id) >= frozenset(found.words) else found


def words_of(matter_ids: Collection[UUID]) -> dict[UUID, list[tuple[str, bool]]]:
    """The words by which matters were raised, each with whether it was false.  One query."""
    found: dict[UUID, list[tuple[str, bool]]] = {}
    for row in Alarmed.objects.filter(matter__in=list(matter_ids)).order_by("id"):
        found.setdefault(row.matter_id, []).append((row.word, row.is_false))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A word, how many matters of the last 90 days held it, and of how many somebody said that they were not urgent."""

    row: AlarmWord
    n: int
    false: int

    @property
    def share(self) -> float | None:
        """The share of false alarms (0 to 1); None where there was none at all."""
        return self.false / self.n if self.n else None


def told_words(at: datetime) -> list[Told]:
    """Every word, by group, then the most often false first.  Two queries."""
    counted = Alarmed.objects.filter(at__gte=at - COUNTED).order_by().values("word")
    rows = counted.annotate(n=Count("pk"), false=Count("pk", filter=Q(is_false=True))).values_list("word", "n", "false")
    counts: dict[str, tuple[int, int]] = {word: (n, false) for word, n, false in rows}
    found = [Told(row, *counts.get(row.word, (0, 0))) for row in AlarmWord.objects.all()]
    order = [group for group, _one in SUPPLIED]
    return sorted(
        found, key=lambda one: (order.index(one.row.group), -one.false, -one.n, one.row.word.isascii(), one.row.word)
    )
