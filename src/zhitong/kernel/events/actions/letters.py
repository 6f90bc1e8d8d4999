"""The district's own wording of letters."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from ..models import Letter
from .record import By, Happening, record_many


def put_letter(letter: Letter, *, by: By, at: datetime) -> None:
    """Save the wording; from now on it is sent instead of the one that ships."""
    with transaction.atomic():
        letter.save()
        _tell("letter.changed", letter, by, at, {"title": letter.title, "body": letter.body})


def drop_letter(letter: Letter, *, by: By, at: datetime) -> None:
    """Go back to the wording that ships."""
    with transaction.atomic():
        _tell("letter.dropped", letter, by, at, {"title": letter.title})
        letter.delete()


def _tell(kind: str, letter: Letter, by: By, at: datetime, data: dict[str, str]) -> None:
    stream = uuid5(NAMESPACE_URL, f"zhitong:letter:{letter.slug}")
    record_many([Happening(kind, stream, "letter", at, by, {"slug": letter.slug, **data})])
