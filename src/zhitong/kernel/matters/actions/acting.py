"""``act``: permission, payload, effect, stage, clocks, tasks, record, event and notices, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base import hashing
from zhitong.base.errors import Conflict, NotFound, Refused, each
from zhitong.base.moments import dated
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, describe, notify_many, one_change, plain, record_many, stream

from .. import permissions
from ..choices import ClockState
from ..models import Clock, Matter, Record, Task
from ..queries.catalogue import catalogue
from ..queries.places import category_path
from ..rules import payloads
from ..rules.dims import dims
from ..rules.kinds import KINDS, Action
from . import clocks as timing
from . import files as filing
from . import references, rows, telling
from .context import Context
from .opening import Opened

LOCKED, TASKS = "WHERE id = %s FOR UPDATE", "WHERE matter_id = %s ORDER BY id"


@dataclass(slots=True)
class _Taken:
    """An action that has had its effect and is to be written: where its matter stood, since when, and what was said."""

    ctx: Context
    before: str
    since: datetime
    record: Record | None


def act(
    matter_id: UUID,
    action: str,
    data: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    files: Sequence[filing.Upload] = (),
    key: str = "",
) -> Matter:
    """Take one action.  ``version`` is the matter's version that the person saw: another one is a Conflict, nothing changes.

    ``key`` makes sending it again harmless: what was done under it already is not done twice, and the matter comes back as
    it stands now, with ``was_known``; the same key for anything else is a Conflict.
    Raises NotFound for a matter the person may not see, NotAllowed, Conflict (stage or version), Refused (payload or rule).
    """
    with one_change():
        matter, tasks, clocks = _locked(matter_id, by)
        if key and _is_done(key, matter, action, data or {}, files):
            matter.was_known = True
            return matter
        ctx = _prepare(matter, tasks, clocks, action, by, at, version)
        _write([_taken(ctx, data or {}, files)])
        return ctx.matter


def act_many(
    opened: Sequence[Opened], action: str, said: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime
) -> None:
    """``act``, without files, on each of some matters that were opened just now in the same transaction, all or none.

    Nobody else has seen them yet: they are neither locked nor read again, and all are written by the same few statements.
    Refused as ``act``, with the position in ``index``.
    """
    with one_change():
        taken = []
        for one in each(zip(opened, said, strict=True)):
            with one as (new, data):
                assert new.matter is not None  # what was known already was not opened now
                if not permissions.sees(by, new.matter, new.tasks):
                    raise _unseen()
                ctx = _prepare(new.matter, new.tasks, new.clocks, action, by, at, None)
                ctx.people = [new.matter.reporter_id] if new.matter.reporter_id else []
                taken.append(_taken(ctx, data))
        _write(taken)


def _taken(ctx: Context, data: Mapping[str, Any], files: Sequence[filing.Upload] = ()) -> _Taken:
    """Read what was said and let it have its effect; nothing of the matter is written yet."""
    ctx.files = len(files)
    payload = _payload(ctx, data)
    handling = ctx.matter.round
    if ctx.action.effect:
        ctx.action.effect(ctx, payload)
    before, since = ctx.matter.stage, ctx.matter.stage_at
    _move(ctx)
    said = payloads.written(payload) if payload is not None and ctx.action.keeps else {}
    record = _record(ctx, said, before, handling) if said or files else None
    if files:
        kept = filing.sorted_out(files, ctx.action.takes)
        attached = filing.attach(ctx.matter, kept, by=ctx.by, at=ctx.at, record=record, is_public=ctx.action.is_public)
        if ctx.action.filed:
            ctx.action.filed(ctx, payload, attached)
    return _Taken(ctx, before, since, record)


def _locked(matter_id: UUID, by: Actor) -> tuple[Matter, list[Task], list[Clock]]:
    key = (matter_id,)
    found, tasks, clocks = rows.fetched(
        rows.Asked(Matter, LOCKED, key), rows.Asked(Task, TASKS, key), rows.Asked(Clock, timing.LIVE, key)
    )
    matter = next(iter(found), None)
    if matter is None or not permissions.sees(by, matter, tasks):
        raise _unseen()
    return matter, tasks, clocks


def _unseen() -> NotFound:
    return NotFound("no_matter", _("没有找到这件事项，或者您无权查看。"))


def _is_done(
    key: str, matter: Matter, action: str, data: Mapping[str, Any], files: Sequence[filing.Upload]
) -> bool:  # fmt: skip
    """Claim the key; whether it was claimed before for this very thing.  After the lock of the matter, so that a key's
    reference to it never waits for somebody who waits for us."""
    names = [hashing.chain(None, upload.content).hex() for upload in files]
    said = {"action": action, "matter": matter.pk, "data": dict(data), "files": names}
    digest = hashing.chain(None, hashing.canonical(plain(said)))
    if rows.claim([(key, digest, matter.pk)]):
        return False
    if rows.known_keys([key])[key][0] != digest:
        raise Conflict("key_reused", _("这份表单已经提交过，内容与当前不同，请重新填写。"))
    return True


def _prepare(
    matter: Matter, tasks: list[Task], clocks: list[Clock], slug: str, by: Actor, at: datetime, version: int | None
) -> Context:
    kind = KINDS[matter.kind]
    action = kind.moves.get(slug)
    if action is None:
        raise NotFound("no_action", _("没有这项操作。"))
    if version is not None and version != matter.version:
        raise _overtaken(
            "changed", _("这件事项刚刚有了新的进展，请刷新页面后再操作，您填写的内容仍然保留。"), matter, by
        )
    _check_stage(action, matter, by)
    granted = permissions.demand(action, matter, tasks, by)
    return Context(kind, action, matter, by, granted, at, tasks, clocks, action.to or matter.stage)


def _check_stage(action: Action, matter: Matter, by: Actor) -> None:
    if matter.erased_at is not None:
        raise Conflict("erased", _("本件的内容已按规定清除，不能再办理。"))
    if matter.stage not in action.from_:
        raise _overtaken("wrong_stage", _("事项所处环节已变化，不能再进行这项操作，请刷新页面查看。"), matter, by)
    if matter.is_paused and not action.when_paused:
        raise _overtaken("paused", _("事项已暂停计时，请先恢复后再操作。"), matter, by)


def _overtaken(code: str, sentence: object, matter: Matter, by: Actor) -> Conflict:
    """With who did what last: colleagues are told, residents are not."""
    last = stream(matter.pk).last() if by.account_id or by.post_id else None
    if last is None:
        return Conflict(code, sentence)
    told = {
        "sentence": sentence, "who": last.by_label, "what": describe(last)[0],
        "when": dated(last.at, get_language()),
    }  # fmt: skip
    return Conflict(code, _("%(sentence)s最近办理：%(who)s，%(what)s，%(when)s。") % told)


def _payload(ctx: Context, data: Mapping[str, Any]) -> msgspec.Struct | None:
    if ctx.action.payload is None:
        return None
    payload = payloads.read(ctx.action.payload, data)
    references.check(payload, ctx)
    if ctx.action.shows and not ctx.action.shows(ctx):
        raise Refused("not_now", _("目前不能进行这项操作。"))
    return payload


def _move(ctx: Context) -> None:
    """Put the matter into its new stage and set its clocks to it."""
    matter = ctx.matter
    if ctx.stage != matter.stage:
        ctx.set(stage=ctx.stage, stage_at=ctx.at)
        ended = ctx.kind.is_end(ctx.stage)
        ctx.set(closed_at=ctx.at if ended else None)
        if ended:
            ctx.set(is_paused=False)
    _set_clocks(ctx)
    timing.summarise(matter, ctx.clocks)
    ctx.set(version=matter.version + 1)
    ctx.changed |= {"due_at", "grade"}


def _set_clocks(ctx: Context) -> None:
    wanted = ctx.kind.running(ctx.stage, ctx.matter.round)
    for clock in ctx.clocks:
        alive = clock.state in (ClockState.RUNNING, ClockState.PAUSED)
        if alive and (clock.slug not in wanted or clock.round != ctx.matter.round):
            ctx.clock_facts.append(timing.stop(clock, ctx.at))
            ctx.keep(clock)
    have = {c.slug for c in ctx.clocks if c.state in (ClockState.RUNNING, ClockState.PAUSED)}
    missing = sorted(wanted - have)
    if not missing:
        return
    known, path, own = catalogue(), category_path(ctx.matter.category_id), ctx.kind.own_terms([ctx.matter])
    for slug in missing:
        if (new := timing.new_clock(ctx.matter, slug, ctx.at, known, path, own)) is not None:
            ctx.keep(new)
            ctx.clocks.append(new)
            ctx.clock_facts.append(timing.started(new))


def _record(ctx: Context, said: Any, before: str, handling: int) -> Record:
    """What was said belongs to the handling in which it was said, also when it begins the next."""
    data = plain(said)
    return rows.made(
        Record, matter_id=ctx.matter.pk, event=ctx.event_id, action=ctx.action.slug, stage=before, round=handling, data=data,
        organ_id=ctx.granted.organ_id, digest=hashing.chain(None, hashing.canonical(data)), is_public=ctx.action.is_public,
        at=ctx.at, by_label=ctx.by.label,
    )  # fmt: skip


def _write(taken: Sequence[_Taken]) -> None:
    """The matters, their clocks and tasks and what was said, then what follows from them.  Who is told is looked up first: the rest
    then goes to PostgreSQL together."""
    contexts = [one.ctx for one in taken]
    letters = telling.letters(contexts)
    rows.write_changes([(ctx.matter, ctx.changed) for ctx in contexts])
    rows.write_parts([ctx.kept.values() for ctx in contexts], [one.record for one in taken if one.record])
    record_many([*map(_happening, taken), *(one for ctx in contexts for one in ctx.beside)])
    notify_many(letters)


def _happening(one: _Taken) -> Happening:
    ctx, matter, record = one.ctx, one.ctx.matter, one.record
    data = {
        "from": one.before, "to": ctx.stage, "round": matter.round, "dims": dims(matter), "opened_at": matter.opened_at,
        "since": one.since, "post": str(ctx.granted.post_id or ""), "actor_organ": str(ctx.granted.organ_id or ""),
        "clocks": ctx.clock_facts, "tasks": ctx.task_facts, "record": bytes(record.digest).hex() if record else None,
        **ctx.facts,
    }  # fmt: skip
    kind = f"{matter.kind}.{ctx.action.slug}"
    return Happening(kind, matter.pk, "matter", ctx.at, ctx.by, data, id=ctx.event_id, about=matter)
