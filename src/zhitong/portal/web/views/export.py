"""The list as an Excel workbook."""

from collections.abc import Iterator
from itertools import chain
from typing import IO, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhitong.base.books import EXCEL, on_disk, text_book
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch.public import company_in
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.matters.public import Matter

from ... import actions
from ...queries import listing
from ...queries.listing import Line
from ..forms import MatterFilter
from .matters import filters_of
from .place import sort_of

MOST_ROWS = 10_000
BATCH = 500
WIDTHS = (18, 40, 20, 60, 12, 12, 28, 24, 28, 20, 10, 10, 18, 18, 18, 10, 8, 10, 10)


@requires("matters.export")
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list with personal data masked; what was taken is written into the log."""
    by, now = actor_of(request), timezone.now()
    params = filters_of(QueryDict(request.POST.get("query", "")[:2000]))
    rows = listing.filtered(by, MatterFilter(params).wanted(), "matters.export")
    total = rows.order_by()[: MOST_ROWS + 1].count()
    if total == 0 or total > MOST_ROWS:
        said = (
            _("没有可导出的事项，请调整筛选条件。")
            if total == 0
            else _("一次最多导出1万件，请用筛选条件缩小范围后再导出。")
        )
        messages.error(request, said)
        return redirect(f"{reverse('portal:matters')}?{params.urlencode()}")
    order = ("due_at", "pk") if sort_of(params) == "due" else ("-pk",)
    book = _book(rows.select_related("lead", "belonging").defer("tracking", "path").order_by(*order)[:MOST_ROWS])
    actions.log_export(filters={k: str(v) for k, v in params.items()}, rows=total, by=by, at=now)
    name = _("事项%(at)s.xlsx") % {"at": timezone.localtime(now).strftime("%Y%m%d-%H%M")}
    return FileResponse(book, as_attachment=True, filename=name, content_type=EXCEL)


def _lines(rows: "QuerySet[Matter]") -> Iterator[Line]:
    found: list[Matter] = list(rows)
    for start in range(0, len(found), BATCH):
        yield from listing.lines(found[start : start + BATCH])


def _heads() -> list[str]:
    return [
        _("编号"), _("标题"), _("申请人"), _("内容"), _("环节"), _("子类"), _("类别"), _("区域"), _("地址"), _("主办单位"), _("渠道"),
        _("紧急程度"), _("提出时间"), _("到期时间"), _("办结时间"), _("时限"), _("公开"),
        _("此前反映次数"), _("共同反映人数"),
    ]  # fmt: skip


def _cells(line: Line) -> list[str]:
    m, company = line.matter, company_in(line.matter)
    return [
        m.number, line.title, line.applicant, mask_inline(m.text), line.stage, line.subkind, line.category, line.area,
        mask_inline(m.address), line.organ, m.get_channel_display(), m.get_urgency_display(), _moment(m.opened_at),
        _moment(m.due_at), _moment(m.closed_at), m.get_grade_display() if m.closed_at is None else "",
        _("是") if m.is_public else _("否"), str(company.before or ""), str(company.people or ""),
    ]  # fmt: skip


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@may_be_late
def _book(rows: "QuerySet[Matter]") -> IO[bytes]:
    return on_disk(text_book(_("事项"), chain([_heads()], map(_cells, _lines(rows))), widths=WIDTHS))
