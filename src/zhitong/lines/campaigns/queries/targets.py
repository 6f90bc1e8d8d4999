"""Targets: found, filtered, in order, page by page by keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.geometry import distance_m
from zhitong.base.text import clean, tsquery
from zhitong.kernel.accounts.public import Actor

from ..choices import Side, TargetState
from ..models import Drive, Photo, Step, Target
from ..permissions import MANAGE, VIEW, WORK, reached, reached_of

SHOWN, MOST_POINTS, MOST_NEAR, MOST_STEPS = 50, 4_000, 100, 100
ORDERS: dict[str, tuple[str, ...]] = {
    "number": ("number",), "-number": ("-number",), "due": ("due_on", "number"), "-due": ("-due_on", "-number"),
    "-moved": ("-moved_at", "-number"), "moved": ("moved_at", "number"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a list is asked for."""

    text: str = ""
    state: str = ""
    stage: UUID | None = None
    inside: UUID | None = None
    organ: UUID | None = None
    sort: str = ""
    is_late: bool = False
    done_on: date | None = None
    found_on: date | None = None
    aside_on: date | None = None


def targets(by: Actor, drive: Drive, *permissions: str) -> QuerySet[Target]:
    """The targets of a drive that ``by`` may see, or reaches with these permissions."""
    return Target.objects.filter(reached_of(by, [drive], *(permissions or (VIEW, WORK, MANAGE))), drive=drive)


def filtered(rows: QuerySet[Target], wanted: Wanted, today: date) -> QuerySet[Target]:
    """Those that fit."""
    plain: dict[str, Any] = {
        "state": wanted.state, "stage": wanted.stage, "organ": wanted.organ, "sort": wanted.sort, "done_on": wanted.done_on,
        "found_on": wanted.found_on, "aside_on": wanted.aside_on,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wanted.inside:
        rows = rows.filter(path__contains=[wanted.inside])
    if wanted.is_late:
        rows = rows.filter(late(today))
    return _matching(rows, wanted.text)


def late(today: date) -> Q:
    """To do, and its day is over."""
    return Q(state=TargetState.OPEN, due_on__lt=today)


def _matching(rows: QuerySet[Target], text: str) -> QuerySet[Target]:
    typed = clean(text)[:60]
    if not typed:
        return rows
    if typed.isascii() and typed.isdigit() and len(typed) < 8:
        return rows.filter(number=int(typed))
    query = tsquery(typed)
    if not query:
        return rows.filter(name__contains=typed)
    return rows.filter(pk__in=RawSQL("SELECT id FROM campaigns_target WHERE words @@ %s::tsquery", [query]))


@dataclass(frozen=True, slots=True)
class Page:
    """Some targets; ``after`` asks for those behind them, empty at the end."""

    rows: list[Target] = field(default_factory=list)
    after: str = ""


def page(rows: QuerySet[Target], order: str, after: UUID | None) -> Page:
    """One page in that order, from behind a target on."""
    keys = ORDERS.get(order) or ORDERS["number"]
    names = [key.lstrip("-") for key in keys]
    mark = Target.objects.filter(pk=after).values(*names).first() if after else None
    if mark is not None:
        rows = rows.filter(_behind(keys, mark))
    found = list(rows.select_related("stage").defer("words", "path").order_by(*keys)[: SHOWN + 1])
    return Page(found[:SHOWN], str(found[SHOWN - 1].pk) if len(found) > SHOWN else "")


def _behind(keys: Sequence[str], mark: Mapping[str, Any]) -> Q:
    condition, equal = Q(), Q()
    for key in keys:
        name, way = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{way}": mark[name]})
        equal &= Q(**{name: mark[name]})
    return condition


def target(by: Actor, target_id: UUID) -> Target:
    """One of them; NotFound also for what the person must not see."""
    rows = Target.objects.select_related("drive", "stage", "organ", "staff", "matter").filter(
        reached(by, VIEW, WORK, MANAGE)
    )
    found = rows.filter(pk=target_id).first()
    if found is None:
        raise NotFound("no_target", _("没有这个行动对象。"))
    return found


def may_work(by: Actor, one: Target) -> bool:
    """Whether ``by`` may do something with it now."""
    if one.drive.ended_at is not None or not (by.may(WORK) or by.may(MANAGE)):
        return False
    return Target.objects.filter(reached(by, WORK, MANAGE), pk=one.pk).exists()


def steps(one: Target) -> list[Step]:
    """What was done with it, the newest first."""
    return list(one.steps.select_related("from_stage", "to_stage").order_by("-at", "-id")[:MOST_STEPS])


def photos(one: Target) -> dict[str, list[Photo]]:
    """Its photos by side, the oldest first."""
    found: dict[str, list[Photo]] = {side: [] for side in Side.values}
    for photo in one.photos.order_by("side", "id"):
        found[photo.side].append(photo)
    return found


def photo(by: Actor, target_id: UUID, photo_id: UUID) -> Photo:
    """One of them; NotFound."""
    one = target(by, target_id)
    found = Photo.objects.filter(pk=photo_id, target=one).select_related("target").first()
    if found is None:
        raise NotFound("no_photo", _("没有这张照片，或已销毁。"))
    return found


@dataclass(frozen=True, slots=True)
class Near:
    """A target and how far it is, in metres; nothing where it or the person has no place."""

    target: Target
    metres: float | None


def to_do(by: Actor) -> QuerySet[Target]:
    """What is open in running drives, within reach of whoever works on it."""
    if not by.may(WORK):
        return Target.objects.none()
    running = list(Drive.objects.filter(ended_at=None).only("organ"))  # named one by one, see ``permissions``
    rows = Target.objects.filter(reached_of(by, running, WORK), state=TargetState.OPEN, drive__in=running)
    return rows.prefetch_related("drive", "stage").defer("words", "path")  # joined, the drives would be read through


def mine(by: Actor, *, lon: float | None = None, lat: float | None = None, inside: UUID | None = None) -> list[Near]:
    """What is to do for whoever walks: in running drives, within reach, the nearest first, or the soonest due where the place is not known."""
    rows = to_do(by)
    if inside is not None:
        rows = rows.filter(path__contains=[inside])
    if lon is None or lat is None:
        return [Near(one, None) for one in rows.order_by("due_on", "number", "id")[:MOST_NEAR]]
    squared = (F("lon") - lon) * (F("lon") - lon) * 0.64 + (F("lat") - lat) * (F("lat") - lat)
    near = rows.annotate(apart=ExpressionWrapper(squared, FloatField())).order_by(
        F("apart").asc(nulls_last=True), "due_on", "id"
    )
    return [Near(one, _metres(one, lon, lat)) for one in near[:MOST_NEAR]]


def _metres(one: Target, lon: float, lat: float) -> float | None:
    return None if one.lon is None or one.lat is None else distance_m(lon, lat, one.lon, one.lat)


def points(rows: QuerySet[Target], box: tuple[float, float, float, float] | None = None) -> list[Target]:
    """Those that have a place, in a box or everywhere, what is late and open first; ``MOST_POINTS`` at most."""
    found = rows.filter(lon__isnull=False)
    if box:
        west, south, east, north = box
        found = found.filter(lon__range=(west, east), lat__range=(south, north))
    return list(
        found.select_related("stage").defer("words", "path").order_by("-state", "due_on", "number")[:MOST_POINTS]
    )
