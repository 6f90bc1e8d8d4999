"""Correcting what is registered of a person, by whoever keeps the homes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import record

from ..choices import ContactKind, Gender
from ..models import Person
from ..permissions import MANAGE_HOMES, reach
from ..queries.homes import residences_of
from ..rules import NewPerson
from .correcting import replace_contact
from .people import prepare
from .store import citizen_values
from .versions import check_version, differing_of, hold, touch

PLAIN = ("name", "gender", "born_on", "note")
NUMBERS = ("phone", "email", "citizen_id")
EARLIEST = date(1850, 1, 1)


@transaction.atomic
def change_person(person_id: UUID, *, by: Actor, at: datetime, version: int | None = None, **changes: Any) -> list[str]:
    """Another name, gender, birth date, note, phone, e-mail or citizen id.  Which parts changed; an empty number stays.

    Gender and birth date follow from the citizen id where there is one.  Needs ``register.manage_homes`` where the person belongs now.
    Raises ``Stale`` where somebody else was first, ``Refused`` naming the wrong part, ``Conflict`` (``citizen_id_taken``) for a number of
    somebody else: then the two are merged.
    """
    if unknown := set(changes) - {*PLAIN, *NUMBERS}:
        raise TypeError(f"no such parts: {sorted(unknown)}")
    by.demand(MANAGE_HOMES)
    row = hold(Person.objects.all(), person_id)
    demand_person(person_id, by)
    numbers = {name: changes[name] for name in NUMBERS if changes.get(name)}
    given = prepare(NewPerson(name=changes.get("name") or row.name, **numbers))
    plain = _checked({name: changes[name] for name in PLAIN if name in changes}, given.name, at)
    if row.citizen_id_sealed or given.citizen_id:
        plain = {name: value for name, value in plain.items() if name not in ("gender", "born_on")}
    check_version(row, version, plain)
    changed = differing_of(row, plain)
    facts: dict[str, Any] = {name: plain[name] for name in changed}
    if given.citizen_id and given.citizen_id != row.citizen_id:
        facts |= citizen_values(given.citizen_id, keyring())
        changed.append("citizen_id")
    _write(row, facts, at)
    for kind, value in ((ContactKind.PHONE, given.phone), (ContactKind.EMAIL, given.email)):
        if value and replace_contact(row, kind, value, at):
            changed.append(str(kind))
    if changed:
        record("person.changed", row.pk, stream_kind="person", at=at, by=by, data={"parts": changed})
    return changed


def demand_person(person_id: UUID, by: Actor) -> None:
    """Raise ``NotAllowed`` unless the person belongs to a household within reach."""
    reached = reach(by, MANAGE_HOMES)
    if reached is None:
        return
    where = {row.household.unit.building.division_id for row in residences_of(person_id) if row.until is None}
    if reached.isdisjoint(where):
        raise NotAllowed("not_your_division", _("此处不在您负责的区划内。"))


def _checked(plain: dict[str, Any], name: str, at: datetime) -> dict[str, Any]:
    if "name" in plain:
        plain["name"] = name
        if not name:
            raise Refused("person_name", _("请填写姓名。"), "name")
    if "note" in plain:
        plain["note"] = clean(plain["note"])
        if len(plain["note"]) > 200:
            raise Refused("person_note", _("备注请控制在200个字以内。"), "note")
    if plain.get("gender") and plain["gender"] not in Gender.values:
        raise Refused("person_gender", _("请选择性别。"), "gender")
    check_born(plain.get("born_on"), at)
    return plain


def check_born(day: date | None, at: datetime) -> None:
    """Raise ``Refused`` for a day on which nobody who is registered can have been born."""
    if day is not None and not EARLIEST <= day <= timezone.localdate(at):
        raise Refused("person_born_on", _("请填写正确的出生日期。"), "born_on")


def _write(row: Person, facts: dict[str, Any], at: datetime) -> None:
    if not facts:
        return
    for name, value in facts.items():
        setattr(row, name, value)
    if {"name", "citizen_id_sealed"} & set(facts):
        row.identity = None  # by which they were told apart before
        facts = {**facts, "identity": None}
    try:
        with transaction.atomic():
            touch(row, at, *facts)
    except IntegrityError as error:
        words = _("该身份证号已登记在另一人名下；是同一人的，请合并两条记录。")
        raise Conflict("citizen_id_taken", words, "citizen_id") from error
