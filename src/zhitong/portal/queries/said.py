"""What was written down in an action, under the questions of its form."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhitong.kernel.matters.public import (
    KINDS,
    Action,
    Ask,
    Attachment,
    Choose,
    Kind,
    Matter,
    Record,
    catalogue,
    questions,
)
from zhitong.kernel.organisation.public import Staff, category_labels, organ_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import moment, named

LONG, MOST_ROWS_BESIDE = 18, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer in words."""

    label: str
    value: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One record as a page shows it."""

    record: Record
    label: str
    icon: str
    organ: str
    answers: Sequence[Answer]
    files: Sequence[Attachment] = ()


@dataclass
class Names:
    """The names of every id that stands in some records, looked up once a table."""

    kind: Kind
    wanted: dict[Choose, set[UUID]] = field(default_factory=dict)
    found: dict[UUID, str] = field(default_factory=dict)
    own: dict[Callable[[Collection[str]], Mapping[str, str]], set[str]] = field(default_factory=dict)
    found_own: dict[str, str] = field(default_factory=dict)

    def look_up(self) -> None:
        """One query where people or matters were named, one for what only the matter has, none otherwise."""
        for choose, read in _KNOWN.items():
            if ids := self.wanted.get(choose):
                self.found.update(read(ids))
        asked = [_ASKED[choose](ids) for choose, ids in self.wanted.items() if choose in _ASKED]
        for names, values in self.own.items():
            self.found_own.update(names(values))
        if asked:
            self.found.update(asked[0].union(*asked[1:], all=True))

    def collect(self, ask: Ask, given: Any) -> None:
        """Remember the ids of one answer."""
        if given and (ask.choose in _KNOWN or ask.choose in _ASKED):
            self.wanted.setdefault(ask.choose, set()).update(UUID(str(i)) for i in _many(given))
        if given and ask.names:
            self.own.setdefault(ask.names, set()).update(map(str, _many(given)))

    def text(self, bare: Any, ask: Ask, given: Any) -> str:
        """One answer in words."""
        if isinstance(given, bool):
            return _("是") if given else _("否")
        if ask.choose in _KNOWN or ask.choose in _ASKED:
            return _("、").join(self.found.get(UUID(str(i)), "—") for i in _many(given))
        if ask.choose is Choose.OWN:
            return _("、").join(self.found_own.get(str(i), "—") for i in _many(given))
        if ask.choices:
            return str(dict(ask.choices).get(str(given), given))
        if ask.choose is Choose.CHOICE:
            return str(next((c.label for c in self.kind.clocks if c.slug == given), given))
        return moment(datetime.fromisoformat(given)) if bare is datetime else str(given)


def _many(given: Any) -> Iterable[Any]:
    return given if isinstance(given, list) else [given]


def _reasons(ids: set[UUID]) -> Mapping[UUID, str]:
    known = catalogue().reasons
    return {i: named(known[i]) for i in ids if i in known}


def _subkinds(ids: set[UUID]) -> Mapping[UUID, str]:
    known = catalogue().subkinds
    return {i: named(known[i]) for i in ids if i in known}


# Names that the process keeps.
_KNOWN: dict[Choose, Callable[[set[UUID]], Mapping[UUID, str]]] = {
    Choose.ORGAN: organ_names,
    Choose.CATEGORY: category_labels,
    Choose.DIVISION: territory.labels,
    Choose.REASON: _reasons,
    Choose.SUBKIND: _subkinds,
}
# Names that are asked for.
_ASKED: dict[Choose, Callable[[set[UUID]], QuerySet[Any, tuple[UUID, str]]]] = {
    Choose.STAFF: lambda ids: Staff.objects.order_by().filter(pk__in=ids).values_list("pk", "name"),
    Choose.MATTER: lambda ids: Matter.objects.filter(pk__in=ids).values_list("pk", "number"),
}


def _asked(action: Action | None, record: Record) -> Iterable[tuple[Any, Ask, Any]]:
    """(type, question, answer) of everything that was answered."""
    if action is None or action.payload is None:
        return
    for name, bare, ask, _required, default in questions(action.payload):
        given = record.data.get(name)
        is_left_open = given is False and default is False  # a box that need not be ticked says nothing
        if given not in (None, "", []) and not is_left_open:
            yield bare, ask, given


def said(matter: Matter, records: Sequence[Record], files: Iterable[Attachment]) -> list[Said]:
    """The records of a matter in words, in the order given."""
    kind = KINDS[matter.kind]
    names = Names(kind)
    asked = {record.pk: list(_asked(kind.moves.get(record.action), record)) for record in records}
    for answers in asked.values():
        for _bare, ask, given in answers:
            names.collect(ask, given)
    names.look_up()
    attached: dict[UUID | None, list[Attachment]] = {}
    for file in files:
        attached.setdefault(file.record_id, []).append(file)
    return [
        _said(kind.moves.get(r.action), r, [_answer(names, *answer) for answer in asked[r.pk]], attached.get(r.pk, []))
        for r in records
    ]


def _answer(names: Names, bare: Any, ask: Ask, given: Any) -> Answer:
    text = names.text(bare, ask, given)
    label = re.split("（| \\(", str(ask.label))[0]
    return Answer(label, text, ask.rows > MOST_ROWS_BESIDE or len(text) > LONG or "\n" in text)


def _said(action: Action | None, record: Record, answers: Sequence[Answer], files: Sequence[Attachment]) -> Said:
    organ = str(record.organ) if record.organ else ""
    if action is None:
        return Said(record, record.action, "point", organ, answers, files)
    return Said(record, str(action.label), action.icon, organ, answers, files)
