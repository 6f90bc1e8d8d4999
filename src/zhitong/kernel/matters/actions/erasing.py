"""Taking words and files out of matters.  The log, its chain and the figures stay as they are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound
from zhitong.base.text import tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, forget_subjects, record_many

from ..models import Attachment, Clock, Extension, IdempotencyKey, Matter, Participant, Record, Task
from ..queries.contents import place_of
from ..rules.kinds import KINDS

# Stands where the words stood, in the language of the records.
GONE = "（内容已按规定清除）"
_WORDS = "UPDATE matters_matterwords SET words = %s::tsvector WHERE matter_id = ANY(%s)"


def erase_matters(ids: Sequence[UUID], *, why: str, by: Actor, at: datetime, **facts: Any) -> int:
    """All words, places and files of these matters, and who raised them; how many matters.  Those that are open, or were erased
    before, are left alone.  ``why`` is the slug of a reason and stands in the event, with ``facts``.
    """
    with transaction.atomic():
        locked = Matter.objects.select_for_update(of=("self",)).filter(
            pk__in=ids, closed_at__isnull=False, erased_at=None
        )
        rows = list(locked.order_by("pk"))
        keys = [row.pk for row in rows]
        erase_text(keys, at=at)
        erase_records(Record.objects.filter(matter__in=keys, erased_at=None), at=at)
        erase_files(Attachment.objects.filter(matter__in=keys))
        Task.objects.filter(matter__in=keys).update(brief="")
        Extension.objects.filter(clock__matter__in=keys).update(reason="")
        _blank_clocks(keys)
        Participant.objects.filter(matter__in=keys).delete()
        Matter.objects.filter(pk__in=keys).update(reporter=None, tracking=None, erased_at=at)
        _tell_lines(rows, "")
        _tell(rows, "all", why, by, at, facts)
    return len(rows)


def erase_piece(matter_id: UUID, piece: str, key: UUID | None, *, why: str, by: Actor, at: datetime) -> None:
    """One thing that should not be there: the ``text``, one ``record`` or one ``file``; also while the matter is open."""
    with transaction.atomic():
        row = Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
        if row is None:
            raise NotFound("no_matter", _("没有找到这件事项。"))
        action = ""
        if piece == "text":
            erase_text([row.pk], at=at, keep_place=True)
        elif piece == "record":
            action = _erase_record(row, key, at)
        elif piece == "file":
            if key is None or not erase_files(row.attachments.filter(pk=key)):
                raise NotFound("no_file", _("没有找到这个文件，可能已被清除。"))
        else:
            raise NotFound("no_piece", _("没有这项内容。"))
        if piece == "record":
            _tell_lines([row], action)
        _tell([row], piece, why, by, at, {"key": key})


def _erase_record(matter: Matter, key: UUID | None, at: datetime) -> str:
    found = matter.records.filter(pk=key, erased_at=None).first() if key else None
    if found is None:
        raise NotFound("no_record", _("没有找到这条记录，可能已被清除。"))
    erase_files(found.attachments.all())
    erase_records(Record.objects.filter(pk=found.pk), at=at)
    forget_subjects([matter.pk])
    return found.action


def erase_text(ids: Sequence[UUID], *, at: datetime, keep_place: bool = False) -> None:
    """Title, text, address, and what they are found by; notices that carry them; the exact point unless it is kept."""
    gone: dict[str, Any] = {"title": GONE, "text": GONE, "address": "", "is_public": False}
    Matter.objects.filter(pk__in=ids).update(**gone, **({} if keep_place else {"lon": None, "lat": None}))
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [tsvector(GONE), list(ids)])
    IdempotencyKey.objects.filter(matter__in=ids).update(digest=b"")
    forget_subjects(ids)


def erase_records(records: Any, *, at: datetime) -> int:
    """What was written down in actions; that something was, when and by whom stays."""
    return int(records.update(data={}, erased_at=at))


def erase_files(files: Any) -> int:
    """Rows now, contents once this is committed, where nobody else has the same content; how many rows."""
    digests = {bytes(digest) for digest in files.values_list("digest", flat=True)}
    count = int(files.delete()[0])
    transaction.on_commit(lambda: _unlink(digests))
    return count


def _unlink(digests: Iterable[bytes]) -> None:
    left = {bytes(d) for d in Attachment.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)}
    for digest in set(digests) - left:
        for preview in (False, True):
            Path(place_of(digest, preview=preview)).unlink(missing_ok=True)


def _blank_clocks(ids: Sequence[UUID]) -> None:
    """Reasons of pauses and extensions; their moments explain the due date and stay."""
    clocks = [c for c in Clock.objects.filter(matter__in=ids) if c.pauses or c.extensions]
    for clock in clocks:
        clock.pauses = [[start, end, ""] for start, end, _reason in clock.pauses]
        clock.extensions = [[amount, ""] for amount, _reason in clock.extensions]
    Clock.objects.bulk_update(clocks, ["pauses", "extensions"])


def _tell_lines(rows: Sequence[Matter], action: str) -> None:
    for slug in {row.kind for row in rows}:
        if (erased := KINDS[slug].erased) is not None:
            erased([row.pk for row in rows if row.kind == slug], action)


def _tell(rows: Sequence[Matter], what: str, why: str, by: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record_many([
        Happening("matter.erased", row.pk, "matter", at, by, {"what": what, "why": why, **facts}) for row in rows
    ])  # fmt: skip


def unlink(person_id: UUID, ids: Sequence[UUID], *, why: str, by: Actor, at: datetime) -> int:
    """Say of these matters no more that the person had to do with them.  What stays of their words is no longer public, since
    nobody's name can be masked in it any more.  How many."""
    with transaction.atomic():
        rows = list(Matter.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        mine = [row.pk for row in rows if row.reporter_id == person_id]
        Participant.objects.filter(person=person_id, matter__in=ids).delete()
        Matter.objects.filter(pk__in=mine).update(reporter=None, is_public=False)
        _tell(rows, "person", why, by, at, {})
    return len(rows)
