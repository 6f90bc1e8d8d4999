"""Pure rules of firms: what is written of one, and what of it is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from zhitong.base import citizen
from zhitong.base.text import clean

from ..choices import Contribution, FirmKind, FirmState, HolderKind
from .people import NewPerson, name_key

COMPANIES = (FirmKind.LIMITED, FirmKind.SHARES)
LONGEST_FIRM_NAME, LONGEST_ADDRESS, LONGEST_SCOPE, MOST_MEMBERS = 120, 200, 4000, 50
EARLIEST = date(1949, 10, 1)
NOBODY = NewPerson()


@dataclass(frozen=True, slots=True)
class NewHolder:
    """A holder as given: ``name`` and ``number`` (citizen id, credit code or another), ``amount`` in yuan, ``due_on`` when it is paid."""

    name: str
    amount: Decimal
    kind: str = HolderKind.PERSON
    number: str = ""
    way: str = Contribution.MONEY
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer as given."""

    name: str
    duty: str
    citizen_id: str = ""


@dataclass(frozen=True, slots=True)
class NewFirm:
    """A firm as given: ``capital`` in yuan, ``term_until`` None for 长期.  Of ``legal`` and ``liaison`` any part may be missing but
    the name of the former."""

    code: str
    name: str
    kind: str
    legal: NewPerson
    address: str
    established_on: date
    division_id: UUID | None = None
    capital: Decimal | None = None
    scope: str = ""
    term_until: date | None = None
    liaison: NewPerson = NOBODY
    registered_by: str = ""
    state: str = FirmState.ACTIVE
    holders: Sequence[NewHolder] = ()
    officers: Sequence[NewOfficer] = ()


def wrong_parts(new: NewFirm, today: date) -> list[str]:
    """The names of the parts that are wrong, in the order of a form; empty when all is right."""
    checks = {
        "code": citizen.credit_code(new.code) is not None,
        "name": 2 <= len(clean(new.name)) <= LONGEST_FIRM_NAME,
        "kind": new.kind in FirmKind.values,
        "state": new.state in FirmState.values,
        "legal": bool(clean(new.legal.name)),
        "capital": (new.capital is None and new.kind not in COMPANIES) or bool(new.capital and new.capital > 0),
        "address": 0 < len(clean(new.address)) <= LONGEST_ADDRESS,
        "scope": len(clean(new.scope)) <= LONGEST_SCOPE,
        "established_on": EARLIEST <= new.established_on <= today,
        "term_until": new.term_until is None or new.term_until >= new.established_on,
        "holders": _holders_fit(new),
        "officers": len(new.officers) <= MOST_MEMBERS,
    }
    return [name for name, is_right in checks.items() if not is_right]


def _holders_fit(new: NewFirm) -> bool:
    """Each has a name and a share, the numbers are numbers, and of a company the shares add up to the capital."""
    if len(new.holders) > MOST_MEMBERS or any(not clean(h.name) or h.amount <= 0 for h in new.holders):
        return False
    if any(not is_number_right(h.kind, h.number) for h in new.holders):
        return False
    return new.kind not in COMPANIES or not new.holders or held(new.holders) == new.capital


def is_number_right(kind: str, number: str) -> bool:
    """Whether the number of a holder can be one of that kind; none was given is right, too."""
    if not number.strip() or kind == HolderKind.OTHER:
        return True
    check = citizen.citizen_id if kind == HolderKind.PERSON else citizen.credit_code
    return check(number) is not None


def held(holders: Sequence[NewHolder]) -> Decimal:
    """What all of them subscribed together."""
    return sum((holder.amount for holder in holders), Decimal(0))


def is_part_as(part: str, one: NewFirm, other: NewFirm) -> bool:
    """Whether a part, by its name in ``NewFirm``, says the same of both.  A number known of one only, and how people are reached, do
    not tell them apart."""
    first, second = _told(part, getattr(one, part)), _told(part, getattr(other, part))
    return len(first) == len(second) and all(
        a == b and (x == y or not x or not y) for (a, x), (b, y) in zip(first, second, strict=True)
    )


def _told(part: str, value: Any) -> list[tuple[object, str]]:
    """What is compared whole, and the number beside it, of each member of a part."""
    if part in ("legal", "liaison"):
        return [(name_key(value.name), value.citizen_id)]
    if part == "holders":
        return [((name_key(h.name), h.amount, h.kind, h.way, h.due_on), h.number) for h in value]
    if part == "officers":
        return [((name_key(o.name), o.duty), o.citizen_id) for o in value]
    return [(value, "")]
