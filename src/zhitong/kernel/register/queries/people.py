"""Reads: people by exact number, and how they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base import citizen
from zhitong.base.holdings import Case, Fact, Held
from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.events.public import Notice, render_many

from .. import rules
from ..choices import ContactKind
from ..models import CITIZEN_ID_PLACE, Contact, Merge, Person, place_of


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """A person fit to be shown to anybody who may see the matter."""

    id: UUID
    name: str
    citizen_id: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]


def contact_blinds(kind: str, value: str) -> list[bytes]:
    """What to look for in ``Contact.blind``; more than one only while keys are being rotated."""
    return keyring().blinds(value, place_of(kind))


def find_by_phone(text: str) -> QuerySet[Person]:
    """Everybody reached under this number, however it is written; nobody when it is not a number."""
    number = citizen.phone(text)
    return _by_contact(ContactKind.PHONE, number)


def find_by_email(text: str) -> QuerySet[Person]:
    """Everybody reached under this address; nobody when it is not one."""
    return _by_contact(ContactKind.EMAIL, rules.email(text))


def _by_contact(kind: str, value: str | None) -> QuerySet[Person]:
    if not value:
        return Person.objects.none()
    found = Contact.objects.filter(kind=kind, blind__in=contact_blinds(kind, value))
    return Person.objects.filter(pk__in=found.values("person")).order_by("created_at", "id")


def find_by_citizen_id(text: str) -> Person | None:
    """The person with this citizen id, or None."""
    number = citizen.citizen_id(text)
    if number is None:
        return None
    return Person.objects.filter(citizen_id_blind__in=keyring().blinds(number, CITIZEN_ID_PLACE)).first()


def contacts_of(person_ids: Iterable[UUID]) -> dict[UUID, list[Contact]]:
    """The contacts of each person, the preferred first.  One query for any number."""
    found: dict[UUID, list[Contact]] = {}
    for contact in Contact.objects.filter(person__in=list(person_ids)).order_by("-is_primary", "created_at", "id"):
        found.setdefault(contact.person_id, []).append(contact)
    return found


def reached_by(people: str, *values: Any) -> dict[UUID, tuple[UUID, str]]:
    """The preferred contact of each person who left one: its id and its kind.  ``people`` is a statement that gives the ids of
    persons (from code, never from input), so that it is one statement: it is asked with nearly every action."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (person_id) person_id, id, kind FROM register_contact "  # noqa: S608 - from code
            f"WHERE person_id = ANY(ARRAY({people})) ORDER BY person_id, is_primary DESC, created_at, id",
            values,
        )
        return {person: (contact, kind) for person, contact, kind in cursor.fetchall()}


def masked(person: Person) -> MaskedPerson:
    """``person`` with name and numbers masked; prefetch ``contacts`` when showing many."""
    contacts = sorted(person.contacts.all(), key=lambda contact: (not contact.is_primary, contact.created_at))
    of_kind = {kind: tuple(c.masked for c in contacts if c.kind == kind) for kind in ContactKind.values}
    return MaskedPerson(
        id=person.pk,
        name=mask_name(person.name),
        citizen_id=person.citizen_id_masked,
        phones=of_kind[ContactKind.PHONE],
        emails=of_kind[ContactKind.EMAIL],
    )


def address_of(channel: str, _account_id: UUID | None, contact_id: UUID | None) -> str | None:
    """Where a notice reaches a contact: the register's address book for the outbox."""
    kind = {"sms": ContactKind.PHONE, "email": ContactKind.EMAIL}.get(channel)
    if contact_id is None or kind is None:
        return None
    contact = Contact.objects.filter(pk=contact_id, kind=kind).first() or _same_after_merging(contact_id)
    return contact.value if contact else None


def _same_after_merging(contact_id: UUID) -> Contact | None:
    """Where the person was merged into another with the same number, that one's."""
    merge = Merge.objects.filter(contacts__has_key=str(contact_id), undone_at=None).order_by("-at").first()
    return Contact.objects.filter(pk=merge.contacts[str(contact_id)]).first() if merge else None


def person_held(case: Case) -> list[Held]:
    """What the register holds, in clear: for the person, or whoever answers for them."""
    person = Person.objects.filter(pk=case.person_id).first()
    if person is None:
        return []
    facts: list[Fact] = [
        (_("姓名"), person.name), (_("身份证号"), person.citizen_id), (_("性别"), person.get_gender_display()),
        (_("出生日期"), str(person.born_on or "")), (_("备注"), person.note),
    ]  # fmt: skip
    facts += [(c.get_kind_display(), c.value) for c in contacts_of([person.pk]).get(person.pk, [])]
    kept = "；".join(str(why) for why in case.needed)
    return [Held(person.pk, _("登记信息"), person.created_at, [f for f in facts if f[1]], kept=kept)]


def notices_held(case: Case) -> list[Held]:
    """What was sent to the person, or will be."""
    contacts = [c.pk for c in contacts_of([case.person_id]).get(case.person_id, [])]
    rows = list(Notice.objects.filter(to_contact__in=contacts).order_by("created_at", "id"))
    kept = NEEDED if case.needed else ""
    return [
        Held(row.pk, title, row.created_at, [(row.get_channel_display(), body)], kept=kept)
        for row, (title, body) in zip(rows, render_many(rows), strict=True)
    ]


NEEDED = gettext_lazy("随登记信息一并保留")
