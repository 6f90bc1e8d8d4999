"""Sealing what stands in papers again after a new key was put first."""

from uuid import UUID

from django.db import transaction

from zhitong.kernel.accounts.public import keyring

from ..models import CODE_PLACE, FACTS_PLACE, Paper
from ..queries.making import CODE_FACT

BATCH = 500


def rotate_papers() -> int:
    """Seal facts and digest codes of every paper with the first key; how many.  In small transactions; may be stopped and started again."""
    done, last, ring = 0, UUID(int=0), keyring()
    while True:
        with transaction.atomic():
            rows = Paper.objects.select_for_update().filter(pk__gt=last).order_by("pk")
            batch = list(rows[:BATCH])
            stale = [row for row in batch if row.facts and not ring.is_current(bytes(row.facts))]
            for row in stale:
                code = row.opened().get(CODE_FACT)
                row.facts = ring.seal(ring.open(bytes(row.facts), FACTS_PLACE), FACTS_PLACE)
                row.code = ring.blind(code, CODE_PLACE) if code else row.code
            Paper.objects.bulk_update(stale, ["facts", "code"])
        done += len(stale)
        if len(batch) < BATCH:
            return done
        last = batch[-1].pk
