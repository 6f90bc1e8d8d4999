"""The smart form's reads: a firm's drafts and applications, what the rules must know of the district, and the documents."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.holdings import Case as DataCase
from zhitong.base.holdings import Held
from zhitong.kernel.matters.public import KINDS as MATTERS
from zhitong.kernel.papers.public import render
from zhitong.kernel.register.public import Firm, firm_in_full, firms_of_person, given_of, is_name_taken
from zhitong.kernel.territory import public as territory

from ..models import Application, BundleCase, SmartDraft, Version
from ..rules import smart
from ..rules.smart.documents import Made
from .versions import version_on

BASE = "0000700100300"  # 公司变更登记 in the base list
LISTED = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft, read: the application, what is to be mended, and the documents it gives."""

    case: smart.Case
    findings: list[smart.Finding]
    documents: list[Made]


def drafts_of(firm: Firm) -> list[SmartDraft]:
    """The firm's drafts that were not submitted, the last changed first."""
    return list(SmartDraft.objects.filter(firm=firm, matter=None).order_by("-changed_at")[:LISTED])


def draft_of(firm: Firm, draft_id: UUID) -> SmartDraft:
    """One of the firm's own drafts; NotFound for another's, for one that is gone or was submitted."""
    row = SmartDraft.objects.filter(pk=draft_id, firm=firm, matter=None).first()
    if row is None:
        raise NotFound("no_draft", _("没有这份草稿，可能已提交或已删除，请返回企业专区查看。"))
    return row


@dataclass(frozen=True, slots=True)
class Listed:
    """An application of a firm in its list."""

    id: UUID
    number: str
    title: str
    stage: Any
    at: datetime
    is_open: bool
    followed_at: str


def applications_of(firm: Firm) -> list[Listed]:
    """The firm's applications, the newest first, a bundle as one.  Two queries."""
    single = Application.objects.filter(firm=firm, matter__bundle_part=None)
    rows = [*_newest(single), *_newest(BundleCase.objects.filter(firm=firm))]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:LISTED]


def _newest(rows: QuerySet[Any]) -> list[Listed]:
    found = rows.select_related("matter").order_by("-matter__opened_at", "-pk")[:LISTED]
    return [
        Listed(
            row.pk, row.matter.number, row.matter.title, MATTERS[row.matter.kind].by_slug[row.matter.stage].label,
            row.matter.opened_at, row.is_open, MATTERS[row.matter.kind].followed_at,
        ) for row in found
    ]  # fmt: skip


def world(firm: Firm, at: datetime) -> smart.World:
    """What the rules ask of the district and of the register."""
    streets = {node.code: node.name for node in territory.of_level("street")}
    return smart.World(
        timezone.localdate(at), lambda name: is_name_taken(name, firm.pk), lambda code: code in streets, lambda code: streets.get(code, "")
    )  # fmt: skip


def begun(firm: Firm, kinds: Sequence[str], at: datetime) -> dict[str, Any]:
    """What stands in a new draft already."""
    given = given_of(firm_in_full(firm.pk))
    return smart.starting(smart.chosen(kinds), given, timezone.localdate(at))


def look(draft: SmartDraft, firm: Firm, at: datetime) -> Looked:
    """The draft through all checks."""
    given = given_of(firm_in_full(firm.pk))
    case, findings = smart.check(smart.chosen(draft.kinds), given, draft.answers, world(firm, at))
    return Looked(case, findings, [] if findings else smart.documents_of(case))


def file_of(made: Made, at: datetime) -> tuple[bytes, bytes]:
    """Word and PDF of one document, by the template that counts in this district."""
    return render(made.slug, made.facts, at=at)


def pack(documents: Sequence[Made], at: datetime) -> bytes:
    """All of them, Word and PDF, as one ZIP, numbered in the order in which they are handed in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, made in enumerate(documents, start=1):
            for ending, content in zip(("docx", "pdf"), file_of(made, at), strict=True):
                archive.writestr(f"{number:02d} {made.name}.{ending}", content)
    return out.getvalue()


def version_for_changes(at: datetime) -> Version | None:
    """What counts today for change registration of companies; None where the district does not offer it."""
    rows = Version.objects.filter(item__base__code=BASE, item__for_firms=True).order_by("item__code")
    item = rows.values_list("item", flat=True).first()
    return version_on(item, timezone.localdate(at)) if item else None


def drafts_held(case: DataCase) -> list[Held]:
    """Drafts of firms this person stands behind: they may name them."""
    rows = SmartDraft.objects.filter(Q(firm__in=firms_of_person(case.person_id)), matter=None).select_related("firm")
    return [
        Held(row.pk, row.firm.name, row.changed_at, [(_("小智帮办草稿"), "、".join(row.kinds))], kept="")
        for row in rows
    ]
