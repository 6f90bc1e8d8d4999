"""What follows from relaxations: a simulated run that becomes real, promises that are checked, another version of the rules."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.moments import dated
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Ask, Choose, Context, Payload, Relation, TaskRole, TaskState

from ...choices import MaterialState, Outcome
from ...models import Handed, Version
from ...queries.cases import case_of as case_of_page
from ...queries.handed import forgotten, handed_of
from ...queries.versions import version_of, version_on
from ...rules import cases as rules
from ...rules.terms import is_needed
from . import straight
from .rows import case_of, put

SIMULATED = "【模拟】"
CHECK, CHECK_SORT = "commitment_check", "commitment"
CHECKER = Actor.system("告知承诺")


def make_real(ctx: Context, p: straight.Accept) -> None:
    """What was missing is there: the run counts from now on, and what was examined under the same version still does."""
    case = case_of(ctx)
    version = version_on(case.item_id, timezone.localdate(ctx.at))
    if version is None:
        raise Conflict("withdrawn", _("这个事项已停办，不能再转为正式办理。"))
    is_same = version.pk == case.version_id
    was_good = ctx.matter.outcome == Outcome.APPROVED
    put(ctx, is_simulated=False, is_whole=False, is_open=True, decided_at=None)
    if not is_same:
        repin(ctx, version)
    straight.relax(ctx, p)
    straight.accepted(ctx)
    ctx.next_round()
    ctx.set(outcome="", title=ctx.matter.title.removeprefix(SIMULATED))
    ctx.send(case.item.organ_id, TaskRole.LEAD)
    ctx.stage = "deciding" if is_same and was_good else "examining"
    ctx.facts |= {"real": True, "kept": ctx.stage == "deciding"}
    ctx.tell_people("application.accepted")
    ctx.tell_organs("matter.task", [case.item.organ_id])


def repin(ctx: Context, version: Version) -> None:
    """Handle it under another version: what was handed in stays with the material of the same name; what is no longer asked for
    is kept and not needed; what is new is missing unless its condition does not hold."""
    case = case_of(ctx)
    known = {row.material.name: row for row in handed_of(ctx.matter)}
    fresh = []
    for material in version.materials.all():
        needed = is_needed(material.condition, material.needed_when, case.answers)
        row = known.pop(material.name, None) or Handed(application=case, at=ctx.at)
        said = row.state if row.state != MaterialState.MISSING else ""
        row.material, row.state = material, rules.state_of(material, said, holds=needed)
        fresh.append(row)
    for row in known.values():
        row.state = MaterialState.NOT_NEEDED
    Handed.objects.bulk_create(
        [*fresh, *known.values()], update_conflicts=True, unique_fields=["id"], update_fields=["material", "state"]
    )
    put(ctx, version=version)
    forgotten(ctx.matter)


def newer_versions(matter: m.Matter) -> list[tuple[str, object]]:
    """The version that counts today, where it is not the case's own."""
    case = matter.application
    found = version_on(case.item_id, timezone.localdate())
    if found is None or found.pk == case.version_id:
        return []
    return [(str(found.pk), _version_name(found.number, found.effective_on))]


def names_of_versions(ids: Collection[str]) -> Mapping[str, str]:
    """What versions that were chosen are called."""
    rows = Version.objects.filter(pk__in=ids).values_list("pk", "number", "effective_on")
    return {str(pk): _version_name(number, day) for pk, number, day in rows}


def _version_name(number: int, day: Any) -> str:
    return _("第%(number)d版（%(day)s起施行）") % {"number": number, "day": dated(day, get_language())}


class Move(Payload, kw_only=True):
    version: Annotated[str, Ask(_("改按版本"), choose=Choose.OWN, own=newer_versions, names=names_of_versions)]
    reason: Annotated[str, Ask(_("变更理由"), rows=2, most=500)]


def move(ctx: Context, p: Move) -> None:
    """Handle it under the version that counts now: materials and limits follow, what was there stays in the log."""
    case = case_of(ctx)
    version = version_of(UUID(p.version))
    ctx.facts |= {"was": case.version.number, "now": version.number}
    repin(ctx, version)
    states = [(row.material.name, row.state) for row in handed_of(ctx.matter)]
    is_deferred = MaterialState.DEFERRED in (state for _name, state in states)
    put(ctx, has_deferred=is_deferred and case.accepted_at is not None)
    m.reterm(ctx)
    if (names := rules.lacking(states)) and not case.is_simulated:
        ctx.tell_people("application.moved_lacking", version=version.number, materials="、".join(names))
    else:
        ctx.tell_people("application.moved", version=version.number)


def is_behind(ctx: object) -> bool:
    """Whether another version counts by now."""
    return bool(case_of_page(ctx.matter).is_behind)  # type: ignore[attr-defined]


def check_promises(ctx: Context) -> None:
    """Open a check for the promises on which the result rests (国办发〔2020〕42号), with a clock of its own."""
    case = case_of(ctx)
    names = [row.material.name for row in handed_of(ctx.matter) if row.state == MaterialState.PROMISED]
    if not names:
        return
    opened = m.open_matter(
        m.Opening(
            kind=CHECK, subkind=CHECK_SORT, channel=m.Channel.SYSTEM, title=f"履诺核查：{ctx.matter.title}"[:120],
            text=f"办件{ctx.matter.number}以告知承诺代替材料：{'、'.join(names)}。请核查承诺是否属实。",
            division_id=ctx.matter.division_id, lead_id=case.item.organ_id, key=f"check:{ctx.event_id}",
        ),
        by=CHECKER, at=ctx.at,
    )  # fmt: skip
    ctx.link(opened.matter_id, ctx.matter.pk, Relation.CHECK_OF)
    ctx.facts["check"] = opened.number


class Finding(Payload, kw_only=True):
    words: Annotated[str, Ask(_("核查情况"), rows=4, most=2000)]


def kept(ctx: Context, _p: Finding) -> None:
    """The promise is true."""
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    ctx.facts["kept"] = True


def broken(ctx: Context, p: Finding) -> None:
    """The promise is not true: the result that rests on it is revoked, and it stands against the applicant."""
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    ctx.facts["kept"] = False
    for target in m.Link.objects.filter(source=ctx.matter, relation=Relation.CHECK_OF).values_list("target", flat=True):
        try:
            m.act(target, "revoke", {"ground": p.words, "is_breach": True}, by=CHECKER, at=ctx.at)
        except Conflict as conflict:
            raise Refused("cannot_revoke", _("办件的结果现在不能撤销，请先核对办件所处环节。")) from conflict
