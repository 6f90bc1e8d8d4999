"""What a merge changed, in a shape that can be sealed, and putting it back."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict
from zhitong.base.text import mask_phone
from zhitong.kernel.accounts.public import keyring

from ..choices import ContactKind
from ..models import MERGE_PLACE, Contact, FirmChange, Household, Merge, Person, Residence, Tag, place_of
from ..rules.people import mask_email
from .store import citizen_values

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
OWN: tuple[type[models.Model], ...] = (Contact, Residence, Tag)
_SINCE = _("合并之后相关信息又有变更，不能撤销合并，请逐项更正。")


class SavedPerson(msgspec.Struct):
    """A person as it was, the number in clear: the whole is sealed."""

    id: UUID
    name: str
    citizen_id: str
    gender: str
    born_on: date | None
    note: str
    identity: str
    version: int
    created_at: datetime


class SavedHousehold(msgspec.Struct):
    """A household as it was."""

    id: UUID
    unit: UUID
    kind: str
    note: str
    ended_on: date | None
    version: int
    created_at: datetime


class SavedContact(msgspec.Struct):
    """A contact of who is gone.  ``value`` is of one that was deleted, because the other has the same."""

    id: UUID
    kind: str
    is_primary: bool
    value: str = ""
    verified_at: datetime | None = None
    created_at: datetime = NEVER


class SavedResidence(msgspec.Struct):
    """A residence before; ``after`` is how the merge left it (person, household, role, kind, until), None where it was deleted."""

    id: UUID
    person: UUID
    household: UUID
    role: str
    kind: str
    since: date
    until: date | None
    after: tuple[UUID, UUID, str, str, date | None] | None = None


class Moved(msgspec.Struct):
    """Rows of any component that pointed at what is gone."""

    model: str
    field: str
    keys: list[UUID]


class Saved(msgspec.Struct):
    """All of it.  ``filled`` are the columns that ``kept`` got from ``gone``, by name, as text."""

    person: SavedPerson | None = None
    household: SavedHousehold | None = None
    filled: dict[str, str] = {}
    contacts: list[SavedContact] = []
    residences: list[SavedResidence] = []
    tags: list[tuple[UUID, datetime | None]] = []
    moved: list[Moved] = []
    changes: list[UUID] = []


def seal(saved: Saved) -> bytes:
    """As it is stored."""
    return keyring().seal(msgspec.json.encode(saved).decode(), MERGE_PLACE)


def unseal(merge: Merge) -> Saved:
    """What a merge changed."""
    return msgspec.json.decode(keyring().open(bytes(merge.sealed), MERGE_PLACE), type=Saved)


def saved_person(row: Person) -> SavedPerson:
    """As it is now."""
    identity = b64encode(bytes(row.identity)).decode() if row.identity else ""
    return SavedPerson(
        row.pk, row.name, row.citizen_id, row.gender, row.born_on, row.note, identity, row.version, row.created_at
    )


def saved_household(row: Household) -> SavedHousehold:
    """As it is now."""
    return SavedHousehold(row.pk, row.unit_id, row.kind, row.note, row.ended_on, row.version, row.created_at)


def saved_residence(row: Residence) -> SavedResidence:
    """As it is now."""
    return SavedResidence(row.pk, row.person_id, row.household_id, row.role, row.kind, row.since, row.until)


def left(row: Residence) -> tuple[UUID, UUID, str, str, date | None]:
    """How a residence stands."""
    return row.person_id, row.household_id, row.role, row.kind, row.until


def pointing(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every model of other parts with a foreign key to ``model``, and the key's name."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in OWN and relation.one_to_many:
            yield relation.related_model, relation.field.name


def move_others(model: type[models.Model], gone: UUID, kept: UUID) -> list[Moved]:
    """Point everything that pointed at ``gone`` to ``kept``.  ``Conflict`` where both are named by one thing that may name each once."""
    found = []
    for other, field in pointing(model):
        keys = list(other._default_manager.filter(**{field: gone}).values_list("pk", flat=True))
        if keys:
            try:
                with transaction.atomic():
                    other._default_manager.filter(pk__in=keys).update(**{field: kept})
            except IntegrityError as error:
                raise Conflict("cannot_merge", _("两条记录在同一事项中分别使用，不能合并。")) from error
            found.append(Moved(other._meta.label, field, keys))
    return found


def move_back(saved: Saved, gone: UUID, kept: UUID) -> None:
    """Point back what still points at ``kept``."""
    for moved in saved.moved:
        rows = apps.get_model(moved.model)._default_manager.filter(pk__in=moved.keys, **{moved.field: kept})
        rows.update(**{moved.field: gone})
    for change in FirmChange.objects.filter(pk__in=saved.changes):
        change.people = [*(pk for pk in change.people if pk != kept), gone]
        change.save(update_fields=["people"])


def restore_person(saved: SavedPerson, kept: Person, filled: dict[str, str]) -> None:
    """Take from ``kept`` what it got, and register who was gone again."""
    facts: dict[str, Any] = {"name": "", "gender": "", "born_on": None, "note": ""}
    blank = {name: facts[name] for name in filled if name in facts}
    if "citizen_id" in filled:
        blank |= {"citizen_id_sealed": None, "citizen_id_blind": None, "citizen_id_masked": ""}
    Person.objects.filter(pk=kept.pk).update(version=kept.version + 1, **blank)
    numbers = citizen_values(saved.citizen_id, keyring()) if saved.citizen_id else {}
    identity = b64decode(saved.identity) if saved.identity else None
    if identity and Person.objects.filter(identity=identity).exists():
        identity = None
    Person.objects.create(
        pk=saved.id, name=saved.name, note=saved.note, identity=identity, version=saved.version, created_at=saved.created_at,
        **{"gender": saved.gender, "born_on": saved.born_on, **numbers},
    )  # fmt: skip


def restore_contacts(saved: Saved, gone: UUID, kept: UUID) -> None:
    """The contacts of who was gone, also those that ``kept`` had, too."""
    ring = keyring()
    for one in saved.contacts:
        if not one.value:
            Contact.objects.filter(pk=one.id, person=kept).update(person=gone, is_primary=one.is_primary)
            continue
        Contact.objects.create(
            pk=one.id, person_id=gone, kind=one.kind, is_primary=one.is_primary, verified_at=one.verified_at,
            created_at=one.created_at, sealed=ring.seal(one.value, place_of(one.kind)), blind=ring.blind(one.value, place_of(one.kind)),
            masked=mask_phone(one.value) if one.kind == ContactKind.PHONE else mask_email(one.value),
        )  # fmt: skip


def restore_residences(saved: Saved) -> None:
    """As they were; ``Conflict`` where one is not as the merge left it."""
    there = {
        row.pk: row for row in Residence.objects.select_for_update().filter(pk__in=[r.id for r in saved.residences])
    }
    for one in saved.residences:
        row = there.get(one.id)
        if (left(row) if row else None) != one.after:
            raise since()
    for one in saved.residences:
        Residence.objects.update_or_create(
            pk=one.id,
            defaults={
                "person_id": one.person, "household_id": one.household, "role": one.role, "kind": one.kind,
                "since": one.since, "until": one.until,
            },
        )  # fmt: skip


def since() -> Conflict:
    """Something has changed since."""
    return Conflict("merged_changed_since", _SINCE)
