"""Correcting what somebody is registered with, on their own word (Personal Information Protection Law, article 46)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import mask_phone
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import record

from ..choices import ContactKind
from ..models import Contact, Person, place_of
from ..rules import NewPerson, mask_email
from .people import prepare


@transaction.atomic
def correct_person(
    person_id: UUID, *, name: str = "", phone: str = "", email: str = "", by: Actor, at: datetime
) -> list[str]:
    """Another name, and another number or address in the place of the preferred one; what is empty stays.  Which parts changed.

    Whether ``by`` may is asked by who offers it.  Raises Refused naming the wrong part, or where nothing is given.
    """
    given = prepare(NewPerson(name=name, phone=phone, email=email))
    if given.is_nobody:
        raise Refused("nothing_to_correct", _("请填写要更正的内容。"), "name")
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("no_person", _("没有登记这个人，可能已被删除。"))
    changed = []
    if given.name and given.name != person.name:
        person.name, person.identity = given.name, None  # by which they were told apart before
        person.save(update_fields=["name", "identity"])
        changed.append("name")
    for kind, value in ((ContactKind.PHONE, given.phone), (ContactKind.EMAIL, given.email)):
        if value and replace_contact(person, kind, value, at):
            changed.append(str(kind))
    if changed:
        Person.objects.filter(pk=person.pk).update(identity=None)
        record("person.changed", person.pk, stream_kind="person", at=at, by=by, data={"parts": changed})
    return changed


def replace_contact(person: Person, kind: str, value: str, at: datetime) -> bool:
    """Put the new number or address in the place of the preferred one; whether it was another."""
    ring, rows = keyring(), list(person.contacts.filter(kind=kind).order_by("-is_primary", "created_at", "id"))
    if rows and rows[0].value == value:
        return False
    if any(row.value == value for row in rows):
        raise Conflict("contact_known", _("此人已登记有这个号码或邮箱。"), str(kind))
    facts: dict[str, Any] = {
        "sealed": ring.seal(value, place_of(kind)), "blind": ring.blind(value, place_of(kind)),
        "masked": mask_phone(value) if kind == ContactKind.PHONE else mask_email(value), "verified_at": None,
    }  # fmt: skip
    if rows:
        Contact.objects.filter(pk=rows[0].pk).update(**facts)
    else:
        Contact.objects.create(person=person, kind=kind, is_primary=True, created_at=at, **facts)
    return True
