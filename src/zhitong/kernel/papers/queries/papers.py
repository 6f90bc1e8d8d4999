"""Papers that were issued: of a matter, and by their code."""

import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import Event
from zhitong.kernel.matters.public import visible_matters

from ..models import CODE_PLACE, Paper
from ..rules import PAPERS

# Shorter ones are no codes; longer ones are not worth a digest.
CODE_LENGTH = 12


def visible_papers(by: Actor) -> QuerySet[Paper]:
    """The papers of the matters that ``by`` may see; to the applicant those that are meant for them."""
    rows = Paper.objects.filter(matter__in=visible_matters(by).values("pk"))
    if by.is_resident:
        rows = rows.exclude(slug__in=[slug for slug, kind in PAPERS.items() if kind.is_internal])
    return rows


def papers_of(matter_id: UUID, by: Actor) -> Sequence[Paper]:
    """The papers of one matter that ``by`` may see, in the order in which they were issued.  One query."""
    return papers_of_several([matter_id], by)


def papers_of_several(matter_ids: Collection[UUID], by: Actor) -> Sequence[Paper]:
    """The same of several matters at once, those of one matter in their order."""
    rows = visible_papers(by).filter(matter__in=matter_ids).select_related("template").defer("template__content")
    return list(rows.order_by("matter", "serial"))


def papers_told(events: Iterable[Event], erased_at: datetime | None) -> list[Paper]:
    """The papers of a matter as its events tell of them, without their content and without a query; for who sees the matter as staff."""
    found: dict[str, Paper] = {}
    for event in events:
        data = event.data
        if event.kind == "paper.issued":
            found[data["paper"]] = Paper(
                id=UUID(data["paper"]), slug=data["slug"], number=data["number"], watermark=data["watermark"], issued_at=event.at,
                valid_until=date.fromisoformat(data["until"]) if data.get("until") else None, erased_at=erased_at,
            )  # fmt: skip
        elif event.kind == "paper.revoked" and data["paper"] in found:
            found[data["paper"]].revoked_at = event.at
    return list(found.values())


def paper_for(paper_id: UUID, by: Actor) -> Paper:
    """One of them; NotFound where ``by`` may not see it or its content is gone."""
    found = visible_papers(by).filter(pk=paper_id, erased_at=None).select_related("matter").first()
    if found is None:
        raise NotFound("no_paper", _("没有找到这份文书，或者您无权查看。"))
    return found


def plain_code(text: str) -> str:
    """A code as it was given out: capitals without spaces and dashes; "" when it cannot be one."""
    code = "".join(c for c in clean(text[:64]).upper() if c.isascii() and c.isalnum())
    return code if len(code) == CODE_LENGTH else ""


def grouped(code: str) -> str:
    """The code as it is printed: ABCD-EFGH-JKLM."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def checked(text: str) -> Paper | None:
    """The paper with that verification code, whoever asks; None where there is none."""
    code = plain_code(text)
    if not code:
        return None
    digests = keyring().blinds(code, CODE_PLACE)
    found = Paper.objects.filter(code__in=digests).first()
    return found if found and any(hmac.compare_digest(bytes(found.code or b""), d) for d in digests) else None
