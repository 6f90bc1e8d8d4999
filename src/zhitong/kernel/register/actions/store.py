"""The rows and statements behind registering people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.bulk import insert_rows
from zhitong.base.errors import Conflict
from zhitong.base.identifiers import uuid7
from zhitong.base.sealing import Keyring
from zhitong.base.text import mask_citizen_id, mask_phone

from ..choices import ContactKind
from ..models import CITIZEN_ID_PLACE, Contact, Person, place_of
from ..rules import Given, identity, kinds, mask_email

IDENTITY_PLACE = "register_person.identity"
Key = tuple[str, str]  # kind and value of a contact


@dataclass(slots=True)
class PersonRow:
    """A row of ``Person``, not yet written: a model's instance costs ten times as much to make."""

    id: UUID
    name: str
    identity: bytes | None
    created_at: datetime
    citizen_id_sealed: bytes | None = None
    citizen_id_blind: bytes | None = None
    citizen_id_masked: str = ""
    gender: str = ""
    born_on: date | None = None
    note: str = ""
    version: int = 1


@dataclass(slots=True)
class ContactRow:
    """A row of ``Contact``, not yet written."""

    id: UUID
    person_id: UUID
    kind: str
    sealed: bytes
    blind: bytes
    masked: str
    is_primary: bool
    created_at: datetime
    verified_at: datetime | None = None


@dataclass(slots=True)
class Known:
    """A person as far as a batch knows them; ``changed`` names the parts to be written."""

    id: UUID
    name: str
    citizen_blind: bytes | None
    is_new: bool = False
    contacts: dict[Key, UUID] = field(default_factory=dict)
    has_primary: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """One call's people: what the table knows of them, and what is to be written."""

    ring: Keyring
    at: datetime
    by_citizen: dict[str, Known] = field(default_factory=dict)
    by_contact: dict[Key, list[Known]] = field(default_factory=dict)
    all: list[Known] = field(default_factory=list)
    people: list[tuple[Known, PersonRow]] = field(default_factory=list)
    contacts: list[tuple[Known, Key, ContactRow]] = field(default_factory=list)
    updates: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def citizen_values(number: str, ring: Keyring) -> dict[str, Any]:
    """The columns that follow from a checked citizen id."""
    return {
        "citizen_id_sealed": ring.seal(number, CITIZEN_ID_PLACE),
        "citizen_id_blind": ring.blind(number, CITIZEN_ID_PLACE),
        "citizen_id_masked": mask_citizen_id(number),
        "gender": citizen.sex_of(number).value,
        "born_on": citizen.born_on(number),
    }


def new_person(given: Given, ring: Keyring, at: datetime) -> PersonRow:
    """A row, not yet written."""
    values = citizen_values(given.citizen_id, ring) if given.citizen_id else {}
    what = identity(given)
    digest = ring.blind(what, IDENTITY_PLACE) if what else None
    return PersonRow(id=uuid7(), name=given.name, identity=digest, created_at=at, **values)


def new_contact(known: Known, key: Key, ring: Keyring, at: datetime) -> ContactRow:
    """A row, not yet written; the first of its kind is the preferred one."""
    kind, value = key
    return ContactRow(
        id=uuid7(),
        person_id=known.id,
        kind=kind,
        sealed=ring.seal(value, place_of(kind)),
        blind=ring.blind(value, place_of(kind)),
        masked=mask_phone(value) if kind == ContactKind.PHONE else mask_email(value),
        is_primary=kind not in known.has_primary,
        created_at=at,
    )


_KNOWN = """
    SELECT p.id, p.name, p.citizen_id_blind, c.kind, c.blind, c.id
    FROM register_person AS p LEFT JOIN register_contact AS c ON c.person_id = p.id
    WHERE p.id IN (SELECT person_id FROM register_contact WHERE blind = ANY(%s)
                   UNION SELECT id FROM register_person WHERE citizen_id_blind = ANY(%s))
    ORDER BY p.created_at, p.id
"""


def load(givens: Sequence[Given], ring: Keyring, at: datetime) -> Batch:
    """A batch with what the table knows of everybody reached under any of the given numbers.  One query."""
    batch = Batch(ring, at)
    keys = {key for given in givens for key in kinds(given)}
    clear = {blind: key for key in keys for blind in ring.blinds(key[1], place_of(key[0]))}
    numbers = {given.citizen_id for given in givens if given.citizen_id}
    citizens = {blind: number for number in numbers for blind in ring.blinds(number, CITIZEN_ID_PLACE)}
    known: dict[UUID, Known] = {}
    for pk, name, citizen_blind, kind, blind, contact_id in _known_rows(list(clear), list(citizens)):
        if pk not in known:
            known[pk] = Known(pk, name, citizen_blind and bytes(citizen_blind))
        if kind is not None:
            known[pk].has_primary.add(kind)
        if blind is not None and (key := clear.get(bytes(blind))):
            known[pk].contacts[key] = contact_id
            batch.by_contact.setdefault(key, []).append(known[pk])
    batch.all.extend(known.values())
    batch.by_citizen.update({citizens[p.citizen_blind]: p for p in batch.all if p.citizen_blind in citizens})
    return batch


def _known_rows(contact_blinds: list[bytes], citizen_blinds: list[bytes]) -> list[tuple[Any, ...]]:
    if not contact_blinds and not citizen_blinds:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [contact_blinds, citizen_blinds])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def write(batch: Batch) -> None:
    """Insert people and contacts, each in one statement, and add to known people what is new of them.

    Whoever was registered by somebody else in the meantime is taken from there.
    """
    if batch.people:
        _write_people(batch)
    try:
        for pk in sorted(batch.updates):
            Person.objects.filter(pk=pk).update(**batch.updates[pk])
    except IntegrityError as error:
        raise Conflict("person_changed", _("该人员信息刚被他人修改，请重新提交。")) from error
    if batch.contacts:
        _write_contacts(batch)


def _by_identity(row: PersonRow) -> bytes:
    """One order for everybody, so that two batches with the same people cannot wait for each other."""
    return row.identity or b""


def _by_person(row: ContactRow) -> UUID:
    return row.person_id


def _write_people(batch: Batch) -> None:
    rows = sorted([row for _known, row in batch.people], key=_by_identity)
    written = _insert(Person, rows)
    late = [(known, row) for known, row in batch.people if row.id not in written]
    if not late:
        return
    theirs = _registered([row for _known, row in late])
    for known, row in late:
        known.id, known.name = theirs.get(row.citizen_id_blind) or theirs[row.identity]
        known.is_new = False
        known.changed.clear()
    for known, _key, contact in batch.contacts:
        contact.person_id = known.id


def _registered(rows: Sequence[PersonRow]) -> dict[Any, tuple[UUID, str]]:
    """Id and name of the people who stood in the way of ``rows``, by identity and by citizen id."""
    same = Q(identity__in=[row.identity for row in rows])
    same |= Q(citizen_id_blind__in=[row.citizen_id_blind for row in rows if row.citizen_id_blind])
    found: dict[Any, tuple[UUID, str]] = {}
    for pk, name, *digests in Person.objects.filter(same).values_list("id", "name", "identity", "citizen_id_blind"):
        found.update({bytes(digest): (pk, name) for digest in digests if digest})
    return found


def _write_contacts(batch: Batch) -> None:
    rows = sorted([row for _known, _key, row in batch.contacts], key=_by_person)
    written = _insert(Contact, rows)
    late = [entry for entry in batch.contacts if entry[2].id not in written]
    if not late:
        return
    # Somebody else has just given this person this contact, or another preferred one.
    for _known, _key, row in late:
        row.is_primary = False
    _insert(Contact, [row for _known, _key, row in late])
    there = Contact.objects.filter(person__in={known.id for known, _key, _row in late})
    theirs = {(row.person_id, bytes(row.blind)): row.pk for row in there}
    for known, key, row in late:
        known.contacts[key] = theirs[known.id, bytes(row.blind)]


def _insert(model: type[models.Model], rows: Sequence[PersonRow] | Sequence[ContactRow]) -> set[UUID]:
    """Insert rows that break no uniqueness; the ids of those that were written."""
    columns = [column.attname for column in model._meta.concrete_fields]  # what a foreign key's column is called, too
    values = map(attrgetter(*columns), rows)
    with connection.cursor() as cursor:
        insert_rows(cursor, model._meta.db_table, columns, values, tail="ON CONFLICT DO NOTHING RETURNING id")
        return {row[0] for row in cursor.fetchall()}
