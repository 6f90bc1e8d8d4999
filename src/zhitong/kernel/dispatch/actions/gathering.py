"""Gathering the matters that are about one thing: each new one at once, all of them again every night."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from zhitong.base.identifiers import uuid7
from zhitong.base.likeness import (
    TOGETHER,
    Cluster,
    Difference,
    Message,
    Sketch,
    Vocabulary,
    clusters_of,
    differences,
    find_names,
    likeness,
    naming,
    sketch,
    sought,
    survey,
)
from zhitong.kernel.matters.public import KINDS, Matter, holding_any
from zhitong.kernel.territory.public import Division

from ..models import Belonging, Thing, Wording
from ..queries.duplicates import message_of
from ..queries.wording import wording_of
from .company import recount
from .raising import raise_rising

LOOKED_BACK = timedelta(days=120)
MARGIN = timedelta(days=1)
MOST_GATHERED, MOST_PLACED = 10_000, 50
CANDIDATES = 100
LOCK = 0x6469737061746368  # one gathering at a time
KEPT = 2  # nights of wording
FIELDS = ("pk", "title", "text", "opened_at", "reporter_id", "area_id", "lon", "lat")


def gather(at: datetime) -> Difference:
    """Gather all matters of the last 120 days anew, the newest 10,000; what is different from before is the answer.

    A thing keeps its id when most of it is what it was.
    """
    rows = _rows(at)[:MOST_GATHERED]
    messages = sorted(map(message_of, rows), key=lambda m: (m.at, m.key))
    words = survey(messages, _gazetteer())
    clusters, _words, sketches = clusters_of(messages, words)
    with transaction.atomic():
        _alone()
        _keep(words, at)
        before = dict(Belonging.objects.filter(matter__in=[m.key for m in messages]).values_list("matter", "thing"))
        after = _store(clusters, messages, sketches, before, at)
        recount(at, matters=after)
        raise_rising(at)
    return differences(
        {key: before.get(key) or key for key in after}, {key: thing or key for key, thing in after.items()}
    )


def place(at: datetime) -> int:
    """Find where matters belong that came in since all were gathered; how many that were, none before the first gathering.
    Costs the same however many there are."""
    since = Wording.objects.order_by("-pk").values_list("at", flat=True).first()
    if since is None:
        return 0
    words = wording_of()
    with transaction.atomic():
        _alone()
        new = list(_rows(at).filter(belonging=None, opened_at__gte=since - MARGIN).order_by("pk")[:MOST_PLACED])
        touched = {thing for row in new if (thing := _place(row, words, at))}
        recount(at, matters=[row.pk for row in new], things=touched)
        if touched:
            raise_rising(at, touched)
    return len(new)


def _rows(at: datetime):  # type: ignore[no-untyped-def]
    kinds = [kind.slug for kind in KINDS.values() if kind.has_category]
    rows = Matter.objects.filter(kind__in=kinds, opened_at__gte=at - LOOKED_BACK, erased_at=None)
    return rows.only(*FIELDS).order_by("-pk")


def _gazetteer() -> set[str]:
    """The divisions of the district, without what kind of division they are."""
    return {name for given in Division.objects.values_list("name", flat=True) for name in find_names(given)}


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _keep(words: Vocabulary, at: datetime) -> None:
    Wording.objects.create(at=at, n=words.n, pairs=dict(words.pairs), names=dict(words.names))
    kept = Wording.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    Wording.objects.exclude(pk__in=list(kept)).delete()


def _store(
    clusters: Sequence[Cluster], messages: Sequence[Message], sketches: Sequence[Sketch],
    before: Mapping[UUID, UUID | None], at: datetime,
) -> dict[UUID, UUID | None]:  # fmt: skip
    after: dict[UUID, UUID | None] = {}
    things, taken = [], set()
    for cluster in sorted(clusters, key=lambda c: -len(c.members)):
        keys = [UUID(messages[i].key) for i in cluster.members]
        if len(keys) == 1:
            after[keys[0]] = None
            continue
        was = Counter(thing for key in keys if (thing := before.get(key)) and thing not in taken)
        thing_id = was.most_common(1)[0][0] if was else uuid7()
        taken.add(thing_id)
        own = [sketches[i] for i in cluster.members]
        names = naming([s.plain for s in own], {name for s in own for name in s.names})
        speaker = UUID(messages[cluster.speaker].key)
        things.append(Thing(id=thing_id, speaker_id=speaker, names=names, at=at))
        after.update(dict.fromkeys(keys, thing_id))
    Thing.objects.bulk_create(
        things, update_conflicts=True, unique_fields=["id"], update_fields=["speaker", "names", "at"]
    )
    rows = [Belonging(matter_id=key, thing_id=thing) for key, thing in after.items()]
    Belonging.objects.bulk_create(rows, update_conflicts=True, unique_fields=["matter"], update_fields=["thing"])
    Thing.objects.filter(belongings=None).delete()
    return after


def _place(row: Matter, words: Vocabulary, at: datetime) -> UUID | None:
    """The thing it belongs to, if it is not alone."""
    asked = message_of(row)
    mine = sketch(asked, words)
    ids = holding_any(sought(asked, words).words, at - LOOKED_BACK, CANDIDATES)
    near = Matter.objects.filter(pk__in=ids).exclude(pk=row.pk)
    others = near.filter(belonging__isnull=False, erased_at=None).select_related("belonging__thing")
    scores: defaultdict[UUID, list[float]] = defaultdict(list)
    alone: dict[UUID, Matter] = {}
    for other in others:
        score = likeness(mine, sketch(message_of(other), words), words).score
        scores[other.belonging.thing_id or other.pk].append(score)
        if other.belonging.thing_id is None:
            alone[other.pk] = other
    best = max(scores, key=lambda key: sum(scores[key]) / len(scores[key]), default=None)
    if best is None or sum(scores[best]) / len(scores[best]) < TOGETHER:
        Belonging.objects.create(matter=row)
        return None
    if best in alone:
        texts = [mine.plain, sketch(message_of(alone[best]), words).plain]
        thing = Thing.objects.create(speaker=alone[best], names=naming(texts, mine.names), at=at)
        Belonging.objects.filter(matter=alone[best]).update(thing=thing)
        best = thing.pk
    Belonging.objects.create(matter=row, thing_id=best)
    return best
