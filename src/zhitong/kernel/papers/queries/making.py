"""The Word and PDF files of a paper, made from its row alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from ..models import Paper
from ..rules import PAPERS, PaperKind, named, spelt
from ..rules.joining import joined
from ..rules.kinds import ADDRESS, CODE, DAY, NUMBER, QR, day
from ..rules.pdf import pdf
from ..rules.word import fill
from .files import kept
from .papers import grouped
from .templates import content_of, in_force, supplied

CODE_FACT = "_code"
# Each takes some tens of megabytes.
_making = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Files:
    """The same paper twice."""

    docx: bytes
    pdf: bytes


def check_address(code: str) -> str:
    """Where anybody checks a paper: what its QR code holds."""
    try:
        path = reverse("portal:checked", args=[grouped(code)])
    except NoReverseMatch:  # without pages
        path = f"/check/{grouped(code)}"
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def made(paper: Paper) -> Files:
    """Word and PDF.  The same row gives the same bytes, as long as programs and fonts are the same."""
    facts = paper.opened()
    code = str(facts.pop(CODE_FACT, ""))
    said = _said(PAPERS[paper.slug], facts, paper.number, paper.issued_at, code)
    return drawn(PAPERS[paper.slug], content_of(paper.template_id), said, at=paper.issued_at, watermark=paper.watermark)


def pack(papers: Sequence[Paper], *, cover: bytes, title: str, at: datetime) -> bytes:
    """The papers as one PDF under a cover, each as it is kept or, where the worker has not come to it yet, made on the spot."""
    parts = [(f"{PAPERS[paper.slug].label} {paper.number}", _pdf_of(paper)) for paper in papers]
    return joined([(title, cover), *parts], title=title, at=at)


def _pdf_of(paper: Paper) -> bytes:
    place = kept(paper, "pdf")
    return place.read_bytes() if place else made(paper).pdf


def render(slug: str, facts: Mapping[str, Any], *, at: datetime, watermark: str = "") -> tuple[bytes, bytes]:
    """A paper that belongs to no matter, by the template in force: Word and PDF, at once and kept nowhere.  No number, no code.

    ``facts`` as for ``issue``.  Takes some 0.1 s.
    """
    kind, version = PAPERS[slug], in_force(slug)
    content = content_of(version.id) if version else supplied(slug)[0]
    files = drawn(kind, content, _said(kind, spelt(kind, facts), "", at, ""), at=at, watermark=watermark)
    return files.docx, files.pdf


def sample(kind: PaperKind, template: bytes, *, at: datetime, empty: bool = False) -> Files:
    """A paper of sample facts, or of none at all: to see whether a template is any good."""
    facts = spelt(kind, {} if empty else kind.sample)
    code = "ABCDEFGHJKMN" if kind.has_code else ""
    return drawn(kind, template, _said(kind, facts, f"{at:%Y%m%d}0000000-01", at, code), at=at, watermark="")


def _said(kind: PaperKind, facts: Mapping[str, Any], number: str, at: datetime, code: str) -> dict[str, Any]:
    said = named(kind, facts) | {NUMBER: number, DAY: day(at)}
    if code:
        address = check_address(code)
        said |= {CODE: grouped(code), ADDRESS: address, QR: address}
    return said


def drawn(kind: PaperKind, template: bytes, said: Mapping[str, Any], *, at: datetime, watermark: str) -> Files:
    """The template with what it says.  Papers are Chinese, whoever asks for them."""
    with _making, override("zh-hans"):
        title = str(kind.label)
        docx = fill(template, said, title=title, at=at, watermark=watermark)
        return Files(docx, pdf(docx, title=title, at=at, watermark=watermark, folders=tuple(settings.PAPER_FONTS)))
