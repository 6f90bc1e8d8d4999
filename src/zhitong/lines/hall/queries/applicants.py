"""Who applies, for lists of matters: people masked, firms by the name they are registered under."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from zhitong.base.citizen import credit_code
from zhitong.base.text import clean, mask_name
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Firm, Person, find_by_phone, find_firm

from ..models import Application, BundleCase

KINDS = ("application", "bundle", "agency")
MOST_PEOPLE, MOST_FOUND = 500, 2_000


def applicants_named(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The firm, or the person masked.  One query."""
    rows = m.Matter.objects.filter(pk__in=list(ids)).order_by()
    named = rows.values_list("pk", "reporter__name", "application__firm__name", "bundle_case__firm__name")
    return {pk: of_app or of_bundle or mask_name(person or "") for pk, person, of_app, of_bundle in named}


def applicant_found(typed: str) -> Q | None:
    """By a whole name, a whole phone number, a firm's whole name or its code; at most so many, the newest."""
    text = clean(typed)
    if not text:
        return None
    people = set(Person.objects.filter(name=text).values_list("pk", flat=True)[:MOST_PEOPLE])
    people |= set(find_by_phone(text).values_list("pk", flat=True)[:MOST_PEOPLE])
    firm = find_firm(text) if credit_code(text) else Firm.objects.filter(name=text).first()
    found: list[UUID] = []
    if people:
        rows = m.Matter.objects.filter(reporter__in=people, kind__in=KINDS).order_by("-pk")
        found += rows.values_list("pk", flat=True)[:MOST_FOUND]
    if firm:
        for model in (Application, BundleCase):
            found += model.objects.filter(firm=firm).order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND]
    return Q(pk__in=found) if found else None
