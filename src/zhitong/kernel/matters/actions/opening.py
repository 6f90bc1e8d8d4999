"""Opening matters: one, or ten thousand, by the same statements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhitong.base import hashing
from zhitong.base.bulk import write_rows
from zhitong.base.errors import Conflict, Refused, each
from zhitong.base.identifiers import matter_number, tracking_code, uuid7, uuid7_at
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import SHANGHAI, Happening, one_change, record_many
from zhitong.kernel.register.public import Found, NewPerson, find_or_create_many
from zhitong.kernel.territory import public as territory

from ..choices import Channel, Grade, Part, TaskRole, Urgency
from ..models import Clock, Matter, Task
from ..queries.catalogue import Catalogue, catalogue
from ..queries.places import category_paths
from ..queries.tracking import tracking_digest
from ..rules.dims import dims
from ..rules.kinds import KINDS, Kind, OwnTerms
from . import rows, telling
from .clocks import new_clock, started, summarise

MOST_TEXT, MOST_TITLE, MOST_ADDRESS = 10_000, 120, 200
TITLE_FROM_TEXT = 30
SENTENCE_END = re.compile(r"[。！？；\n]|[.!?;](?=\s)")
PAUSES = "，、：, "
Paths = dict[UUID, list[UUID]]
Reporter = NewPerson  # who raises it; all may be empty for an anonymous report


@dataclass(slots=True)
class Opening:
    """Everything known of a matter when it is raised.  ``key`` makes sending it again harmless.

    ``code`` is the tracking code where the sender must be able to show it again; otherwise it is a random one.
    ``found`` is the reporter where the caller has found or registered them just now, in the same transaction.
    ``lead_id`` is the organ it lies with from the start.  ``own`` is what only its line understands, for ``Kind.opened`` and
    ``Kind.terms``.
    """

    kind: str
    subkind: str
    text: str
    channel: str
    title: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    division_id: UUID | None = None
    category_id: UUID | None = None
    urgency: str = Urgency.NORMAL
    is_public: bool = False
    reporter: Reporter | None = None
    found: Found | None = None
    key: str = ""
    code: str = ""
    at: datetime | None = None
    lead_id: UUID | None = None
    own: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Opened:
    """The answer: the number, and the tracking code that is shown once (empty when it was known already).  ``matter`` is the new one
    as it was written, with its tasks and clocks; None where it was known."""

    matter_id: UUID
    number: str
    tracking_code: str
    was_known: bool = False
    matter: Matter | None = None
    tasks: list[Task] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """One matter on its way into the tables."""

    opening: Opening
    matter: Matter
    code: str
    clocks: list[Clock] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    contact_id: UUID | None = None

    @property
    def opened(self) -> Opened:
        """The answer."""
        return Opened(
            self.matter.id, self.matter.number, self.code, matter=self.matter, tasks=self.tasks, clocks=self.clocks
        )


def open_matter(opening: Opening, *, by: Actor, at: datetime) -> Opened:
    """Open one matter; Refused says what to mend."""
    return open_many([opening], by=by, at=at)[0]


def open_many(openings: Sequence[Opening], *, by: Actor, at: datetime) -> list[Opened]:
    """Open all or none, in one transaction, in the order given; a key seen before gives the matter of then.

    Raises Refused with the position in ``index`` when one is not acceptable; Conflict when a key comes back with other
    content.  ``Opening.at`` (when it really was raised) is taken over from imports; clocks count from it.
    """
    with one_change():
        known = catalogue()
        categories = category_paths(o.category_id for o in openings)
        drafts = []
        for one in each(openings):
            with one as opening:
                drafts.append(_draft(opening, by, at, known, categories))
        _place([d.matter for d in drafts])
        repeated, serials = _claim_keys(drafts)
        fresh = [d for d in drafts if d.matter.id not in repeated]
        _number(fresh, serials)
        _people(fresh, by, at)
        own = _own_terms(fresh)
        for draft in fresh:
            _start_clocks(draft, known, categories, own)
        _write(fresh, by)
    return [repeated.get(d.matter.id) or d.opened for d in drafts]


def _draft(opening: Opening, by: Actor, at: datetime, known: Catalogue, categories: Paths) -> _Draft:
    kind = _kind(opening.kind)
    if kind.open_permission and not by.is_resident:
        by.demand(kind.open_permission)
    subkind = known.subkind(kind.slug, opening.subkind)
    text = _text(opening)
    code = opening.code or tracking_code()
    when = opening.at or at
    matter = rows.made(
        Matter, id=uuid7_at(when), kind=kind.slug, subkind_id=subkind.pk, stage=kind.opening, text=text,
        title=clean(opening.title)[:MOST_TITLE] or title_from(text), address=clean(opening.address)[:MOST_ADDRESS],
        lon=opening.lon, lat=opening.lat, division_id=opening.division_id, category_id=_category(opening, categories),
        urgency=_choice(opening.urgency, Urgency, "urgency"), channel=_choice(opening.channel, Channel, "channel"),
        is_public=opening.is_public and not subkind.is_private, tracking=tracking_digest(code), opened_by=by.account_id, lead_id=opening.lead_id,
        opened_at=when, stage_at=when, grade=Grade.ON_TIME, path=[],
    )  # fmt: skip
    _check_point(matter)
    return _Draft(opening, matter, code)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Refused("unknown_kind", _("没有这类业务。"), field="kind")
    return KINDS[slug]


def _text(opening: Opening) -> str:
    text = clean(opening.text)
    if not text:
        raise Refused("required", _("请写明您要反映的情况。"), field="text")
    if len(text) > MOST_TEXT:
        raise Refused("too_long", _("内容不能超过10000字，请精简，其余可作为附件上传。"), field="text")
    return text


def title_from(text: str) -> str:
    """The first sentence, shortened where it pauses rather than inside a word."""
    first = next((part.strip() for part in SENTENCE_END.split(text) if part.strip()), text)
    if len(first) <= TITLE_FROM_TEXT:
        return first
    pause = max(first.rfind(mark, TITLE_FROM_TEXT // 3, TITLE_FROM_TEXT + 1) for mark in PAUSES)
    return first[: pause if pause > 0 else TITLE_FROM_TEXT]


def _choice(given: str, choices: Any, name: str) -> str:
    try:
        choices(given)
    except ValueError:
        raise Refused("not_a_choice", _("请从列表中选择。"), field=name) from None
    return given


def _category(opening: Opening, known: Paths) -> UUID | None:
    if opening.category_id is not None and opening.category_id not in known:
        raise Refused("unknown_category", _("没有这个类别，请重新选择。"), field="category")
    return opening.category_id


def _check_point(matter: Matter) -> None:
    if (matter.lon is None) != (matter.lat is None):
        raise Refused("bad_point", _("位置坐标不完整，请重新在地图上选点。"), field="lon")
    if matter.lon is not None and not (-180 <= matter.lon <= 180 and -90 <= (matter.lat or 0) <= 90):
        raise Refused("bad_point", _("位置坐标超出范围，请重新在地图上选点。"), field="lon")


def _place(matters: Sequence[Matter]) -> None:
    """Find the division of every point, and all above every division."""
    pointed = [m for m in matters if m.division_id is None and m.lon is not None and m.lat is not None]
    if pointed:
        found = territory.locate_many([m.lon or 0.0 for m in pointed], [m.lat or 0.0 for m in pointed])
        for matter, division_id in zip(pointed, found, strict=True):
            matter.division_id = division_id
    known = territory.paths({m.division_id for m in matters if m.division_id})
    for matter in matters:
        if matter.division_id:
            if matter.division_id not in known:
                raise Refused("unknown_division", _("没有这个区域，请重新选择。"), field="division")
            matter.path, matter.area_id = known[matter.division_id]


def _claim_keys(drafts: Sequence[_Draft]) -> tuple[dict[UUID, Opened], list[int]]:
    """Write the keys first; those that were there already lead to the matter of then.  Waits for a concurrent sender.  With the serials
    of those that are new."""
    keyed = {d.opening.key: d for d in drafts if d.opening.key}
    if not keyed:
        return {}, []
    digests = {key: rows.digest_of(d.opening) for key, d in keyed.items()}
    new = rows.claim_with_serials([(key, digests[key], keyed[key].matter.id) for key in keyed])
    known = rows.known_keys([key for key in keyed if key not in new])
    for key, (digest, _matter_id, _number) in known.items():
        if digest != digests[key]:
            raise Conflict("key_reused", _("这份表单已经提交过，内容与当前不同，请重新填写。"))
    answers: dict[UUID, Opened] = {}
    for draft in drafts:
        key = draft.opening.key
        if key in known:
            answers[draft.matter.id] = Opened(known[key][1], known[key][2], "", was_known=True)
        elif key and keyed[key] is not draft:
            raise Conflict("key_twice", _("同一批中有两份表单使用了相同的编号。"))
    return answers, list(new.values())


def _number(drafts: Sequence[_Draft], serials: list[int]) -> None:
    """Numbers in the order given; those without a key have no serial yet."""
    serials = sorted(serials + rows.serials(len(drafts) - len(serials)))
    for draft, serial in zip(drafts, serials, strict=True):
        on = draft.matter.opened_at.astimezone(SHANGHAI).date()
        draft.matter.number = matter_number(on, serial)


def _people(drafts: Sequence[_Draft], by: Actor, at: datetime) -> None:
    """Find or add the reporters in the register."""
    named = [d for d in drafts if d.opening.reporter and not d.opening.reporter.is_nobody]
    asked = [d for d in named if d.opening.found is None]
    new = iter(find_or_create_many([*map(_reporter, asked)], by=by, at=at) if asked else ())
    for draft in named:
        found = draft.opening.found or next(new)
        draft.matter.reporter_id, draft.contact_id = found.person_id, found.contact_id


def _reporter(draft: _Draft) -> Reporter:
    assert draft.opening.reporter is not None
    return draft.opening.reporter


def _own_terms(drafts: Sequence[_Draft]) -> OwnTerms:
    """The limits these matters bring along, asked of each kind once."""
    found: dict[UUID, Any] = {}
    for slug in {d.matter.kind for d in drafts}:
        mine = [d for d in drafts if d.matter.kind == slug]
        found.update(KINDS[slug].own_terms([d.matter for d in mine], [d.opening for d in mine]))
    return found


def _start_clocks(draft: _Draft, known: Catalogue, categories: Paths, own: OwnTerms) -> None:
    kind, matter = KINDS[draft.matter.kind], draft.matter
    path = categories.get(matter.category_id, []) if matter.category_id else []
    found = (
        new_clock(matter, slug, matter.opened_at, known, path, own) for slug in sorted(kind.running(matter.stage, 1))
    )
    draft.clocks = [clock for clock in found if clock is not None]
    summarise(matter, draft.clocks)


def _write(drafts: Sequence[_Draft], by: Actor) -> None:
    """Every row, then the events and what follows from them."""
    if not drafts:
        return
    matters = [d.matter for d in drafts]
    for draft in drafts:
        draft.tasks = [rows.lead_task(draft.matter)] if draft.matter.lead_id else []
    shares = [task for d in drafts for task in d.tasks]
    people = [(uuid7(), m.id, m.reporter_id, Part.REPORTER, m.opened_at) for m in matters if m.reporter_id]
    words = [(m.id, tsvector(m.title, m.text, m.address)) for m in matters]
    with connection.cursor() as cursor:
        write_rows(cursor, "matters_matter", rows.MATTER, map(rows.matter_row, matters))
        write_rows(cursor, "matters_matterwords", ("matter_id", "words"), words)
        write_rows(cursor, "matters_clock", rows.CLOCK, (rows.clock_row(c) for d in drafts for c in d.clocks))
        if shares:
            write_rows(cursor, "matters_task", rows.TASK, map(rows.task_row, shares))
        if people:
            write_rows(cursor, "matters_participant", rows.PARTICIPANT, people)
    for written in (*matters, *shares, *(c for d in drafts for c in d.clocks)):
        written._state.adding, written._state.db = False, connection.alias
    happenings = record_many([_happening(d, by) for d in drafts])
    telling.send_received(_letters(drafts, happenings))
    for slug in {m.kind for m in matters}:
        if opened := KINDS[slug].opened:
            opened([m for m in matters if m.kind == slug], [d.opening for d in drafts if d.opening.kind == slug])


def _letters(drafts: Sequence[_Draft], happenings: Sequence[Happening]) -> Iterator[telling.Received]:
    """One for each reporter who can be reached; none for what was taken over from elsewhere."""
    for draft, happening in zip(drafts, happenings, strict=True):
        letter, reporter = KINDS[draft.matter.kind].received_letter, draft.opening.reporter
        if letter and draft.contact_id and reporter and draft.opening.at is None:
            kind = "phone" if reporter.phone.strip() else "email"
            yield telling.Received(letter, happening.id, draft.matter, draft.contact_id, kind)


def _happening(draft: _Draft, by: Actor) -> Happening:
    matter = draft.matter
    data = {
        "from": None, "to": matter.stage, "round": 1, "dims": dims(matter), "number": matter.number,
        "text": hashing.chain(None, matter.text.encode()).hex(), "clocks": [started(c) for c in draft.clocks],
        "opened_at": matter.opened_at, **draft.opening.facts,
    }  # fmt: skip
    if matter.lead_id:
        data["tasks"] = [{"organ": str(matter.lead_id), "role": str(TaskRole.LEAD), "did": "sent"}]
    return Happening(f"{matter.kind}.opened", matter.id, "matter", matter.opened_at, by, data, is_first=True)
