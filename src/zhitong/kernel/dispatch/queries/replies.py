"""What may be wrong with a reply, before it is given and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from zhitong.base.likeness import Message, likeness, sketch
from zhitong.base.likeness.replies import ONE_QUESTION, SAME, is_elsewhere, is_empty, is_off, pieces, same_pieces
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import LATE_GRADES, Matter, Record, visible_matters

from ..models import ReplyCheck, Use
from ..rules.replying import ADVICE, KINDS_OF_DOUBT, LABELS, REPLYING
from .duplicates import message_of
from .wording import wording_of

LOOKED_AT = 100
WITHIN = timedelta(days=90)
EXAMPLES, MOST_ANSWERS = 5, 4  # shown; answers to one matter that are looked through for them


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be wrong with a reply; ``of`` is the other matter where it was copied."""

    kind: str
    of: Matter | None = None

    @property
    def label(self) -> Any:
        """In a word or two."""
        return LABELS[self.kind]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return str(ADVICE[self.kind]) % {"number": self.of.number if self.of else ""}


def doubts(matter: Matter, reply: str) -> list[Doubt]:
    """What may be wrong with ``reply`` to a matter.  It is compared with those of the last hundred matters of its lead organ.
    Two queries, besides those of `wording_of`."""
    words, asked = wording_of(), message_of(matter)
    mine = sketch(asked, words)
    found = []
    if is_empty(reply):
        found.append(Doubt("empty"))
    elif is_elsewhere(reply) or is_off(asked, mine, sketch(Message("", "", reply, asked.at), words), words):
        found.append(Doubt("off"))
    if not found or found[0].kind == "off":
        own = pieces(reply)
        same = [row for row, said in _replies(matter) if same_pieces(own, pieces(said)) >= SAME]
        if same and all(likeness(mine, sketch(message_of(row), words), words).score < ONE_QUESTION for row in same):
            found.append(Doubt("copied", same[0]))
    if matter.grade in LATE_GRADES:
        found.append(Doubt("late"))
    return found


def blocks(kind: str) -> bool:
    """Whether the district lets no such reply conclude a matter of this kind.  One query."""
    return Use.objects.filter(kind=kind, blocks_replies=True).exists()


def _replies(matter: Matter) -> list[tuple[Matter, str]]:
    """The last replies of the same organ, with the matters they answer."""
    others = (
        Matter.objects.filter(lead=matter.lead_id, kind=matter.kind).exclude(pk=matter.pk).order_by("-pk")[:LOOKED_AT]
    )
    rows = {row.pk: row for row in others}
    actions = {action: field for (kind, action), field in REPLYING.items() if kind == matter.kind}
    records = Record.objects.filter(matter__in=rows, action__in=actions, erased_at=None).order_by("-pk")
    return [(rows[one.matter_id], str(one.data.get(actions[one.action], ""))) for one in records]


@dataclass(frozen=True, slots=True)
class OfOrgan:
    """Replies of an organ that were looked at, and those with each doubt."""

    organ_id: UUID | None
    n: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A reply with a doubt, the matter it answers and what it says."""

    check: ReplyCheck
    reply: str


def doubtful(by: Actor, at: datetime) -> list[OfOrgan]:
    """By organ, the replies of the last 90 days to matters that ``by`` may see, those with most doubts first.  One query."""
    counted = {kind: Count("pk", filter=Q(flags__contains=[kind])) for kind in KINDS_OF_DOUBT}
    seen = ReplyCheck.objects.filter(at__gte=at - WITHIN, matter__in=visible_matters(by))
    rows: Any = seen.order_by().values("organ").annotate(n=Count("pk"), **counted)
    found = [OfOrgan(row["organ"], row["n"], {kind: row[kind] for kind in KINDS_OF_DOUBT}) for row in rows]
    return sorted(found, key=lambda one: (-sum(one.counts.values()), -one.n))


def examples(by: Actor, at: datetime) -> dict[str, Sequence[Example]]:
    """The newest of each doubt, a matter once however often it was answered.  One query each."""
    seen = ReplyCheck.objects.filter(at__gte=at - WITHIN, matter__in=visible_matters(by)).select_related(
        "matter", "record", "of"
    )
    found: dict[str, Sequence[Example]] = {}
    for kind in KINDS_OF_DOUBT:
        newest: dict[UUID, ReplyCheck] = {}
        for row in seen.filter(flags__contains=[kind]).order_by("-at", "-pk")[: EXAMPLES * MOST_ANSWERS]:
            newest.setdefault(row.matter_id, row)
        found[kind] = [_example(row) for row in list(newest.values())[:EXAMPLES]]
    return found


def _example(row: ReplyCheck) -> Example:
    field = REPLYING.get((row.matter.kind, row.record.action), "")
    return Example(row, str(row.record.data.get(field, "")))
