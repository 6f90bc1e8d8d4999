"""Divisions that turned out never to be: their posts and duties end with them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from zhitong.kernel.events.public import Happening, record_many

from ..models import Duty, Post
from .duties import write_duty_end
from .people import write_post_end
from .writing import Log


def end_voided(happenings: Sequence[Happening]) -> None:
    """Called with ``territory.undone``: what is tied to divisions that the change had begun ends today, or on its first day."""
    for one in happenings:
        begun, on = [UUID(pk) for pk in one.data.get("begun", ())], timezone.localdate(one.at)
        log = Log(one.by, one.at)
        for post in Post.objects.filter(_lasting(on), division__in=begun).order_by("id"):
            write_post_end(log, post, max(on, post.valid_from))
        for duty in Duty.objects.filter(_lasting(on), division__in=begun).order_by("id"):
            write_duty_end(log, duty, max(on, duty.valid_from))
        record_many(log.happenings)


def _lasting(on: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on)
