"""Windows: by their codes, and what their tablets show."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from zhitong.kernel.accounts.public import Actor

from .. import rules
from ..models import Point, Review, Service
from ..permissions import manageable
from . import codes


def manageable_points(by: Actor) -> QuerySet[Point]:
    """The windows ``by`` may set up."""
    return _listed(manageable(by))


def points_among(by: Actor, ids: Any) -> QuerySet[Point]:
    """The windows ``by`` may set up, and ``ids``: those of which a line says so (ids, or a query of them)."""
    own = Point.objects.filter(manageable(by))  # no condition at all where it is every window: not for an "or"
    return _listed(Q(pk__in=own.values("pk")) | Q(pk__in=ids))


def _listed(wanted: Q) -> QuerySet[Point]:
    rows = Point.objects.filter(wanted).select_related("organ", "area")
    return rows.order_by("organ__name", _as_counted("name"), "name", "pk")


def _as_counted(name: str) -> Func:
    """A text with every number in it written with six digits: window 9 comes before window 10."""
    longer = _replaced(F(name), r"(\d+)", r"00000\1")
    return _replaced(longer, r"\d*(\d{6})", r"\1")


def _replaced(text: F | Func, pattern: str, by: str) -> Func:
    return Func(text, Value(pattern), Value(by), Value("g"), function="regexp_replace", output_field=CharField())


def point_of_tablet(code: str) -> Point | None:
    """The window whose tablet shows the page of that code."""
    return Point.objects.filter(tablet_digest__in=codes.digests(code), is_active=True).first()


def point_of_poster(code: str) -> Point | None:
    """The window whose poster carries that code."""
    return Point.objects.filter(poster_digest__in=codes.digests(code)).first()


def code_of_tablet(point: Point) -> str:
    """For the signed link that an administrator puts on the tablet."""
    return codes.shown(point.pk, point.tablet_digest, codes.purpose(codes.TABLET, point.tablet_version))


def code_of_poster(point: Point) -> str:
    """For the QR code on the poster."""
    return codes.shown(point.pk, point.poster_digest, codes.purpose(codes.POSTER, point.poster_version))


def just_served(point: Point, typed: str, at: datetime) -> Service | None:
    """The service of that id, where the window gave it within the last quarter of an hour; whoever taps takes a while."""
    try:
        key = UUID(typed)
    except ValueError:
        return None
    return Service.objects.filter(pk=key, point=point, served_at__gt=at - rules.TABLET_TAKES, is_counted=True).first()


def waiting_at(point: Point, at: datetime) -> Service | None:
    """The service that the tablet asks about: the newest one of the last minutes, unless it was reviewed."""
    since = at - rules.TABLET_WAITS
    newest = Service.objects.filter(point=point, is_counted=True, served_at__gt=since, served_at__lte=at)
    newest = newest.annotate(is_reviewed=Exists(Review.objects.filter(service=OuterRef("pk")))).order_by("-pk")
    found: Service | None = newest.first()
    return None if found is None or found.is_reviewed else found  # type: ignore[attr-defined]
