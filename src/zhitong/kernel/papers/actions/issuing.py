"""Issuing a paper, and taking it back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from zhitong.kernel.events.public import By, Happening, record, record_many

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


@dataclass(frozen=True, slots=True)
class Issue:
    """A paper that is to be issued for a matter.

    ``facts`` as the kind declares them: texts, dates, yes or no, rows; what is missing is empty.  ``watermark`` (up to 12
    characters, say 模拟) says that the paper has no effect.  ``place`` is the matter's number and how many papers it has, where that is
    known: the matter was opened in this transaction.
    """

    slug: str
    facts: Mapping[str, Any]
    matter_id: UUID
    watermark: str = ""
    place: tuple[str, int] | None = None


def issue(slug: str, facts: Mapping[str, Any], *, matter_id: UUID, by: By, at: datetime, watermark: str = "") -> Paper:
    """Issue one; see ``issue_many``."""
    return issue_many([Issue(slug, facts, matter_id, watermark)], by=by, at=at)[0]


def issue_many(wanted: Sequence[Issue], *, by: By, at: datetime) -> list[Paper]:
    """Issue papers in the caller's transaction, in the order given: a small row and an event each; Word and PDF are made later.

    NotFound without such a matter; ValueError, for whoever writes a line, for a fact or a paper that is not declared, or a
    watermark on a paper that takes none.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of what it tells of")
    last: dict[UUID, tuple[str, int]] = {}
    made = []
    for one in wanted:
        number, serial = last.get(one.matter_id) or one.place or _last(one.matter_id)
        last[one.matter_id] = number, serial + 1
        made.append(_paper(one, number, serial + 1, at))
    with connection.cursor() as cursor:
        write_rows(
            cursor, "papers_paper", COLUMNS, ([getattr(paper, name) for name in COLUMNS] for paper, _told in made)
        )
    record_many([Happening("paper.issued", paper.matter_id, "matter", at, by, told) for paper, told in made])
    return [paper for paper, _told in made]


def _paper(one: Issue, matter: str, serial: int, at: datetime) -> tuple[Paper, dict[str, Any]]:
    """The row, and what the log says of it."""
    kind = PAPERS[one.slug]
    if one.watermark and not kind.may_be_marked:
        raise ValueError(f"paper {one.slug} takes no watermark")
    kept, version = spelt(kind, one.facts), in_force(one.slug) or first_use(kind, at)
    number, until = f"{matter}-{serial:02d}", one.facts.get(kind.until)
    code = check_code() if kind.has_code else ""
    holder, organ = str(kept.get(kind.holder, "")), str(kept.get(kind.organ, ""))
    sealed = json.dumps(kept | ({CODE_FACT: code} if code else {}), ensure_ascii=False)
    said = canonical([kind.slug, number, version.digest.hex(), one.watermark, kept, code])
    paper = Paper(
        id=uuid7(), slug=kind.slug, matter_id=one.matter_id, serial=serial, number=number, template_id=version.id,
        facts=keyring().seal(sealed, FACTS_PLACE), code=keyring().blind(code, CODE_PLACE) if code else None,
        holder=mask_holder(holder)[:120], organ=organ[:120], watermark=one.watermark, issued_at=at,
        digest=hashlib.sha256(said).digest(), next_at=at + SOON,
        valid_until=until if isinstance(until, date) and not isinstance(until, datetime) else None,
    )  # fmt: skip
    told = {
        "paper": paper.pk, "slug": paper.slug, "number": number, "template": version.number, "digest": bytes(paper.digest).hex(),
        "watermark": one.watermark, "until": paper.valid_until.isoformat() if paper.valid_until else "",
    }  # fmt: skip
    return paper, told


def _last(matter_id: UUID) -> tuple[str, int]:
    """The number of the matter and how many papers it has by now.  The matter is locked, so that two do not get the same."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [matter_id, matter_id])
        found = cursor.fetchone()
        if found is None:
            raise NotFound("no_matter", _("没有找到这件事项。"))
        cursor.nextset()  # a statement of its own: it sees what was issued by whoever held the lock before
        return str(found[0]), int(cursor.fetchone()[0])


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
