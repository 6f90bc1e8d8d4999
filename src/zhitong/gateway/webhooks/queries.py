"""Endpoints and what was sent to them, for the administrator's page."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.events.public import Channel, Notice, NoticeState, deliveries
from zhitong.kernel.matters.public import Matter

from ..models import Endpoint
from .actions import known_kinds

A_PAGE = 50
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries: by state, code of the answer, kind of event; anything may be empty."""

    state: str = ""
    answer: str = ""
    kind: str = ""

    def narrow(self, rows: QuerySet[Notice]) -> QuerySet[Notice]:
        """Those of ``rows`` that fit."""
        if self.state in NoticeState.values:
            rows = rows.filter(state=self.state)
        if self.answer.isascii() and self.answer.isdecimal() and len(self.answer) == DIGITS:
            rows = rows.filter(answer=int(self.answer))
        elif self.answer == "none":
            rows = rows.filter(answer=None, attempts__gt=0)
        return rows.filter(context__type=self.kind) if self.kind in known_kinds() else rows


@dataclass(frozen=True, slots=True)
class Delivery:
    """One of them with what it is about."""

    notice: Notice
    kind: str
    number: str


def endpoints() -> QuerySet[Endpoint]:
    """Those that are told, the newest first."""
    return Endpoint.objects.filter(removed_at=None).select_related("post__organ").order_by("-id")


def endpoint(endpoint_id: UUID) -> Endpoint:
    """One of them, or NotFound."""
    found = endpoints().filter(pk=endpoint_id).first()
    if found is None:
        raise NotFound("no_endpoint", _("没有这个推送端点。"))
    return found


def counts() -> dict[UUID, dict[str, int]]:
    """How many deliveries stand how, by endpoint."""
    rows = Notice.objects.filter(channel=Channel.WEBHOOK, to_endpoint__in=endpoints().values("pk"))
    found: dict[UUID, dict[str, int]] = {}
    for pk, state, number in rows.values_list("to_endpoint", "state").annotate(Count("id")):
        found.setdefault(pk, {})[state] = number
    return found


def a_page(one: Endpoint, wanted: Wanted, before: UUID | None) -> tuple[list[Delivery], UUID | None]:
    """A page of deliveries, newest first, and where the older ones begin."""
    rows = wanted.narrow(deliveries(one.pk)).filter(Q(pk__lt=before) if before else Q())
    found = list(rows[: A_PAGE + 1])
    has_more, found = len(found) > A_PAGE, found[:A_PAGE]
    numbers = dict(Matter.objects.filter(pk__in={row.subject for row in found}).values_list("pk", "number"))
    kinds = known_kinds()
    said = [
        Delivery(row, kinds.get(row.context.get("type", ""), row.context.get("type", "")), numbers.get(row.subject, ""))
        for row in found
    ]
    return said, found[-1].pk if has_more else None


def matching(one: Endpoint, wanted: Wanted, most: int) -> list[UUID]:
    """Ids of the deliveries that fit and are not waiting already, the newest first."""
    rows = wanted.narrow(deliveries(one.pk)).exclude(state=NoticeState.PENDING)
    return list(rows.values_list("pk", flat=True)[:most])
