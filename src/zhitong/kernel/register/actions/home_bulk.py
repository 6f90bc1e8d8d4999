"""A portion of a table of homes written together: a statement a kind of thing, however many rows there are."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhitong.base import citizen
from zhitong.base.bulk import update_rows
from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import Happening, one_view, record_many

from ..choices import Gender
from ..models import Household, Residence, Tag
from ..permissions import MANAGE_HOMES, VIEW_HOMES
from .home_plan import Home, Joining, Plan, make_plan
from .home_rows import Said, Taking
from .people import find_or_create_many
from .places import add_buildings, write_units

Settled = tuple[Home, Joining, UUID]  # the household, whom the row names, and their id


def take_together(taking: Taking, rows: Mapping[int, Said]) -> dict[int, str]:
    """What became of those rows that need no second look, by their numbers; the others are for ``take_row``."""
    if not (rows and taking.by.may(VIEW_HOMES) and taking.by.may(MANAGE_HOMES)):
        return {}
    try:
        with transaction.atomic(), one_view():
            plan = make_plan(taking, rows)
            _write(plan, taking)
    except (Refused, IntegrityError):  # somebody else has just written one of them: row by row shows which
        return {}
    return plan.outcomes


def _write(plan: Plan, taking: Taking) -> None:
    buildings = {key: one.pk for key, one in plan.standing.items()}
    if plan.new:
        buildings |= dict(
            zip(plan.new, (one.pk for one in add_buildings(list(plan.new.values()), **taking.acts)), strict=True)
        )
    doors = [door for door in plan.doors if door.new is not None]
    wanted = [(buildings[door.building], door.new) for door in doors if door.new is not None]
    for door, unit in zip(doors, write_units(wanted, **taking.acts), strict=True):
        door.unit = unit
    opened = []
    for door in plan.doors:
        for home in door.homes:
            if home.row is None and door.unit is not None:
                home.row = Household(unit=door.unit, kind=home.kind, created_at=taking.at, changed_at=taking.at)
                opened.append(home)
    Household.objects.bulk_create([home.row for home in opened if home.row])
    _settle([home for door in plan.doors for home in door.homes if home.joining], opened, taking)


def _settle(homes: Sequence[Home], opened: Sequence[Home], taking: Taking) -> None:
    """Whoever joins, registered and in their household, with the tags and all that the log keeps."""
    joining = [(home, one) for home in homes for one in home.joining]
    found = find_or_create_many([one.given for _home, one in joining], **taking.acts)
    if not all(one.is_new and one.person_id for one in found):
        raise Conflict("person_changed", _("该人员信息刚被他人修改，请重新提交。"))
    settled = [(*pair, one.person_id) for pair, one in zip(joining, found, strict=True) if one.person_id]
    Residence.objects.bulk_create([
        Residence(household=home.row, person_id=person, role=one.resident.role, kind=one.resident.kind, since=one.resident.since)
        for home, one, person in settled
    ])  # fmt: skip
    begun = {home.row.pk for home in opened if home.row}
    touched = [home.row.pk for home in homes if home.row and home.row.pk not in begun]
    if touched:
        Household.objects.filter(pk__in=touched).update(version=F("version") + 1, changed_at=taking.at)
    noted = _write_facts(settled)
    tagged = _write_tags(settled, taking)

    def happening(kind: str, stream: UUID, stream_kind: str, data: dict[str, Any]) -> Happening:
        return Happening(kind, stream, stream_kind, taking.at, taking.by, data, is_first=stream in begun)

    record_many([
        *(happening("household.registered", home.row.pk, "household", {"unit": home.row.unit_id}) for home in opened if home.row),
        *(happening("household.moved_in", home.row.pk, "household", {"person": pk}) for home, _one, pk in settled if home.row),
        *(happening("person.changed", pk, "person", {"parts": ["note"]}) for pk in noted),
        *(happening("tag.put", pk, "person", {"tag": tag.kind.name, "until": tag.until}) for pk, tag in tagged),
    ])  # fmt: skip


def _write_facts(settled: Sequence[Settled]) -> list[UUID]:
    """What rows say of people besides name and numbers; who has a note."""
    rows = []
    for _home, one, person in settled:
        number, said = one.given.citizen_id, one.resident
        gender = citizen.sex_of(number).value if number else said.gender if said.gender in Gender.values else ""
        born = citizen.born_on(number) if number else said.born_on
        if one.note or (not number and (gender or born)):
            rows.append((person, gender, born, one.note))
    if rows:
        with connection.cursor() as cursor:
            update_rows(cursor, "register_person", ("id", "gender", "born_on", "note"), rows, in_order=False)
    return [person for person, _gender, _born, note in rows if note]


def _write_tags(settled: Sequence[Settled], taking: Taking) -> list[tuple[UUID, Tag]]:
    since = taking.today
    tags = [
        (person, Tag(kind=kind, person_id=person, since=since, created_at=taking.at, **facts))
        for _home, one, person in settled for kind, facts in one.tags
    ]  # fmt: skip
    Tag.objects.bulk_create([tag for _person, tag in tags])
    return tags
