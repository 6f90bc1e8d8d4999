"""Papers as lists show them: what it is, what it is worth, Word and PDF beside each other."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.papers.public import PAPERS, Paper, Standing

TONES = {Standing.VALID: "good", Standing.SIMULATED: "warn", Standing.EXPIRED: "neutral", Standing.REVOKED: "bad",
         Standing.ERASED: "neutral"}  # fmt: skip


def paper_rows(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """For the component ``ui.papers``."""
    today = timezone.localdate()
    return [_row(paper, paper.standing(today)) for paper in papers]


def _row(paper: Paper, standing: Standing) -> dict[str, Any]:
    kind, is_there = PAPERS.get(paper.slug), standing != Standing.ERASED
    return {
        "label": kind.label if kind else paper.slug,
        "number": paper.number,
        "at": paper.issued_at,
        "until": paper.valid_until,
        "standing": "" if standing == Standing.VALID and not (kind and kind.has_code) else standing.label,
        "tone": TONES[standing],
        "docx": reverse("portal:paper_docx", args=[paper.pk]) if is_there else "",
        "pdf": reverse("portal:paper_pdf", args=[paper.pk]) if is_there else "",
    }
