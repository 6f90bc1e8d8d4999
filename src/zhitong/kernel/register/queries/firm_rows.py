"""Firms as rows of the table in which they are taken over (``rules.sheet``), further holders in the rows below."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from zhitong.kernel.territory.public import node

from ..models import Contact, Firm, Holder, Person
from ..rules.sheet import FIRMS, HOLDERS, KINDS, STATES
from .people import contacts_of

PORTION = 200
KEYS = [column.key for column in FIRMS.columns]
_WORDS = {"kind": KINDS, "state": STATES, "holder_kind": HOLDERS}
_WAN = Decimal(10_000)
Said = dict[str, Any]


def firms_heading(english: bool = False) -> list[str]:
    """The names of the columns."""
    return [column.label_en if english else column.label for column in FIRMS.columns]


def firm_rows(rows: "QuerySet[Firm]", *, in_full: bool = False) -> Iterator[tuple[list[Person], list[str]]]:
    """These firms by code, a row for each and for each further holder, with whose numbers stand in it.

    Names of those on public record are shown, numbers and liaisons masked; ``in_full`` all in clear: for code that asked who may, and
    keeps who saw them.
    """
    found = (
        rows.select_related("legal", "liaison", "unit__building").prefetch_related("holders__person").order_by("code")
    )
    firms = found.iterator(chunk_size=PORTION)
    while some := list(islice(firms, PORTION)):
        contacts = contacts_of({pk for firm in some for pk in (firm.legal_id, firm.liaison_id) if pk})
        for firm in some:
            yield from _rows(firm, contacts, in_full)


def _rows(firm: Firm, contacts: dict[UUID, list[Contact]], in_full: bool) -> Iterator[tuple[list[Person], list[str]]]:
    holders = list(firm.holders.all())
    first = _of_firm(firm, contacts, in_full) | (_of_holder(holders[0], in_full) if holders else {})
    named = [one for one in (firm.legal, firm.liaison) if one]
    yield named + _person(holders[:1]), _line(first)
    for holder in holders[1:]:
        yield _person([holder]), _line({"code": firm.code} | _of_holder(holder, in_full))


def _person(holders: list[Holder]) -> list[Person]:
    return [one.person for one in holders if one.person]


def _line(said: Said) -> list[str]:
    return [_text(key, said.get(key)) for key in KEYS]


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in _WORDS:
        return next((word for word, slug in _WORDS[key].items() if slug == value and word), str(value))
    return str(value)


def _of_firm(firm: Firm, contacts: dict[UUID, list[Contact]], in_full: bool) -> Said:
    at = node(firm.division_id) if firm.division_id else None
    plain = ("code", "name", "kind", "address", "scope", "established_on", "term_until", "registered_by", "state")
    facts: Said = {part: getattr(firm, part) for part in plain}
    facts |= {"division": at.code if at else "", "capital": _in_wan(firm.capital)}
    if firm.unit:
        facts |= {"building": firm.unit.building.name, "entrance": firm.unit.entrance, "number": firm.unit.number}
    if firm.legal:
        facts |= {
            "legal": firm.legal.name,
            "legal_id": _id(firm.legal, in_full),
            "legal_phone": _phone(firm.legal, contacts, in_full),
        }
    if firm.liaison:
        name = firm.liaison.name if in_full or firm.liaison_id == firm.legal_id else str(firm.liaison)
        facts |= {"liaison": name, "liaison_phone": _phone(firm.liaison, contacts, in_full)}
    return facts


def _of_holder(one: Holder, in_full: bool) -> Said:
    number = _id(one.person, in_full) if one.person else one.number
    return {
        "holder": one.name, "holder_kind": one.kind, "holder_number": number, "amount": _in_wan(one.amount), "due_on": one.due_on,
    }  # fmt: skip


def _in_wan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{(amount / _WAN).normalize():f}"


def _id(person: Person, in_full: bool) -> str:
    return person.citizen_id if in_full else person.citizen_id_masked


def _phone(person: Person, contacts: dict[UUID, list[Contact]], in_full: bool) -> str:
    phone = next((row for row in contacts.get(person.pk, []) if row.kind == "phone"), None)
    return "" if phone is None else phone.value if in_full else phone.masked
