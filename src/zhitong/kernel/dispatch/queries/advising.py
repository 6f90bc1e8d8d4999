"""What to do with a text that is no matter yet: category, organ and urgency, while somebody types or another system asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhitong.kernel.matters.public import title_from
from zhitong.kernel.organisation.public import category_labels, category_paths
from zhitong.kernel.territory import public as territory

from ..rules.alarms import Alarm
from ..rules.routing import Facts
from .alarms import alarm
from .routing import Routed, route_text
from .suggesting import Suggested, Suggestions, suggest

LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Advice:
    """The categories a text speaks for, as whole paths in ``labels``; where it would go, were it of ``category_id``; how urgent it sounds."""

    suggestions: Suggestions
    labels: dict[UUID, str]
    category_id: UUID | None
    routed: Routed
    alarm: Alarm

    @property
    def likely(self) -> Suggested | None:
        """The first, where it is likelier than not or its own words stand in the text; for people who do not know categories."""
        first = self.suggestions.found[0] if self.suggestions.found else None
        return first if first and (first.share is None or first.share >= LIKELY) else None


def advise(
    kind: str, text: str, at: datetime, *, title: str = "", division_id: UUID | None = None, channel: str = "",
    category_id: UUID | None = None,
) -> Advice:  # fmt: skip
    """What a text speaks for, and where it would go: of the category given, or else of the likeliest one.  Nothing is kept.

    Rules that ask who raised it do not apply: nobody has.  Three queries, besides marks; some milliseconds.
    """
    title = title or title_from(text)
    found = suggest(kind, title, text)
    chosen = category_id or (found.found[0].category_id if found.found else None)
    path = category_paths([chosen]).get(chosen, ()) if chosen else ()
    place = territory.node(division_id) if division_id else None
    facts = Facts(path, place.path if place else (), f"{title}\n{text}", timezone.localtime(at), channel)
    return Advice(
        found, category_labels([one.category_id for one in found.found]), chosen,
        route_text(kind, facts, chosen, division_id, at), alarm(text, title),
    )  # fmt: skip
