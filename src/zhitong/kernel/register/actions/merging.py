"""Two entries that are one person, or one household, made one; and undone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import record

from ..choices import Role
from ..models import Contact, FirmChange, Household, Merge, Person, Residence, Tag
from ..permissions import MANAGE_HOMES
from ..queries.homes import household_for, person_for
from ..queries.likely import merge_for
from ..rules.homes import left_of
from . import merge_store as store
from .merge_store import Saved, SavedContact
from .store import citizen_values
from .versions import touch

FILLED = ("name", "gender", "born_on", "note")


@transaction.atomic
def merge_people(kept_id: UUID, gone_id: UUID, *, by: Actor, at: datetime) -> Merge:
    """``gone`` is the same person as ``kept``: all that names it names ``kept`` from now on, which gets what it did not have.

    Where both belong somewhere, the residence of ``kept`` goes before.  Needs ``register.manage_homes`` where both are.
    ``Conflict`` where their citizen ids differ, or one thing names them both.
    """
    kept, gone = _both(Person, kept_id, gone_id)
    for one in (kept, gone):
        person_for(one.pk, by, MANAGE_HOMES)
    if kept.citizen_id and gone.citizen_id:
        raise Conflict("two_citizen_ids", _("两人的身份证号不同，不是同一人；号码登记有误的，请先更正。"))
    saved = Saved(person=store.saved_person(gone))
    pairs = _take_contacts(saved, kept, gone)
    _take_residences(saved, kept, gone, timezone.localdate(at))
    _take_tags(saved, "person", kept.pk, gone.pk, at)
    saved.moved = store.move_others(Person, gone.pk, kept.pk)
    for change in FirmChange.objects.filter(people__contains=[gone.pk]).exclude(people__contains=[kept.pk]):
        change.people = [*(pk for pk in change.people if pk != gone.pk), kept.pk]
        change.save(update_fields=["people"])
        saved.changes.append(change.pk)
    number = gone.citizen_id
    gone.delete()
    _fill(saved, kept, gone, number, at)
    return _keep(
        saved, "person", kept.pk, saved.person.id if saved.person else gone_id, [kept.pk, gone_id], pairs, by, at
    )


@transaction.atomic
def merge_households(kept_id: UUID, gone_id: UUID, *, by: Actor, at: datetime) -> Merge:
    """``gone`` is the same household as ``kept``: its people and tags are of ``kept`` from now on; a second head is none."""
    kept, gone = _both(Household, kept_id, gone_id)
    for one in (kept, gone):
        household_for(one.pk, by, MANAGE_HOMES)
    saved = Saved(household=store.saved_household(gone))
    there = {row.person_id: row for row in Residence.objects.filter(household=kept, until=None)}
    has_head = any(row.role == Role.HEAD for row in there.values())
    people = {kept.pk: None}
    for row in Residence.objects.select_for_update().filter(household=gone).order_by("id"):
        before = store.saved_residence(row)
        people[row.person_id] = None
        if row.until is None and row.person_id in there:
            row.until = max(timezone.localdate(at), row.since)
        elif row.until is None and row.role == Role.HEAD and has_head:
            row.role = Role.OTHER
        row.household = kept
        row.save()
        saved.residences.append(_left(before, row))
    _take_tags(saved, "household", kept.pk, gone.pk, at)
    saved.moved = store.move_others(Household, gone.pk, kept.pk)
    if gone.note and not kept.note:
        kept.note = saved.filled["note"] = gone.note
    gone.delete()
    touch(kept, at, "note")
    return _keep(saved, "household", kept.pk, gone_id, list(people)[1:], {}, by, at)


@transaction.atomic
def undo_merge(merge_id: UUID, *, by: Actor, at: datetime) -> None:
    """Both are as before; undone twice is once.

    ``Conflict`` where a residence, or what ``kept`` got, has changed since.  What came to ``kept`` in the meantime stays with it.
    """
    merge_for(merge_id, by)
    merge = Merge.objects.select_for_update().get(pk=merge_id)
    is_person = merge.kind == "person"
    if merge.undone_at:
        return
    saved = store.unseal(merge)
    model: Any = Person if is_person else Household
    kept = model.objects.select_for_update().get(pk=merge.kept)
    if any(_text(kept, name) != value for name, value in saved.filled.items()):
        raise store.since()
    try:
        with transaction.atomic():
            _restore(saved, kept, merge.gone)
    except IntegrityError as error:
        raise store.since() from error
    Merge.objects.filter(pk=merge.pk).update(undone_at=at)
    _tell(f"{merge.kind}.parted", merge.kind, merge.kept, merge.gone, by, at)


def _restore(saved: Saved, kept: Any, gone: UUID) -> None:
    if saved.person:
        store.restore_person(saved.person, kept, saved.filled)
        store.restore_contacts(saved, gone, kept.pk)
    if saved.household:
        was = saved.household
        Household.objects.create(
            pk=was.id, unit_id=was.unit, kind=was.kind, note=was.note, ended_on=was.ended_on, version=was.version,
            created_at=was.created_at,
        )  # fmt: skip
        kept.note = "" if "note" in saved.filled else kept.note
        kept.version += 1
        kept.save(update_fields=["note", "version"])
    store.restore_residences(saved)
    field = "person" if saved.person else "household"
    for pk, ended_at in saved.tags:
        Tag.objects.filter(pk=pk, **{field: kept.pk}).update(ended_at=ended_at, **{field: gone})
    store.move_back(saved, gone, kept.pk)


def _both(model: Any, kept_id: UUID, gone_id: UUID) -> tuple[Any, Any]:
    """Locked in one order, so that two merges cannot wait for each other."""
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in={kept_id, gone_id}).order_by("pk")}
    if kept_id == gone_id:
        raise Conflict("same_entry", _("请选择两条不同的记录。"))
    if len(rows) != 2:
        raise NotFound("no_entry", _("没有登记这一条，可能已被删除。"))
    return rows[kept_id], rows[gone_id]


def _take_contacts(saved: Saved, kept: Person, gone: Person) -> dict[str, str]:
    """The contacts of ``gone`` become those of ``kept``; of one that both have, the pair (deleted, the same)."""
    mine = {(row.kind, row.value): row.pk for row in kept.contacts.all()}
    primary = set(kept.contacts.filter(is_primary=True).values_list("kind", flat=True))
    pairs = {}
    for row in gone.contacts.order_by("-is_primary", "created_at", "id"):
        value = row.value
        if same := mine.get((row.kind, value)):
            saved.contacts.append(
                SavedContact(row.pk, row.kind, row.is_primary, value, row.verified_at, row.created_at)
            )
            pairs[str(row.pk)] = str(same)
            row.delete()
            continue
        saved.contacts.append(SavedContact(row.pk, row.kind, row.is_primary))
        Contact.objects.filter(pk=row.pk).update(person=kept, is_primary=row.is_primary and row.kind not in primary)
    return pairs


def _take_residences(saved: Saved, kept: Person, gone: Person, on: date) -> None:
    """They become those of ``kept``; what stands in the way of one ``kept`` has, is over, or the half of it."""
    mine = list(Residence.objects.filter(person=kept, until=None))
    for row in Residence.objects.select_for_update().filter(person=gone).order_by("id"):
        before = store.saved_residence(row)
        for one in mine if row.until is None else ():
            kind = "" if row.household_id == one.household_id else left_of(row.kind, one.kind)
            row.kind, row.until = kind or row.kind, row.until if kind else max(on, row.since)
        row.person = kept
        row.save()
        saved.residences.append(_left(before, row))


def _left(before: store.SavedResidence, row: Residence) -> store.SavedResidence:
    before.after = store.left(row)
    return before


def _take_tags(saved: Saved, field: str, kept: UUID, gone: UUID, at: datetime) -> None:
    """Tags move; one of a kind that ``kept`` carries already is over."""
    has = set(Tag.objects.filter(ended_at=None, **{field: kept}).values_list("kind", flat=True))
    for tag in Tag.objects.select_for_update().filter(**{field: gone}).order_by("id"):
        saved.tags.append((tag.pk, tag.ended_at))
        ended = at if tag.ended_at is None and tag.kind_id in has else tag.ended_at
        Tag.objects.filter(pk=tag.pk).update(ended_at=ended, **{field: kept})


def _fill(saved: Saved, kept: Person, gone: Person, number: str, at: datetime) -> None:
    """What ``kept`` did not have."""
    fields: set[str] = set()
    for name in FILLED:
        if not getattr(kept, name) and getattr(gone, name):
            setattr(kept, name, getattr(gone, name))
            fields.add(name)
    if number and not kept.citizen_id:
        values = citizen_values(number, keyring())
        fields |= {name for name in ("gender", "born_on") if not getattr(kept, name)}
        for name, value in values.items():
            if name.startswith("citizen_id") or name in fields:
                setattr(kept, name, value)
        fields |= {"citizen_id_sealed", "citizen_id_blind", "citizen_id_masked"}
    touch(kept, at, *fields)
    shown = {name for name in fields if name in FILLED} | ({"citizen_id"} if "citizen_id_sealed" in fields else set())
    saved.filled = {name: _text(kept, name) for name in shown}


def _text(row: Any, name: str) -> str:
    return str(getattr(row, name) or "")


def _keep(
    saved: Saved, kind: str, kept: UUID, gone: UUID, people: Sequence[UUID], pairs: dict[str, str], by: Actor, at: datetime
) -> Merge:  # fmt: skip
    merge = Merge.objects.create(
        kind=kind, kept=kept, gone=gone, people=sorted(set(people)), contacts=pairs, sealed=store.seal(saved), at=at, by_label=by.label
    )  # fmt: skip
    _tell(f"{kind}.merged", kind, kept, gone, by, at)
    return merge


def _tell(name: str, kind: str, kept: UUID, gone: UUID, by: Actor, at: datetime) -> None:
    for one, other in sorted([(kept, gone), (gone, kept)]):
        record(name, one, stream_kind=kind, at=at, by=by, data={"with": other, "is_kept": one == kept})
