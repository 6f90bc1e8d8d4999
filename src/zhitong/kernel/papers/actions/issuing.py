"""Issuing a paper, and taking it back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import write_rows
from zhitong.base.errors import Conflict, NotFound
from zhitong.base.hashing import canonical
from zhitong.base.identifiers import check_code, uuid7
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.events.public import By, record

from ..choices import Origin
from ..models import CODE_PLACE, FACTS_PLACE, Paper, Template
from ..queries.making import CODE_FACT
from ..queries.templates import Version, in_force, supplied
from ..rules import PAPERS, PaperKind, mask_holder, spelt

# The worker leaves it to whoever asks for it at once.
SOON = timedelta(seconds=20)
COLUMNS = (
    "id", "slug", "matter_id", "serial", "number", "template_id", "facts", "code", "holder", "organ", "watermark", "issued_at",
    "valid_until", "digest", "next_at", "revoked_why",
)  # fmt: skip
LAST = (
    "SELECT number FROM matters_matter WHERE id = %s FOR UPDATE; "
    "SELECT coalesce(max(serial), 0) FROM papers_paper WHERE matter_id = %s"
)


def issue(slug: str, facts: Mapping[str, Any], *, matter_id: UUID, by: By, at: datetime, watermark: str = "") -> Paper:
    """Issue a paper for a matter, in the caller's transaction: one small row and an event; Word and PDF are made later.

    ``facts`` as the kind declares them: texts, dates, yes or no, rows; what is missing is empty.  ``watermark`` (up to 12
    characters, say 模拟) says that the paper has no effect.  NotFound without such a matter; ValueError, for whoever writes a line,
    for a fact or a paper that is not declared, or a watermark on a paper that takes none.
    """
    kind = PAPERS[slug]
    if watermark and not kind.may_be_marked:
        raise ValueError(f"paper {slug} takes no watermark")
    if not connection.in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of what it tells of")
    kept, version = spelt(kind, facts), in_force(slug) or first_use(kind, at)
    paper = _paper(kind, version, kept, matter_id, at, watermark)
    until = facts.get(kind.until)
    paper.valid_until = until if isinstance(until, date) and not isinstance(until, datetime) else None
    with connection.cursor() as cursor:
        write_rows(cursor, "papers_paper", COLUMNS, [[getattr(paper, name) for name in COLUMNS]])
    told = {"paper": paper.pk, "slug": slug, "number": paper.number, "template": version.number}
    told |= {"digest": bytes(paper.digest).hex(), "watermark": watermark}
    told["until"] = paper.valid_until.isoformat() if paper.valid_until else ""
    record("paper.issued", matter_id, stream_kind="matter", by=by, at=at, data=told)
    return paper


def _paper(
    kind: PaperKind, version: Version, kept: dict[str, Any], matter_id: UUID, at: datetime, watermark: str
) -> Paper:
    serial, number = _next_number(matter_id)
    code = check_code() if kind.has_code else ""
    holder, organ = str(kept.get(kind.holder, "")), str(kept.get(kind.organ, ""))
    sealed = json.dumps(kept | ({CODE_FACT: code} if code else {}), ensure_ascii=False)
    said = canonical([kind.slug, number, version.digest.hex(), watermark, kept, code])
    return Paper(
        id=uuid7(), slug=kind.slug, matter_id=matter_id, serial=serial, number=number, template_id=version.id,
        facts=keyring().seal(sealed, FACTS_PLACE), code=keyring().blind(code, CODE_PLACE) if code else None,
        holder=mask_holder(holder)[:120], organ=organ[:120], watermark=watermark, issued_at=at,
        digest=hashlib.sha256(said).digest(), next_at=at + SOON,
    )  # fmt: skip


def _next_number(matter_id: UUID) -> tuple[int, str]:
    """The number of the matter and how many papers it has by now.  The matter is locked, so that two do not get the same."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [matter_id, matter_id])
        found = cursor.fetchone()
        if found is None:
            raise NotFound("no_matter", _("没有找到这件事项。"))
        cursor.nextset()  # a statement of its own: it sees what was issued by whoever held the lock before
        serial = cursor.fetchone()[0] + 1
    return serial, f"{found[0]}-{serial:02d}"


def first_use(kind: PaperKind, at: datetime) -> Version:
    """Give the template that ships its row; whoever is second finds the first one's."""
    content, digest = supplied(kind.slug)
    last = Template.objects.filter(paper=kind.slug).aggregate(last=Max("number"))["last"] or 0
    Template.objects.bulk_create([Template(
        paper=kind.slug, number=last + 1, origin=Origin.SUPPLIED, name=f"{kind.slug}.docx", digest=digest, content=content,
        added_at=at, added_by="",
    )], ignore_conflicts=True)  # fmt: skip
    row = Template.objects.filter(paper=kind.slug, digest=digest).values_list("pk", "number", "is_current").get()
    return Version(row[0], row[1], digest, row[2])


@transaction.atomic
def load_supplied(*, at: datetime) -> None:
    """Give every template that ships its row, in one order: nobody does it in the midst of a matter, where two who issue their first
    papers at once could wait for one another."""
    there = {(paper, bytes(digest)) for paper, digest in Template.objects.values_list("paper", "digest")}
    for slug in sorted(PAPERS):
        if (slug, supplied(slug)[1]) not in there:
            first_use(PAPERS[slug], at)


def revoke(paper: Paper, reason: str, *, by: By, at: datetime) -> None:
    """Say that a paper holds no more, in the caller's transaction; whoever checks it is told so.  Conflict when it was said before.

    ``reason`` stands beside the paper and not in the log; the public is not shown it.
    """
    done = Paper.objects.filter(pk=paper.pk, revoked_at=None, erased_at=None)
    if not done.update(revoked_at=at, revoked_why=reason[:200]):
        raise Conflict("paper_revoked", _("这份文书已经撤销。"))
    paper.revoked_at, paper.revoked_why = at, reason[:200]
    told = {"paper": paper.pk, "slug": paper.slug, "number": paper.number}
    record("paper.revoked", paper.matter_id, stream_kind="matter", by=by, at=at, data=told)
