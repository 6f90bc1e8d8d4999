"""Registering people without registering them twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import Happening, record_many

from ..models import CITIZEN_ID_PLACE
from ..rules import Given, NewPerson, check, choose, kinds
from .store import Batch, Known, citizen_values, load, new_contact, new_person, write

_WRONG = {
    "name": _("姓名过长，请控制在60个字以内。"),
    "phone": _("电话号码不正确，请填写11位手机号，或带区号的固定电话。"),
    "email": _("电子邮箱格式不正确，请检查后重新填写。"),
    "citizen_id": _("身份证号不正确，请核对18位号码。"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Who it is (None when nothing was given), how to reach them, whether they were registered just now, and their name there."""

    person_id: UUID | None
    contact_id: UUID | None
    is_new: bool = False
    name: str = ""


def prepare(new: NewPerson) -> Given:
    """``new`` checked and in the spelling that is stored; raises ``Refused`` naming the first wrong part."""
    if found := refusals(new):
        raise found[0]
    return check(new)[0]


def refusals(new: NewPerson) -> list[Refused]:
    """Everything that is wrong with ``new``, each part that is there; what is empty is not asked for here."""
    return [Refused(f"person_{part}", _WRONG[part], part) for part in check(new)[1]]


def find_or_create_person(
    *, by: Actor, at: datetime, name: str = "", phone: str = "", email: str = "", citizen_id: str = ""
) -> Found:
    """The person who gave these, registered if need be; see ``find_or_create_many``."""
    return find_or_create_many([NewPerson(name, phone, email, citizen_id)], by=by, at=at)[0]


def find_or_create_many(wanted: Sequence[NewPerson], *, by: Actor, at: datetime) -> list[Found]:
    """Each of ``wanted`` found or registered, in order; a handful of statements for any number.

    Same citizen id: same person.  Same phone (or e-mail): same person when the name is the same or one of the names is
    missing; another name is another person of the household.  What a known person had not given before is added.
    Nobody is asked for a permission: whoever may raise a matter may be registered with it.
    Raises ``Refused`` for the first wrong part, so rows of a file are put through ``prepare`` first.
    """
    givens = [new if isinstance(new, Given) else prepare(new) for new in wanted]
    with transaction.atomic(savepoint=False):  # what fails here fails whole, with all that the caller wrote
        batch = load(givens, keyring(), at)
        found = [None if given.is_nobody else _resolve(batch, given) for given in givens]
        write(batch)
        record_many(_happenings(batch, by))
    return [
        Found(None, None) if known is None else Found(known.id, _contact(known, given), known.is_new, known.name)
        for known, given in zip(found, givens, strict=True)
    ]


def register_apart(given: Given, *, by: Actor, at: datetime) -> UUID:
    """Register somebody as another person than whoever has the same name and number.  The id; with a citizen id that is known, theirs."""
    with transaction.atomic():
        batch = Batch(keyring(), at)
        known = _new(batch, given)
        batch.people[-1][1].identity = None
        for key in kinds(given):
            _add_contact(batch, known, key)
        write(batch)
        record_many(_happenings(batch, by))
    return known.id


def _contact(known: Known, given: Given) -> UUID | None:
    return next((known.contacts[key] for key in kinds(given) if key in known.contacts), None)


def _resolve(batch: Batch, given: Given) -> Known:
    """Who this is, from the table or from earlier in the batch; noting what has to be written."""
    known = batch.by_citizen.get(given.citizen_id) if given.citizen_id else None
    known = known or _by_contact(batch, given)
    if known is None:
        known = _new(batch, given)
    else:
        _complete(batch, known, given)
    for key in kinds(given):
        if key not in known.contacts:
            _add_contact(batch, known, key)
    return known


def _by_contact(batch: Batch, given: Given) -> Known | None:
    blinds = batch.ring.blinds(given.citizen_id, CITIZEN_ID_PLACE) if given.citizen_id else None
    for key in kinds(given):
        fitting = [
            known
            for known in batch.by_contact.get(key, ())
            if blinds is None or known.citizen_blind is None or known.citizen_blind in blinds
        ]
        if found := choose(given.name, fitting):
            return found
    return None


def _new(batch: Batch, given: Given) -> Known:
    person = new_person(given, batch.ring, batch.at)
    known = Known(person.id, given.name, person.citizen_id_blind, is_new=True)
    known.changed += [part for part in ("name", "citizen_id") if getattr(given, part)]
    batch.people.append((known, person))
    batch.all.append(known)
    if given.citizen_id:
        batch.by_citizen[given.citizen_id] = known
    return known


def _complete(batch: Batch, known: Known, given: Given) -> None:
    """Add to a known person the name or citizen id not given before."""
    update: dict[str, object] = {}
    if given.name and not known.name:
        known.name = update["name"] = given.name
        known.changed.append("name")
    if given.citizen_id and known.citizen_blind is None:
        values = citizen_values(given.citizen_id, batch.ring)
        known.citizen_blind = values["citizen_id_blind"]
        batch.by_citizen[given.citizen_id] = known
        update |= values
        known.changed.append("citizen_id")
    if update:
        batch.updates.setdefault(known.id, {}).update(update)


def _add_contact(batch: Batch, known: Known, key: tuple[str, str]) -> None:
    contact = new_contact(known, key, batch.ring, batch.at)
    known.has_primary.add(contact.kind)
    known.contacts[key] = contact.id
    known.changed.append(contact.kind)
    batch.by_contact.setdefault(key, []).append(known)
    batch.contacts.append((known, key, contact))


def _happenings(batch: Batch, by: Actor) -> list[Happening]:
    """What the log keeps: that it happened and which parts, never the parts themselves."""
    return [
        Happening(
            kind="person.registered" if known.is_new else "person.changed",
            stream=known.id,
            stream_kind="person",
            at=batch.at,
            by=by,
            data={"parts": sorted(set(known.changed))},
            is_first=known.is_new,
        )
        for known in batch.all
        if known.is_new or known.changed
    ]
