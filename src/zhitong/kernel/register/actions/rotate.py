"""Sealing everything again after a new key was put first."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from zhitong.base.sealing import Keyring
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.territory.public import reseal_ground

from ..models import CHANGE_PLACE, CITIZEN_ID_PLACE, MERGE_PLACE, Contact, FirmChange, Merge, Person, place_of
from ..rules import Given, identity, name_key
from .store import IDENTITY_PLACE

BATCH = 500


def rotate_keys(told: Callable[[int], None] = lambda _done: None) -> int:
    """Seal and digest every person, contact and kept change or merge again with the first key; how many rows were changed.

    Works in small transactions beside a running system and may be stopped and started again.  ``told`` is called with
    the running total after every batch.  Not an event: nothing about a person changes.
    """
    done = 0
    for step in (_contacts, _people, _changes, _merges):
        last: UUID | None = None
        while True:
            with transaction.atomic():
                last, changed = step(keyring(), last)
            done += changed
            told(done)
            if last is None:
                break
    return done + reseal_ground(_again)


def _again(sealed: bytes, place: str) -> bytes | None:
    ring = keyring()
    return None if ring.is_current(sealed) else ring.seal(ring.open(sealed, place), place)


def _contacts(ring: Keyring, after: UUID | None) -> tuple[UUID | None, int]:
    rows = Contact.objects.select_for_update().order_by("pk")
    batch = list((rows.filter(pk__gt=after) if after else rows)[:BATCH])
    stale = [row for row in batch if not ring.is_current(bytes(row.sealed))]
    for row in stale:
        value, place = row.value, place_of(row.kind)
        row.sealed, row.blind = ring.seal(value, place), ring.blind(value, place)
    Contact.objects.bulk_update(stale, ["sealed", "blind"])
    return batch[-1].pk if len(batch) == BATCH else None, len(stale)


def _people(ring: Keyring, after: UUID | None) -> tuple[UUID | None, int]:
    rows = Person.objects.select_for_update(of=("self",)).order_by("pk").prefetch_related("contacts")
    batch = list((rows.filter(pk__gt=after) if after else rows)[:BATCH])
    stale = [row for row in batch if _rotate_person(row, ring)]
    Person.objects.bulk_update(stale, ["citizen_id_sealed", "citizen_id_blind", "identity"])
    return batch[-1].pk if len(batch) == BATCH else None, len(stale)


def _changes(ring: Keyring, after: UUID | None) -> tuple[UUID | None, int]:
    rows = FirmChange.objects.select_for_update().order_by("pk")
    batch = list((rows.filter(pk__gt=after) if after else rows)[:BATCH])
    stale = [row for row in batch if not ring.is_current(bytes(row.sealed))]
    for row in stale:
        row.sealed = ring.seal(ring.open(bytes(row.sealed), CHANGE_PLACE), CHANGE_PLACE)
    FirmChange.objects.bulk_update(stale, ["sealed"])
    return batch[-1].pk if len(batch) == BATCH else None, len(stale)


def _merges(ring: Keyring, after: UUID | None) -> tuple[UUID | None, int]:
    rows = Merge.objects.select_for_update().order_by("pk")
    batch = list((rows.filter(pk__gt=after) if after else rows)[:BATCH])
    stale = [row for row in batch if not ring.is_current(bytes(row.sealed))]
    for row in stale:
        row.sealed = ring.seal(ring.open(bytes(row.sealed), MERGE_PLACE), MERGE_PLACE)
    Merge.objects.bulk_update(stale, ["sealed"])
    return batch[-1].pk if len(batch) == BATCH else None, len(stale)


def _rotate_person(row: Person, ring: Keyring) -> bool:
    before, number = (row.citizen_id_blind, row.identity), row.citizen_id
    if row.citizen_id_sealed and not ring.is_current(bytes(row.citizen_id_sealed)):
        row.citizen_id_sealed = ring.seal(number, CITIZEN_ID_PLACE)
        row.citizen_id_blind = ring.blind(number, CITIZEN_ID_PLACE)
    if row.identity is not None:
        row.identity = _identity(row, number, ring)
    return before != (row.citizen_id_blind, row.identity)


def _identity(row: Person, number: str, ring: Keyring) -> bytes | None:
    """The same identity under the first key; None when what it was made of has changed since.

    It only guards the moment of registration, so that going without does no harm.
    """
    contacts = [(contact.kind, contact.value) for contact in row.contacts.all()]
    texts = [identity(Given("", "", "", number))] if number else []
    texts += [f"{value} {name_key(name)}" for _kind, value in contacts for name in (row.name, "")]
    stored = bytes(row.identity or b"")
    return next((ring.blind(t, IDENTITY_PLACE) for t in texts if stored in ring.blinds(t, IDENTITY_PLACE)), None)
