"""Making the files of papers that have none yet, and keeping them as they are."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import transaction

from zhitong.kernel.matters.public import put_file

from ..models import Paper
from ..queries.files import place_of
from ..queries.making import Files, made
from ..rules import PAPERS

AGAIN = timedelta(minutes=5)

log = logging.getLogger(__name__)


def make_due(*, at: datetime, most: int = 20) -> int:
    """Make the files of papers whose moment has come, the oldest first; how many.  One that fails is tried again in five minutes."""
    done = 0
    for _ in range(most):
        with transaction.atomic():
            rows = Paper.objects.select_for_update(skip_locked=True).filter(next_at__lte=at, slug__in=list(PAPERS))
            paper = rows.order_by("next_at").first()
            if paper is None:
                return done
            done += _make(paper, at)
    return done


def _make(paper: Paper, at: datetime) -> bool:
    try:
        with transaction.atomic():
            keep(paper, made(paper))
    except Exception:  # a font that is missing, a full disk: whatever it is, the next one must not wait
        log.exception("paper %s not made", paper.number)
        Paper.objects.filter(pk=paper.pk).update(next_at=at + AGAIN)
        return False
    return True


def keep(paper: Paper, files: Files) -> None:
    """Keep the files: from now on the paper is these, whatever becomes of programs and fonts."""
    for content, name in ((files.docx, "docx"), (files.pdf, "pdf")):
        digest = hashlib.sha256(content).digest()
        put_file(place_of(digest), content)
        setattr(paper, name, digest)
    paper.next_at = None
    paper.save(update_fields=["docx", "pdf", "next_at"])
