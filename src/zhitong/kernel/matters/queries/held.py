"""What is held about a person in matters, and which matters have had their time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.db.models import PROTECT, ForeignObjectRel, Q, QuerySet, prefetch_related_objects
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhitong.base.holdings import Case, Fact, Held
from zhitong.base.moments import dated
from zhitong.base.retention import Due
from zhitong.kernel.register.public import Person, contacts_of, people_of_firms

from ..choices import Part
from ..models import IdempotencyKey, Matter, Participant, Record, SavedView
from ..rules.kinds import KINDS
from ..rules.payloads import questions
from .contents import place_of

TERM = "matters.closed"
IN_HAND = gettext_lazy("尚在办理，办结前需要凭此联系和办理")
TERM_RUNS = gettext_lazy(
    "档案保管期限未满（《个人信息保护法》第四十七条第二款），到期列入销毁清册；此前只作保存，不再公开"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One matter of a person, and what would become of it."""

    row: Participant
    is_open: bool
    kept_until: datetime | None
    is_own: bool

    @property
    def words_go(self) -> bool:
        """Whether its words would be erased: raised by the person, over, not erased yet, and no term in the way."""
        return self.is_own and not self.is_open and self.kept_until is None and self.row.matter.erased_at is None


def standings(case: Case) -> list[Standing]:
    """Each matter the person had to do with.  One query."""
    rows = Participant.objects.filter(person=case.person_id).select_related("matter__subkind").order_by("joined_at")
    return [_standing(row, case) for row in rows]


def _standing(row: Participant, case: Case) -> Standing:
    closed = row.matter.closed_at
    is_own, end = row.part == Part.REPORTER, case.term_end(TERM, closed) if closed else None
    runs = is_own and not case.is_unlawful and end is not None and end > case.at
    return Standing(row, closed is None, end if runs else None, is_own)


def words_held(case: Case) -> list[Held]:
    """What the person said and what was written down about it, matter by matter.  A handful of queries for any number."""
    own = [s for s in standings(case) if s.is_own and s.row.matter.erased_at is None]
    parts = ("records__matter", "tasks", "clocks__requests", "attachments")
    prefetch_related_objects([s.row.matter for s in own], *parts)
    return [
        Held(
            s.row.matter_id, s.row.matter.number, s.row.matter.opened_at, list(_facts(s.row.matter)),
            kept=IN_HAND if s.is_open else TERM_RUNS if s.kept_until else "", until=s.kept_until,
            files=[(f.name, place_of(bytes(f.digest))) for f in _in_order(s.row.matter.attachments.all(), "added_at")],
        )
        for s in own
    ]  # fmt: skip


def _in_order(rows: Iterable[Any], moment: str) -> list[Any]:
    return sorted(rows, key=lambda row: (getattr(row, moment), row.pk))


def links_held(case: Case) -> list[Held]:
    """That the person raised or joined these matters.  Those in hand need the person: they are told what comes of it."""
    found = standings(case)
    if any(s.is_open and s.is_own for s in found):
        case.needed.append(gettext_lazy("本人有尚在办理的事项"))
    return [
        Held(
            s.row.pk, f"{s.row.matter.number} {s.row.get_part_display()}", s.row.joined_at,
            kept=IN_HAND if s.is_open and s.is_own else "",
        )
        for s in found
    ]  # fmt: skip


def _facts(matter: Matter) -> Iterator[Fact]:
    kind = KINDS[matter.kind]
    yield _("类型"), matter.subkind.name
    yield _("环节"), str(kind.by_slug[matter.stage].label)
    yield from ((label, text) for label, text in _written(matter) if text)
    if kind.written is not None:
        yield from ((label, text) for label, text in kind.written(matter) if text)
    for record in _in_order(matter.records.all(), "at"):
        yield from ((f"{_action_label(record)} · {label}", value) for label, value in record_facts(record))
    for extension in [e for clock in matter.clocks.all() for e in clock.requests.all() if e.reason]:
        yield _("延期理由"), extension.reason
    names = [file.name for file in _in_order(matter.attachments.all(), "added_at")]
    if names:
        yield _("附件"), "、".join(names)


def _written(matter: Matter) -> Iterator[tuple[str, str]]:
    yield _("标题"), matter.title
    yield _("内容"), matter.text
    yield _("地址"), matter.address
    yield _("坐标"), f"{matter.lon}, {matter.lat}" if matter.lon is not None else ""
    yield _("交办说明"), "；".join(t.brief for t in matter.tasks.all() if t.brief)


def record_facts(record: Record) -> Iterator[Fact]:
    """What somebody wrote down in one action, under the questions of its form; ids of organs and the like say nothing of a person."""
    action = KINDS[record.matter.kind].moves.get(record.action)
    for name, bare, ask, *_rest in questions(action.payload) if action and action.payload else ():
        value = record.data.get(name)
        label = str(ask.label).partition("（")[0]
        if not isinstance(value, str) or not value:
            continue
        if ask.choices:
            yield label, str(dict(ask.choices).get(value, value))
        elif bare is datetime:
            yield label, dated(value, get_language())
        elif ask.choose is None:
            yield label, value


def _action_label(record: Record) -> str:
    action = KINDS[record.matter.kind].moves.get(record.action)
    return str(action.label) if action else record.action


def closed_before(before: datetime) -> QuerySet[Matter]:
    """Matters that were over by then and still have their words.  Held back where the main one of a merger is not over yet."""
    waiting = Q(links_out__relation="duplicate_of", links_out__target__closed_at=None)
    rows = Matter.objects.filter(closed_at__lt=before, erased_at=None)
    return rows.exclude(pk__in=Matter.objects.filter(waiting).values("pk"))


def due_matters(
    before: datetime, most: int, *, without: Sequence[UUID] = (), only: Sequence[UUID] | None = None
) -> list[Due]:  # fmt: skip
    """The oldest of them, by number."""
    rows = closed_before(before).exclude(pk__in=list(without))
    rows = rows if only is None else rows.filter(pk__in=list(only))
    rows = rows.order_by("closed_at", "pk")[:most]
    return [
        Due(row.pk, f"{row.number} {row.subkind.name}", row.closed_at or before)
        for row in rows.select_related("subkind")
    ]


def idle_people(before: datetime) -> QuerySet[Person]:
    """People registered before then whom nothing names any more: no matter, no firm, no row of a component above that needs them."""
    named = Q(pk__in=[])
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT:
            rows = relation.related_model._default_manager.exclude(**{relation.field.name: None})
            named |= Q(pk__in=rows.values(relation.field.name))
    return Person.objects.filter(created_at__lt=before).exclude(named).exclude(pk__in=people_of_firms().values("pk"))


def old_keys(before: datetime) -> QuerySet[IdempotencyKey]:
    """Keys under which something was sent before then."""
    return IdempotencyKey.objects.filter(created_at__lt=before)


def views_with(case: Case) -> QuerySet[SavedView]:
    """Lists that somebody keeps under a name and that look for this person's number or name."""
    person = Person.objects.filter(pk=case.person_id).first()
    said = [c.value for c in contacts_of([case.person_id]).get(case.person_id, [])]
    said += [person.name] if person is not None and len(person.name) > 1 else []
    wanted = Q(pk__in=[])
    for text in said:
        wanted |= Q(query__contains=quote_plus(text)) | Q(query__contains=text)
    return SavedView.objects.filter(wanted)


def views_held(case: Case) -> list[Held]:
    """They are shown by their name; what they look for is the person's own."""
    return [Held(row.pk, row.name, row.created_at) for row in views_with(case).order_by("pk")]
