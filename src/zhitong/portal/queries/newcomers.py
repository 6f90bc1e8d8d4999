"""People with a post and without an account: who they are, where they sit, and what their posts may do already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Grant
from zhitong.kernel.organisation.public import Appointment, Staff, valid_on

from .setup import without_account

MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person, the seats held today, and the names of the roles that come with them."""

    staff: Staff
    seats: Sequence[Appointment]
    roles: Sequence[str]


def newcomers(on: date, *, organ: UUID | None, words: str, most: int) -> tuple[list[Newcomer], int]:
    """The first ``most`` by pinyin, of an organ or by words of the name, the number or the post; and how many there are.
    Four queries."""
    rows = without_account(on)
    seats = Appointment.objects.filter(valid_on(on), valid_on(on, "post__")).select_related("post__organ")
    if organ:
        rows = rows.filter(pk__in=seats.filter(post__organ=organ).values("staff"))
    if words := clean(words)[:MOST_LETTERS]:
        titled = Q(pk__in=seats.filter(post__title__icontains=words).values("staff"))
        rows = rows.filter(
            titled | Q(name__icontains=words) | Q(spelling__icontains=words.lower()) | Q(staff_no__icontains=words)
        )
    people = list(rows[:most])
    held: dict[UUID, list[Appointment]] = {}
    for seat in seats.filter(staff__in=people).order_by("is_deputy", "id"):
        held.setdefault(seat.staff_id, []).append(seat)
    roles = _roles({seat.post_id for found in held.values() for seat in found}, on)
    return [
        Newcomer(one, held.get(one.pk, []), [r for seat in held.get(one.pk, []) for r in roles.get(seat.post_id, [])])
        for one in people
    ], rows.count()


def _roles(posts: set[UUID], on: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for grant in Grant.objects.filter(valid_on(on), post__in=posts).select_related("role").order_by("role__sort", "id"):
        found.setdefault(grant.post_id, []).append(grant.role.name)
    return found
