"""The catalogue that ships."""

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import ImportResult

from ..models import Item
from .importing import import_catalogue

CATALOGUE = Path(__file__).parent.parent / "data" / "catalogue.csv"


def load_defaults(*, by: Actor, at: datetime | None = None) -> ImportResult:
    """Write and publish what ships as far as it is not there yet; what the district has made of an item stays."""
    at = at or timezone.now()
    known = frozenset(Item.objects.values_list("code", flat=True))
    return import_catalogue(CATALOGUE, by=by, at=at, publish_on=timezone.localdate(at), leave=known)
