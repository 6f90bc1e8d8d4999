"""What other systems ask of the register: who has a number, kept in that person's log; and buildings as they have them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.errors import Refused, each
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record_many

from ..models import Person, Residence
from ..queries.homes import visible_people
from ..queries.people import find_by_citizen_id, find_by_phone
from .home_rows import Taking, take_building
from .revealing import checked_reason

MOST_FOUND = 20
Outcome = Literal["created", "changed", "unchanged"]


@transaction.atomic
def look_up(
    *, citizen_id: str = "", phone: str = "", reason: str, by: Actor, at: datetime
) -> list[tuple[Person, list[Residence]]]:
    """Whoever within reach has the number, with where they belong now; for a reason, which is kept in the log of each of them.

    Needs ``register.view_homes``.  Raises ``Refused`` for what is no number.
    """
    reason = checked_reason(reason)
    part, checked = ("citizen_id", citizen.citizen_id(citizen_id)) if citizen_id else ("phone", citizen.phone(phone))
    if checked is None:
        words = {
            "citizen_id": _("身份证号不正确，请核对18位号码。"),
            "phone": _("电话号码不正确，请填写11位手机号，或带区号的固定电话。"),
        }
        raise Refused(f"person_{part}", words[part], part)
    one = find_by_citizen_id(checked) if part == "citizen_id" else None
    ids = [one.pk] if one else [] if part == "citizen_id" else list(find_by_phone(checked).values_list("pk", flat=True))
    people = list(visible_people(by).filter(pk__in=ids).order_by("created_at", "id")[:MOST_FOUND])
    rows = Residence.objects.filter(person__in=people, until=None).select_related("household__unit__building")
    places: dict[UUID, list[Residence]] = {}
    for row in rows.order_by("since", "id"):
        places.setdefault(row.person_id, []).append(row)
    told = {"by": part, "reason": reason}
    record_many([Happening("person.looked_up", person.pk, "person", at, by, told) for person in people])
    return [(person, places.get(person.pk, [])) for person in people]


@transaction.atomic
def keep_buildings(many: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime) -> list[tuple[UUID, Outcome]]:
    """Each of ``many`` (by the columns of a table of homes) registered or changed, all or none: its id and what became of it.

    Raises ``Refused`` naming the wrong part, with the place in ``many`` as ``index``.
    """
    taking = Taking(by, at)
    done: list[tuple[UUID, Outcome]] = []
    for one in each(many):
        with one as said:
            row, outcome = take_building(taking, dict(said))
            done.append((row.pk, cast(Outcome, outcome)))
    return done
