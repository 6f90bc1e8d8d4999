"""What is not kept for good: tracks, notes, what phones have sent."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..models import Note, Phone, Round, Sent


def old_rounds(before: datetime) -> QuerySet[Round]:
    """Rounds of before whose track is still there."""
    return Round.objects.filter(begun_at__lt=before).exclude(track=[])


def forget_tracks(*, before: datetime) -> int:
    """Where people walked goes; that they did, how far and how much of the grid stays."""
    return old_rounds(before).update(track=[])


def old_notes(before: datetime) -> QuerySet[Note]:
    """Notes of before that still say something."""
    return Note.objects.filter(noted_at__lt=before).exclude(sealed=b"")


def forget_notes(*, before: datetime) -> int:
    """What was noted goes; an appeal that was made of it stays."""
    return old_notes(before).update(sealed=b"", person=None)


def forget_person(person_id: UUID) -> int:
    """What one person said goes; how many notes."""
    return Note.objects.filter(person=person_id).exclude(sealed=b"").update(sealed=b"", person=None)


def old_sent(before: datetime) -> QuerySet[Sent]:
    """Keys that no phone sends again."""
    return Sent.objects.filter(received_at__lt=before)


def forget_sent(*, before: datetime) -> int:
    """Keys and phones of shifts long over go."""
    Phone.objects.filter(ends_at__lt=before).delete()
    return old_sent(before).delete()[0]
