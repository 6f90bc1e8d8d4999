"""What a clerk at the counter looks up: who somebody is and what stands against them, and the sheet of an item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.citizen import citizen_id, credit_code
from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, visible_matters
from zhitong.kernel.register.public import Firm, MaskedPerson, Person, find_by_citizen_id, find_firm, masked, phone_of

from ..choices import MaterialState
from ..models import Application, Material, Served
from .cases import KIND, Stain, against
from .guide import Shown, Wanted, guide, shown

HANDED, HELD, DEFERRED = MaterialState.HANDED, MaterialState.HELD, MaterialState.DEFERRED
PROMISED, MISSING, NOT_NEEDED = MaterialState.PROMISED, MaterialState.MISSING, MaterialState.NOT_NEEDED
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever has that number.  ``kind``: person, firm, or "" for a number that is neither."""

    kind: str = ""
    person: Person | None = None
    masked: MaskedPerson | None = None
    firm: Firm | None = None
    stains: list[Stain] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)


def kind_of(number: str) -> str:
    """Whose number it is: person, firm, or "" for a number that is neither."""
    return "person" if citizen_id(number) else "firm" if credit_code(number) else ""


def name_of(number: str) -> str:
    """What the register calls the person with that citizen id; "" for nobody."""
    person = find_by_citizen_id(number)
    return person.name if person else ""


def phone_known(number: str) -> str:
    """The phone of the person with that citizen id, which the screen shows masked and asks for no more; "" for none."""
    contact = phone_of(find_by_citizen_id(number))
    return contact.value if contact else ""


def who(number: str) -> Who:
    """By citizen id or credit code.  What is open is (number, title)."""
    if citizen_id(number):
        person = find_by_citizen_id(number)
        if person is None:
            return Who("person")
        return Who(
            "person", person, masked(person), None, against(person.pk), _open(matter__reporter=person.pk, firm=None)
        )
    if credit_code(number):
        firm = find_firm(number)
        return Who("firm", None, None, firm, against(None, firm.pk), _open(firm=firm)) if firm else Who("firm")
    return Who()


def _open(**applicant: Any) -> list[tuple[str, str]]:
    rows = Application.objects.filter(**applicant, is_open=True).order_by("-matter_id")
    return list(rows.values_list("matter__number", "matter__title")[:5])


def taken_in(matter_id: UUID, by: Actor) -> tuple[Matter, bool]:
    """The application for its receipt, and whether ``by`` also sees its page: whoever applied for somebody, as agents do, gets the receipt
    though another organ handles it.  NotFound for anybody else."""
    seen = visible_matters(by).filter(pk=matter_id, kind=KIND).first()
    own = (
        Matter.objects.filter(pk=matter_id, kind=KIND, opened_by=by.account_id)
        if by.account_id
        else Matter.objects.none()
    )
    if (matter := seen or own.first()) is None:
        raise NotFound("no_matter", _("没有这件申请，或者不归您办理。"))
    return matter, seen is not None


def ticket_with(matter_id: UUID) -> UUID | None:
    """The ticket of the visit in which it was taken in."""
    return Served.objects.filter(matter=matter_id).values_list("ticket", flat=True).first()


def found_items(words: str, on: date) -> list[tuple[UUID, str, str]]:
    """(id, name, organ) of items in force, by everyday words, best first."""
    found = guide(Wanted(words=words), on)
    return [(v.item_id, v.item.name, str(v.item.organ)) for v in found.rows[:MOST_FOUND]]


@dataclass(frozen=True, slots=True)
class Line:
    """A material on the counter's check-list: in which states it may stand, and in which it begins."""

    material: Material
    states: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class CounterSheet:
    """An item as it is taken in."""

    one: Shown
    lines: list[Line]


def sheet(item_id: UUID, on: date, said: Mapping[UUID, str] | None = None) -> CounterSheet | None:
    """What has to be asked and handed in; ``said`` are states chosen already.  None for an item that is not offered."""
    one = shown(item_id, on)
    if one is None:
        return None
    return CounterSheet(one, [_line(row, (said or {}).get(row.pk, "")) for row in one.version.materials.all()])


def _line(material: Material, said: str) -> Line:
    """What may be said of a material, as the space bar goes round."""
    states: list[str] = [HELD, HANDED] if material.held_by else [MISSING, HANDED]
    if material.condition and not material.needed_when:  # otherwise the answers decide
        states.insert(0, NOT_NEEDED)
    if material.is_deferrable and not material.held_by:
        states.append(DEFERRED)
    if material.by_commitment and not material.held_by:
        states.append(PROMISED)
    return Line(material, tuple(states), said if said in states else states[0])
