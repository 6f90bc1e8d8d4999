"""The district's words of danger, what they raised, and what was not urgent after all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record, set_mark
from zhitong.kernel.matters.public import Matter

from ..choices import AlarmCall, AlarmGroup, AlarmLevel
from ..models import Alarmed, AlarmWord
from ..permissions import demand_manage
from ..queries.alarms import MARK, alarms
from ..rules.supplied import SUPPLIED

STREAM = uuid5(NAMESPACE_URL, "zhitong:dispatch:alarms")
LONGEST, MOST_PHRASES = 30, 20


@transaction.atomic
def load_words() -> int:
    """Put the supplied words that are not there yet; what the district changed stays as it is.  How many were new."""
    known = set(AlarmWord.objects.values_list("word", flat=True))
    rows = [
        AlarmWord(word=one.word, group=group, level=one.level, call=one.call, unless=list(one.unless))
        for group, one in SUPPLIED
        if one.word not in known
    ]
    AlarmWord.objects.bulk_create(rows, ignore_conflicts=True)
    set_mark(MARK)
    return len(rows)


@transaction.atomic
def put_supplied(*, by: Actor, at: datetime) -> int:
    """`load_words` by somebody who may, on the record."""
    demand_manage(by)
    if n := load_words():
        record("dispatch.alarms_supplied", STREAM, stream_kind="dispatch", at=at, by=by, data={"n": n})
    return n


@transaction.atomic
def set_word(
    word: str, *, group: str, level: str, call: str = "", unless: Sequence[str] = (), is_active: bool = True,
    word_id: UUID | None = None, by: Actor, at: datetime,
) -> AlarmWord:  # fmt: skip
    """Add a word of danger, or change the one of ``word_id``."""
    demand_manage(by)
    if not AlarmWord.objects.exists():
        load_words()
    word, phrases = _checked(word, unless)
    if group not in AlarmGroup.values or level not in AlarmLevel.values or call not in ("", *AlarmCall.values):
        raise Refused("not_a_choice", _("请从列表中选择。"), field="group")
    row = AlarmWord(id=uuid7()) if word_id is None else AlarmWord.objects.select_for_update().filter(pk=word_id).first()
    if row is None:
        raise NotFound("no_word", _("没有这个词语，可能已被删除。"))
    if AlarmWord.objects.filter(word=word).exclude(pk=row.pk).exists():
        raise Conflict("word_known", _("已有这个词语，请直接修改。"), field="word")
    before = _said(row) if word_id else None
    row.word, row.group, row.level, row.call = word, group, level, call
    row.unless, row.is_active = phrases, is_active
    row.save()
    set_mark(MARK)
    data = {"before": before, **_said(row)}
    record("dispatch.alarm_word", row.pk, stream_kind="dispatch", at=at, by=by, data=data)
    return row


def _checked(word: str, unless: Sequence[str]) -> tuple[str, list[str]]:
    word = clean(word).casefold()
    if not word or len(word) > LONGEST:
        raise Refused("bad_word", _("词语请填1到30个字。"), field="word")
    phrases = list(dict.fromkeys(phrase for one in unless if (phrase := clean(one).casefold())))
    if len(phrases) > MOST_PHRASES or any(len(one) > LONGEST for one in phrases):
        raise Refused("bad_phrases", _("例外说法最多20个，每个不超过30个字。"), field="unless")
    if alone := next((one for one in phrases if word not in one or one == word), None):
        raise Refused(
            "bad_phrase", _("例外说法“%(phrase)s”应包含这个词语，并且更长。") % {"phrase": alone}, field="unless"
        )
    return word, phrases


def _said(row: AlarmWord) -> dict[str, object]:
    return {
        "word": row.word, "group": row.group, "level": row.level, "call": row.call, "unless": list(row.unless),
        "is_active": row.is_active,
    }  # fmt: skip


def note_alarms(matters: Sequence[Matter]) -> None:
    """Keep by which words new matters were raised.  One statement, none where no word was found."""
    rows = [
        Alarmed(matter_id=matter.pk, word=word, at=matter.opened_at)
        for matter, found in zip(matters, alarms((matter.text, matter.title) for matter in matters), strict=True)
        for word in found.words
    ]
    if rows:
        Alarmed.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def report_false(matter: Matter, words: Collection[str]) -> None:
    """What these words raised was not urgent: each counts against its word.  Whoever calls has taken the move by which that is said."""
    rows = [Alarmed(matter_id=matter.pk, word=word, at=matter.opened_at, is_false=True) for word in words]
    Alarmed.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["matter", "word"], update_fields=["is_false"]
    )
