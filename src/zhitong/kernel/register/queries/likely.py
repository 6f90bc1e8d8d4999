"""Who might be the same: at entry, and beside somebody who is registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.errors import NotFound
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..models import Contact, Merge, Person, Residence
from ..permissions import MANAGE_HOMES, VIEW_HOMES
from ..rules.likely import Sign, is_likely
from ..rules.people import name_key
from .homes import household_for, person_for
from .people import contacts_of, find_by_citizen_id, find_by_phone

MOST, LOOKED_AT = 8, 60
WHY = {
    "number": _("身份证号相同"),
    "phone": _("姓名和电话相同"),
    "birth": _("姓名和出生日期相同"),
    "place": _("姓名相同，住址相近"),
}


@dataclass(slots=True)
class Likely:
    """Somebody who is registered and might be meant: why, where they live as far as that may be told, how they are reached (masked)."""

    person: Person
    why: Any
    is_sure: bool
    address: str
    contacts: list[Contact]


def likely_same(
    by: Actor, *, name: str, citizen_id: str = "", phone: str = "", born_on: date | None = None, address: str = "",
    but: UUID | None = None,
) -> list[Likely]:  # fmt: skip
    """Who might be the one that is being entered, the surest first; nobody for a number that is not one.  Five queries.

    ``is_sure``: the same citizen id.  Otherwise the same name, and the same phone, birth date, or a like address.
    """
    by.demand(VIEW_HOMES)
    name = clean(name)
    number = citizen.citizen_id(citizen_id)
    found: dict[UUID, tuple[Person, str]] = {}
    same = find_by_citizen_id(citizen_id) if number else None
    if same:
        found[same.pk] = (same, "number")
    for one in find_by_phone(phone)[:MOST] if phone else ():
        if name_key(one.name) == name_key(name):
            found.setdefault(one.pk, (one, "phone"))
    given = Sign(citizen.born_on(number) if number else born_on, bool(number), address)
    rows = list(Person.objects.filter(name=name).order_by("created_at", "id")[:LOOKED_AT]) if name else []
    places = _addresses([*found, *(row.pk for row in rows)])
    for row in rows:
        why = is_likely(given, Sign(row.born_on, bool(row.citizen_id_masked), places.get(row.pk, "")))
        if why:
            found.setdefault(row.pk, (row, why))
    found.pop(but, None) if but else None
    some = sorted(found.values(), key=lambda pair: list(WHY).index(pair[1]))[:MOST]
    contacts = contacts_of([person.pk for person, _why in some])
    return [
        Likely(one, WHY[why], why == "number", places.get(one.pk, ""), contacts.get(one.pk, [])) for one, why in some
    ]


def _addresses(people: list[UUID]) -> dict[UUID, str]:
    rows = Residence.objects.filter(person__in=people, until=None).select_related("household__unit__building")
    return {row.person_id: row.household.unit.building.address for row in rows}


def merged_into(gone_id: UUID) -> UUID | None:
    """Whom somebody, or which household, was merged into; None where it was not."""
    merge = Merge.objects.filter(gone=gone_id, undone_at=None).first()
    return merge.kept if merge else None


def merges_of(kept_id: UUID) -> list[Merge]:
    """What was merged into this and can be parted again, the latest first."""
    return list(Merge.objects.filter(kept=kept_id, undone_at=None).order_by("-at")[:MOST])


def merge_for(merge_id: UUID, by: Actor) -> Merge:
    """One merge whose kept entry is within reach; NotFound else."""
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None:
        raise NotFound("no_merge", gettext("没有这次合并的记录，可能已超过保存期限。"))
    (person_for if merge.kind == "person" else household_for)(merge.kept, by, MANAGE_HOMES)
    return merge
