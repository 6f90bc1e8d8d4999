"""The result pack of one thing 一件事: what came of every part, as one document under a list of all of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import override

from zhitong.base.moments import dated
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.papers.public import Paper, pack, papers_of_several, render

from ..choices import PartState
from .bundles import PartSeen, Progress
from .versions import GRANTED, NOT_ACCEPTED, REFUSED, result_papers

COVER = "hall-pack"


def papers_in_pack(seen: Progress, by: Actor) -> list[Paper]:
    """What was decided and made in the parts that ``by`` may see, in the order of the parts; what was revoked is left out.  One query."""
    order = [part.matter_id for part in seen.parts if part.matter_id]
    wanted = {*result_papers(), GRANTED, REFUSED, NOT_ACCEPTED}
    found = [
        paper for paper in papers_of_several(order, by)
        if paper.slug in wanted and paper.revoked_at is None and paper.erased_at is None
    ]  # fmt: skip
    return sorted(found, key=lambda paper: (order.index(paper.matter_id), paper.serial))


def pack_of(seen: Progress, papers: Sequence[Paper], *, at: datetime) -> bytes:
    """One PDF: the list of what came of every part, then the papers themselves.  Some 0.1 s, and as much for each paper not made yet."""
    with override("zh-hans"):  # papers are Chinese, whoever asks for them
        facts, title = _facts(seen, papers), f"{seen.case.matter.title}结果清单"
    return pack(papers, cover=render(COVER, facts, at=at)[1], title=title, at=at)


def _facts(seen: Progress, papers: Sequence[Paper]) -> dict[str, Any]:
    matter = seen.case.matter
    applicant = seen.case.firm or matter.reporter
    return {
        "applicant": applicant.name if applicant else "", "item": matter.title, "case_number": matter.number,
        "organ": matter.lead.name if matter.lead else "", "applied_on": matter.opened_at,
        "results": [_row(part, [one for one in papers if one.matter_id == part.matter_id]) for part in seen.parts],
    }  # fmt: skip


def _row(part: PartSeen, papers: Sequence[Paper]) -> dict[str, str]:
    until = next((one.valid_until for one in papers if one.valid_until), None)
    return {
        "part": part.name, "organ": part.organ.name if part.organ else "", "state": str(PartState(part.state).label),
        "result": "\n".join(filter(None, (part.result if part.result_number else "", part.result_number))),
        "until": dated(until, "zh"),
    }  # fmt: skip
