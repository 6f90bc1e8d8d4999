"""Papers go when the words of their matter go."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ..models import Paper
from ..queries.files import place_of


def erase_papers(matter_ids: Sequence[UUID], *, at: datetime) -> int:
    """What stands in these papers, and their files once this is committed; how many.  The rows stay, so that whoever checks a
    code is told that the term is over."""
    rows = list(Paper.objects.select_for_update().filter(matter__in=matter_ids, erased_at=None).order_by("pk"))
    digests = {bytes(digest) for row in rows for digest in (row.docx, row.pdf) if digest}
    Paper.objects.filter(pk__in=[row.pk for row in rows]).update(
        facts=b"", holder="", revoked_why="", docx=None, pdf=None, next_at=None, erased_at=at
    )
    transaction.on_commit(lambda: _unlink(digests))
    return len(rows)


def _unlink(digests: Iterable[bytes]) -> None:
    """The files that no other paper has."""
    wanted = list(digests)
    left: set[bytes] = set()
    for found in Paper.objects.filter(Q(docx__in=wanted) | Q(pdf__in=wanted)).values_list("docx", "pdf"):
        left |= {bytes(one) for one in found if one}
    for digest in set(wanted) - left:
        Path(place_of(digest)).unlink(missing_ok=True)
