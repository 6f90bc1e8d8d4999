"""Households: opened in a unit, people moving in and out, and what is registered of the household as a whole."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Gender, HouseholdKind, ResidenceKind, Role
from ..models import Household, Person, Residence, Unit
from ..permissions import MANAGE_HOMES, demand_reach
from ..rules.homes import NewResident, left_of
from .people import find_or_create_person, prepare, register_apart
from .residents import check_born
from .versions import change, check_version, hold, touch

MOST_RESIDENTS = 60
EARLIEST = date(1900, 1, 1)
PARTS = ("kind", "note", "unit_id")


@transaction.atomic
def open_household(
    unit_id: UUID, residents: Sequence[NewResident], *, by: Actor, at: datetime, kind: str = "family", note: str = "",
    moves: bool = False,
) -> Household:  # fmt: skip
    """A household in a unit, with its people (``move_in``).  Needs ``register.manage_homes`` in its division."""
    unit = hold(Unit.objects.select_related("building"), unit_id)
    demand_reach(by, MANAGE_HOMES, unit.building.division_id)
    given = checked({"kind": kind, "note": note})
    household = Household.objects.create(unit=unit, created_at=at, changed_at=at, **given)
    record("household.registered", household.pk, stream_kind="household", at=at, by=by, data={"unit": unit.pk})
    for one in residents:
        _join(household, one, by, at, moves)
    return household


@transaction.atomic
def change_household(
    household_id: UUID, *, by: Actor, at: datetime, version: int | None = None, **changes: Any
) -> list[str]:
    """Another ``kind``, ``note`` or unit (``unit_id``: it moved as a whole).  Which changed.

    ``version`` is the one the change rests on; ``Stale`` where somebody else was first and said otherwise.
    """
    if unknown := set(changes) - set(PARTS):
        raise TypeError(f"no such parts: {sorted(unknown)}")
    row = _held(household_id, by)
    if "unit_id" in changes:
        there = hold(Unit.objects.select_related("building"), changes["unit_id"])
        demand_reach(by, MANAGE_HOMES, there.building.division_id)
    given = checked(changes)
    check_version(row, version, given)
    changed = change(row, given, at)
    if changed:
        record("household.changed", row.pk, stream_kind="household", at=at, by=by, data={"parts": changed})
    return changed


@transaction.atomic
def move_in(
    household_id: UUID, one: NewResident, *, by: Actor, at: datetime, version: int | None = None, moves: bool = False
) -> Residence:
    """Somebody joins a household; whoever is not registered is.

    Raises ``Conflict`` (``lives_elsewhere``) for who is registered or lives elsewhere, unless ``moves``: then that ends, or the half of
    it that is not taken up here stays.  ``Stale`` where the household changed and the person is not what was given by now.
    """
    row = _held(household_id, by)
    _demand_open(row)
    if version is not None and version != row.version and one.person_id:
        there = Residence.objects.filter(household=row, person=one.person_id, until=None).first()
        if there and (there.role, there.kind) == (one.role, one.kind):
            return there
    residence = _join(row, one, by, at, moves)
    touch(row, at)
    return residence


@transaction.atomic
def change_residence(
    household_id: UUID, person_id: UUID, *, by: Actor, at: datetime, version: int | None = None, **changes: Any
) -> list[str]:
    """Another ``role``, ``kind`` or ``since`` of somebody in a household.  Which changed.  Raises as ``change_household``."""
    if unknown := set(changes) - {"role", "kind", "since"}:
        raise TypeError(f"no such parts: {sorted(unknown)}")
    row = _held(household_id, by)
    there = _residence(row, person_id)
    check_day(changes.get("since", there.since), at)
    check_place(changes.get("role", there.role), changes.get("kind", there.kind))
    now = {name: getattr(there, name) for name in changes}
    changed = [name for name, value in changes.items() if now[name] != value]
    if changed and version is not None and version != row.version:
        raise _stale(row, {name: now[name] for name in changed})
    if changed:
        for name in changed:
            setattr(there, name, changes[name])
        _write(lambda: there.save(update_fields=changed))
        touch(row, at)
        data = {"person": person_id, "parts": changed}
        record("household.changed", row.pk, stream_kind="household", at=at, by=by, data=data)
    return changed


@transaction.atomic
def move_out(
    household_id: UUID, person_id: UUID, *, until: date, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Somebody leaves; ``until`` is the first day on which they no longer belong to it.  Twice the same is once."""
    row = _held(household_id, by)
    check_day(until, at)
    there = Residence.objects.filter(household=row, person=person_id, until=None).first()
    if there is None:
        gone = Residence.objects.filter(household=row, person=person_id).order_by("-until").first()
        if gone is None:
            raise NotFound("no_resident", _("此人没有登记在这一户。"))
        if gone.until != until:
            raise _stale(row, {"until": gone.until})
        return
    if until < there.since:
        raise Refused("until_before_since", _("迁出日期不能早于迁入日期。"), "until")
    there.until = until
    there.save(update_fields=["until"])
    touch(row, at)
    record("household.moved_out", row.pk, stream_kind="household", at=at, by=by, data={"person": person_id})


@transaction.atomic
def end_household(household_id: UUID, *, on: date, by: Actor, at: datetime, version: int | None = None) -> None:
    """The household is no more from that day: everybody in it leaves."""
    row = _held(household_id, by)
    check_day(on, at)
    check_version(row, version, {"ended_on": on})
    if row.ended_on == on:
        return
    for there in Residence.objects.filter(household=row, until=None):
        there.until = max(on, there.since)
        there.save(update_fields=["until"])
    row.ended_on = on
    touch(row, at, "ended_on")
    record("household.ended", row.pk, stream_kind="household", at=at, by=by, data={"on": on})


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """The parts of a household in the spelling that is stored; raises ``Refused`` naming the first wrong one."""
    given = {**given, **({"note": clean(given["note"])} if "note" in given else {})}
    if "kind" in given and given["kind"] not in HouseholdKind.values:
        raise Refused("household_kind", _("请选择户类型。"), "kind")
    if len(given.get("note", "")) > 200:
        raise Refused("household_note", _("备注请控制在200个字以内。"), "note")
    return given


def _held(household_id: UUID, by: Actor) -> Household:
    """Locked, and within reach."""
    by.demand(MANAGE_HOMES)
    row = hold(Household.objects.select_related("unit__building"), household_id)
    demand_reach(by, MANAGE_HOMES, row.unit.building.division_id)
    return row


def _demand_open(row: Household) -> None:
    if row.ended_on:
        raise Conflict("household_ended", _("该户已销户，请登记新的住户。"))


def _stale(row: Household, fields: dict[str, Any]) -> Conflict:
    from .versions import Stale

    return Stale(row.version, fields)


def _residence(row: Household, person_id: UUID) -> Residence:
    there = Residence.objects.filter(household=row, person=person_id, until=None).first()
    if there is None:
        raise NotFound("no_resident", _("此人没有登记在这一户。"))
    return there


def _join(row: Household, one: NewResident, by: Actor, at: datetime, moves: bool) -> Residence:
    check_day(one.since, at)
    check_place(one.role, one.kind)
    if Residence.objects.filter(household=row, until=None).count() >= MOST_RESIDENTS:
        raise Refused("too_many_residents", _("一户最多登记60人；集体户请按房间分户。"))
    person_id = _person(one, by, at)
    _leave(row, person_id, one, by, at, moves)
    residence = Residence(household=row, person_id=person_id, role=one.role, kind=one.kind, since=one.since)
    _write(residence.save)
    record("household.moved_in", row.pk, stream_kind="household", at=at, by=by, data={"person": person_id})
    return residence


def _leave(row: Household, person_id: UUID, one: NewResident, by: Actor, at: datetime, moves: bool) -> None:
    """End, or halve, what the person is registered with elsewhere."""
    there = Residence.objects.filter(person=person_id, until=None).exclude(household=row)
    for old in there.select_related("household").select_for_update(of=("self",)).order_by("id"):
        kind = left_of(old.kind, one.kind)
        if kind == old.kind:
            continue
        if not moves:
            raise Conflict("lives_elsewhere", _("此人已登记在另一户；确已迁来的，请选择“从原住处迁来”。"), "moves")
        old.kind, old.until = kind or old.kind, None if kind else max(one.since, old.since)
        old.save(update_fields=["kind", "until"])
        touch(old.household, at)
        name = "household.changed" if kind else "household.moved_out"
        record(name, old.household_id, stream_kind="household", at=at, by=by, data={"person": person_id})


def _person(one: NewResident, by: Actor, at: datetime) -> UUID:
    if one.person_id:
        if not Person.objects.filter(pk=one.person_id).exists():
            raise NotFound("no_person", _("没有登记这个人，可能已被删除。"))
        return one.person_id
    given = prepare(one.person)
    if not given.name:
        raise Refused("person_name", _("请填写姓名。"), "name")
    check_born(one.born_on, at)
    if one.is_another:
        person_id = register_apart(given, by=by, at=at)
    else:
        found = find_or_create_person(
            by=by, at=at, name=given.name, phone=given.phone, email=given.email, citizen_id=given.citizen_id
        )
        person_id = found.person_id or register_apart(given, by=by, at=at)
    if one.gender in Gender.values:
        Person.objects.filter(pk=person_id, gender="").update(gender=one.gender)
    if one.born_on:
        Person.objects.filter(pk=person_id, born_on=None).update(born_on=one.born_on)
    return person_id


def check_day(day: Any, at: datetime) -> None:
    """Raise ``Refused`` for what is no day on which somebody could have moved."""
    if not isinstance(day, date) or not EARLIEST <= day <= timezone.localdate(at):
        raise Refused("home_day", _("请填写正确的日期，不能晚于今天。"), "since")


def check_place(role: str, kind: str) -> None:
    """Raise ``Refused`` for what is no relation to the head, or no kind of residence."""
    if role not in Role.values:
        raise Refused("residence_role", _("请选择与户主关系。"), "role")
    if kind not in ResidenceKind.values:
        raise Refused("residence_kind", _("请选择居住类型。"), "kind")


_TAKEN = {
    "residence_once": (_("此人已登记在这一户。"), "person"),
    "residence_one_head": (_("该户已有户主，请先更改原户主的关系。"), "role"),
    "residence_registered_once": (_("此人的户籍已登记在另一户。"), "kind"),
    "residence_living_once": (_("此人已登记居住在另一户。"), "kind"),
}


def _write(save: Any) -> None:
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in _TAKEN:
            raise
        words, field = _TAKEN[name]
        raise Conflict(name, words, field) from error
