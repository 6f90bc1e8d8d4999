"""What somebody was told: their notices in words, with the matter each is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import get_language

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Notice, inbox, render_many
from zhitong.kernel.matters.public import Matter, visible_matters


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in the reader's language; ``matter`` is None where it may not be seen (any more)."""

    notice: Notice
    title: str
    body: str
    matter: Matter | None


def notices(by: Actor, *, unread_only: bool = False) -> QuerySet[Notice]:
    """Notices of one person: unread first, then the newest."""
    if by.account_id is None:
        return Notice.objects.none()
    rows = inbox(by.account_id)
    if unread_only:
        return rows.filter(read_at=None)
    return rows.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-id")


def told(rows: Sequence[Notice], by: Actor) -> list[Told]:
    """Notices in words.  Two queries."""
    subjects = {notice.subject for notice in rows}
    seen = visible_matters(by).only("pk", "number", "title", "kind").in_bulk(subjects) if subjects else {}
    said = render_many(rows, get_language() or "")
    return [Told(notice, *words, seen.get(notice.subject)) for notice, words in zip(rows, said, strict=True)]


def own_notice(notice_id: UUID, by: Actor) -> Notice | None:
    """One notice of this person."""
    return notices(by).filter(pk=notice_id).first()
