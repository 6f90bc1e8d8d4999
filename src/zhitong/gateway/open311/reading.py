"""Requests: appeals as the standard shows them, always with personal details masked, whoever asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import check_number
from zhitong.kernel.matters.public import KINDS, Attachment, Matter
from zhitong.kernel.organisation.public import categories_within, headings
from zhitong.lines.appeals.queries import Shown, public_appeals, public_files, shown

from . import rules
from .callers import KIND, Reader
from .services import UNSORTED

MOST, A_PAGE, DEEPEST = 1000, 100, 100_000
MOST_TEXT = 4000
WITH = ("reporter", "appeal", "category", "area", "lead")
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: by their numbers, or by span, services, statuses; and which stretch of them."""

    numbers: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    first: int = 0
    most: int = MOST


def wanted(query: QueryDict, now: datetime) -> Wanted:
    """What was asked for.  Refused says which argument to mend; an empty one is one that is not there."""
    if numbers := rules.listed(query.get("service_request_id", "")):
        if len(numbers) > MOST:
            raise Refused("too_many_ids", _("一次最多查询%(n)d个service_request_id。") % {"n": MOST})
        return Wanted(numbers=tuple(numbers))
    span = rules.span(_moment(query, "start_date"), _moment(query, "end_date"), now)
    if span is None:
        raise Refused("span", _("start_date与end_date相距不能超过90天，请分段查询。"))
    statuses = rules.listed(query.get("status", ""))
    if not set(statuses) <= {rules.OPEN, rules.CLOSED}:
        raise Refused("status", _("status只能是open或closed，可用逗号分隔。"))
    first, most = _stretch(query)
    return Wanted((), *span, tuple(rules.listed(query.get("service_code", ""))), tuple(statuses), first, most)


def _moment(query: QueryDict, name: str) -> datetime | None:
    text = query.get(name, "").strip()
    found = rules.moment(text) if text else None
    if text and found is None:
        raise Refused("moment", _("%(name)s须为W3C格式的时间，如2026-03-02T09:00:00+08:00。") % {"name": name})
    return found


def _stretch(query: QueryDict) -> tuple[int, int]:
    """Without ``page`` and ``page_size`` the first thousand, as the standard says."""
    page, size = _whole(query, "page"), _whole(query, "page_size")
    most = min(size or (A_PAGE if page else MOST), MOST)
    first = ((page or 1) - 1) * most
    if first > DEEPEST:
        raise Refused("too_deep", _("翻页过深，请用start_date和end_date缩小范围。"))
    return first, most


def _whole(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text) > 0):
        raise Refused("page", _("%(name)s须为正整数。") % {"name": name})
    return int(text) if text else None


def find(by: Reader, asked: Wanted) -> list[Matter]:
    """The rows, the newest first."""
    rows = by.rows().select_related(*WITH)
    if asked.numbers:
        return list(rows.filter(number__in=[n for n in asked.numbers if check_number(n)]).order_by("-id"))
    if asked.start and asked.end:
        rows = rows.filter(pk__gte=rules.first_id(asked.start), opened_at__gte=asked.start, opened_at__lte=asked.end)
    rows = _of_services(rows, asked.services)
    if len(set(asked.statuses)) == 1:
        ends = [stage.slug for stage in KINDS[KIND].stages if stage.is_end]
        rows = rows.filter(stage__in=ends) if rules.CLOSED in asked.statuses else rows.exclude(stage__in=ends)
    return list(rows.order_by("-id")[asked.first : asked.first + asked.most])


def _of_services(rows: QuerySet[Matter], codes: Sequence[str]) -> QuerySet[Matter]:
    """Of any of these, with what hangs below them; a code that nobody knows has none."""
    if not codes:
        return rows
    fits = Q(category=None) if UNSORTED in codes else Q(pk__in=[])
    for heading in headings(with_inactive=True):
        if heading.code in codes:
            fits |= Q(category__in=categories_within(heading.id))
    return rows.filter(fits)


def one(by: Reader, number: str) -> Matter:
    """The one of that number, or NotFound."""
    found = find(by, Wanted(numbers=(number,)))
    if not found:
        raise NotFound("no_request", _("没有service_request_id“%(id)s”，或不公开。") % {"id": number[:40]})
    return found[0]


def number_of(by: Reader, token: UUID) -> str:
    """The number of what is known elsewhere by its id, or NotFound."""
    number = by.rows().filter(pk=token).values_list("number", flat=True).first()
    if number is None:
        raise NotFound("no_token", _("没有这个token，或不公开。"))
    return number


def seen(by: Reader, rows: Sequence[Matter], address: Address) -> list[dict[str, Any]]:
    """Each as the standard shows it; a handful of queries for any number.  ``address`` makes a path whole."""
    ids = [row.pk for row in rows]
    own = set(by.own().filter(pk__in=ids).values_list("pk", flat=True)) if by.actor else set()
    public = set(public_appeals().filter(pk__in=ids).values_list("pk", flat=True)) if by.actor else set(ids)
    files = public_files(public)
    return [
        _seen(row, said, row.pk in own, _photo(row, files.get(row.pk, []), address))
        for row, said in zip(rows, shown(rows), strict=True)
    ]


def _seen(row: Matter, said: Shown, is_own: bool, photo: str | None) -> dict[str, Any]:
    exact = (row.lon, row.lat) if is_own else said.point or (None, None)
    return {
        "service_request_id": row.number, "status": rules.CLOSED if said.is_closed else rules.OPEN,
        "status_notes": "：".join(filter(None, (str(said.stage_label), said.reply))),
        "service_name": str(row.category) if row.category else said.category,
        "service_code": row.category.code if row.category else UNSORTED,
        "description": said.text[:MOST_TEXT], "agency_responsible": str(row.lead) if row.lead else None,
        "service_notice": None, "requested_datetime": _when(row.opened_at),
        "updated_datetime": _when(row.closed_at or row.stage_at),
        "expected_datetime": _when(row.due_at) if row.due_at and not said.is_closed else None,
        "address": "，".join(filter(None, (said.address, said.place))) or None,
        "address_id": row.area.code if row.area else None, "zipcode": None, "lat": exact[1], "long": exact[0],
        "media_url": photo,
    }  # fmt: skip


def _photo(row: Matter, files: Sequence[Attachment], address: Address) -> str | None:
    """The first photo that everybody may see."""
    return address(reverse("appeals:file", args=[row.number, files[0].pk])) if files else None


def _when(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
