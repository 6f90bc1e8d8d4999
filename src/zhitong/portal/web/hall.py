"""Figures of the hall for its manager and for leaders: cases against both limits, what the catalogue promises, item by item."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhitong.base.books import new_book
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.indicators.public import VIEW
from zhitong.lines.hall.public import Sought, Visits, seen_in_halls
from zhitong.ui.public import named

from ..queries import figures as reading
from ..queries import hall, periods
from .figures import Asked, OrganFigureFilter, cells_of, problems_of, tables_of
from .workbooks import add_rows, add_tiles, sent

MOST_TYPED, MOST_EXPORTED = 60, 10_000


def _form(request: HttpRequest) -> OrganFigureFilter:
    return OrganFigureFilter(request.GET or {"period": periods.YEAR})


def _sought(params: Mapping[str, str], asked: Asked) -> Sought:
    """What items are looked for; what makes no sense is left out."""
    visits = params.get("visits", "")
    return Sought(
        clean(params.get("q", ""))[:MOST_TYPED], asked.organ, visits if visits in Visits.values else "", params.get("instant") == "1"
    )  # fmt: skip


def _answers(asked: Asked, by: Actor, drawn: str = "") -> tuple[reading.Answers, Any]:
    every = hall.indicators(asked.period.end)
    chosen = every.get(drawn) or next((every[slug] for slug in hall.TILES if slug in every), None)
    return reading.answers(every, asked.period, asked.filters, by, chosen, key=hall.compared(every)), chosen


@requires(VIEW)
@require_safe
@may_be_late
def hall_figures(request: HttpRequest) -> HttpResponse:
    """The page."""
    form, by = _form(request), seen_in_halls(actor_of(request))
    asked = form.asked()
    answers, drawn = _answers(asked, by, request.GET.get("indicator", ""))
    tiles = {tile.figure.indicator.slug: tile for tile in answers.tiles}
    context = {
        "form": form, "problems": problems_of(form), "params": request.GET, "asked": asked,
        "tiles": [tiles[slug] for slug in hall.TILES if slug in tiles],
        "others": [tile for slug, tile in tiles.items() if slug not in hall.TILES],
        "drawn": drawn, "line": answers.line, "tables": tables_of(answers),
        "catalogue": hall.catalogue(asked.period, asked.organ, by),
        "items": hall.items(Sought(organ=asked.organ), asked.period, asked.filters, by, size=hall.TOP),
        "query": _query(form), "offer_head": _offer_head(),
    }  # fmt: skip
    return render(request, "portal/hall/figures.html", context)


def _query(form: OrganFigureFilter) -> dict[str, str]:
    """What the page was asked for, to go on with on another one."""
    return {name: str(form.data[name]) for name in form.fields if form.data.get(name)}


@requires(VIEW)
@require_safe
@may_be_late
def hall_items(request: HttpRequest) -> HttpResponse:
    """Every item with its cases, by words and by what the catalogue promises."""
    form, by, params = _form(request), seen_in_halls(actor_of(request)), request.GET
    asked = form.asked()
    sought, number = _sought(params, asked), params.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    context = {
        "form": form, "problems": problems_of(form), "params": params, "asked": asked, "sought": sought, "visits": Visits.choices,
        "items": hall.items(sought, asked.period, asked.filters, by, number=page), "query": _query(form),
    }  # fmt: skip
    return render(request, "portal/hall/items.html", context)


@requires(VIEW)
@require_safe
@may_be_late
def hall_export(request: HttpRequest) -> HttpResponseBase:
    """Everything on both pages as an Excel workbook."""
    asked, by = _form(request).asked(), seen_in_halls(actor_of(request))
    (answers, _drawn), book = _answers(asked, by), new_book()
    add_tiles(book, asked.period, answers.tiles)
    for table in tables_of(answers):
        add_rows(book, table["title"], [table["head"], *map(named, table["columns"])], cells_of(table))
    found = hall.catalogue(asked.period, asked.organ, by)
    told = ([one.name, one.text, one.explanation, one.basis] for one in (*found.visits, *found.others))
    add_rows(book, _("事项目录"), [_("指标"), _("数值"), _("算式与版本"), _("口径")], told)
    add_rows(book, _("各单位事项"), _offer_head(), _offer_rows(found))
    items = hall.items(_sought(request.GET, asked), asked.period, asked.filters, by, size=MOST_EXPORTED)
    head = [
        _("服务事项"),
        _("实施编码"),
        _("单位"),
        _("跑动次数"),
        _("法定时限（工作日）"),
        _("承诺时限（工作日）"),
        *map(named, items.columns),
    ]
    add_rows(book, _("各服务事项"), head, _item_cells(items))
    return sent(book, _("大厅指标%(start)s至%(end)s.xlsx"), asked.period)


def _offer_head() -> list[Any]:
    limits = (_("即办事项占比"), _("法定时限平均（工作日）"), _("承诺时限平均（工作日）"), _("承诺时限平均压缩"))
    return [_("单位"), _("事项数"), *(visits.label for visits in Visits), *limits]


def _offer_rows(found: hall.Catalogue) -> Iterator[list[Any]]:
    for row in found.organs:
        offer = row.offer
        yield [row.name, offer.items, offer.none, offer.one, offer.agent, row.instant, row.statutory, row.promised, row.cut]  # fmt: skip


def _item_cells(items: hall.Items) -> Iterator[list[Any]]:
    for row in items.rows:
        now = row.version
        promised = [now.get_visits_display(), now.statutory_days, now.promised_days] if now else ["—"] * 3
        yield [row.item.name, row.item.code, row.organ, *promised, *(one.text for one in row.figures)]


urlpatterns = [
    path("desk/figures/hall/", hall_figures, name="hall_figures"),
    path("desk/figures/hall/items/", hall_items, name="hall_items"),
    path("desk/figures/hall/export", hall_export, name="hall_export"),
]
