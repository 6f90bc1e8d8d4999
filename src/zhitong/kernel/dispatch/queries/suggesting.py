"""The categories that a text speaks for: by what was learned of the kind, before that by the categories' own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from zhitong.base.learning.model import Model, unpacked
from zhitong.base.text import words
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Matter, visible_matters
from zhitong.kernel.organisation.public import Heading, headings

from ..models import Learned, Use
from ..rules.words import guesses

MOST_SUGGESTED = 3
LEAST_SHARE = 0.02
PAST_LOOKED_AT, PAST_TOLD = 60, 3
MODELS_KEPT = 4
THRESHOLD = 0.9


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category, the words that speak for it, and how sure it is (0 to 1); None where nothing was learned yet."""

    category_id: UUID
    words: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The categories a text speaks for, the likeliest first.  ``is_learned`` False: by the categories' own words only."""

    found: tuple[Suggested, ...]
    is_learned: bool
    threshold: float = THRESHOLD

    @property
    def sure(self) -> Suggested | None:
        """The first, where it is sure enough for the district."""
        first = self.found[0] if self.found else None
        return first if first and first.share is not None and first.share >= self.threshold else None


@lru_cache(maxsize=MODELS_KEPT)
def _model(learned_id: UUID) -> Model:
    """What a version learned never changes: read once in a process."""
    return unpacked(bytes(Learned.objects.values_list("data", flat=True).get(pk=learned_id)))


def in_use(kind: str) -> UUID | None:
    """The version in use.  One query."""
    return Learned.objects.filter(kind=kind, is_active=True).values_list("pk", flat=True).first()


def threshold_of(kind: str) -> float:
    """From which share on a suggestion counts as sure.  One query."""
    found = Use.objects.filter(kind=kind).values_list("threshold", flat=True).first()
    return THRESHOLD if found is None else found


def suggest(kind: str, title: str, text: str, most: int = MOST_SUGGESTED) -> Suggestions:
    """What the message may be about.  Two queries; some milliseconds."""
    known = {row.id: row for row in headings()}
    learned_id = in_use(kind)
    if learned_id is None:
        return Suggestions(by_words(f"{title} {text}", known, most), is_learned=False)
    found: list[Suggested] = []
    for one in _model(learned_id).likely(title, text, most + MOST_SUGGESTED):
        category_id = UUID(one.label[-1])
        if category_id in known and (one.share >= LEAST_SHARE or not found):
            found.append(Suggested(category_id, one.words, one.share))
    return Suggestions(tuple(found[:most]), True, threshold_of(kind))


def by_words(text: str, known: Mapping[UUID, Heading], most: int) -> tuple[Suggested, ...]:
    """The categories of the lowest level whose keywords or name stand in the text."""
    above = {row.parent_id for row in known.values()}
    keywords = {pk: _own_words(row) for pk, row in known.items() if pk not in above}
    return tuple(Suggested(one.key, one.words) for one in guesses(text, keywords, most))


def _own_words(row: Heading) -> set[str]:
    return {word for word in (*row.keywords.split(), row.name) if len(word) > 1}


def past_cases(matter: Matter, category_id: UUID, by: Actor) -> list[Matter]:
    """At most three earlier matters of the category that ``by`` may see and that are over, the most alike first.  One query."""
    rows = _over(matter, by).filter(category=category_id).order_by("-pk")[:PAST_LOOKED_AT]
    mine = set(words(f"{matter.title} {matter.text[:500]}"))
    ranked = sorted(rows, key=lambda row: -len(mine & set(words(f"{row.title} {row.text[:500]}"))))
    return ranked[:PAST_TOLD]


def _over(matter: Matter, by: Actor) -> QuerySet[Matter]:
    ends = [stage.slug for stage in KINDS[matter.kind].stages if stage.is_end]
    rows = visible_matters(by).filter(kind=matter.kind, stage__in=ends, pk__lt=matter.pk, erased_at=None)
    return (
        rows.filter(closed_at__isnull=False)
        .select_related("lead")
        .only("pk", "number", "title", "text", "kind", "stage", "opened_at", "lead__name", "lead__name_en")
    )
