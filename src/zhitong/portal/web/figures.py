"""Figures for whoever answers for the whole: tiles, comparison by street and organ, the matters behind, Excel."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhitong.base.books import new_book
from zhitong.base.errors import NotFound
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.indicators.public import VIEW, Filters, Indicator, Part, definition, figures, matters_behind
from zhitong.kernel.organisation.public import category_tree, organ_names, organs
from zhitong.kernel.territory import public as territory
from zhitong.lines.hall.public import item_names, seen_in_halls
from zhitong.ui.public import MOST_COUNTED, DateInput, SearchSelect, in_language, named

from ..queries import figures as reading
from ..queries import listing, paging, periods
from ..queries.hall import HALL
from ..queries.periods import Period
from .workbooks import add_rows, add_tiles, sent

SIZE = 30
PERIODS = (
    (periods.MONTH, gettext_lazy("本月")), (periods.LAST_MONTH, gettext_lazy("上月")), (periods.QUARTER, gettext_lazy("本季度")),
    (periods.YEAR, gettext_lazy("本年")), (periods.THIRTY, gettext_lazy("近30天")), (periods.OWN, gettext_lazy("自定义")),
)  # fmt: skip
ANY = ("", gettext_lazy("全部"))


class FigureFilter(forms.Form):
    """Period, street, category.  What makes no sense is left out and said so."""

    period = forms.ChoiceField(label=gettext_lazy("期间"), required=False, choices=PERIODS)
    since = forms.DateField(label=gettext_lazy("自"), required=False, widget=DateInput())
    until = forms.DateField(label=gettext_lazy("至"), required=False, widget=DateInput())
    area = forms.ChoiceField(label=gettext_lazy("街道"), required=False, widget=SearchSelect)
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = [(str(node.item.id), named(node.item)) for node in category_tree()]
        for name, choices in {"area": reading.areas(uuid_of(self.data.get("area"))), "category": tops}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *choices]
        for field in self.fields.values():
            field.error_messages.update(
                invalid_choice=gettext_lazy("没有这个选项，已忽略。"), invalid=gettext_lazy("日期无法识别，已忽略。")
            )

    def clean(self) -> dict[str, Any]:
        """An own period needs both days in their order, and not more than five years."""
        data = super().clean() or {}
        if data.get("period") == periods.OWN and "since" in data and "until" in data:
            since, until = data["since"], data["until"]
            if not since or not until or since > until or (until - since).days > periods.MOST_DAYS:
                self.add_error("since", _("请填写起止日期，先后有序，不超过五年；暂按本月显示。"))
        return data

    def asked(self) -> "Asked":
        """What is asked for, with what makes no sense left out."""
        self.is_valid()
        data, today = self.cleaned_data, timezone.localdate()
        is_own = data.get("period") == periods.OWN and data.get("since") and data.get("until")
        period = Period(data["since"], data["until"]) if is_own else periods.named(data.get("period", ""), today)
        return Asked(period, *(uuid_of(data.get(name)) for name in ("area", "category", "organ")))


class OrganFigureFilter(FigureFilter):
    """Period, street, organ."""

    organ = forms.ChoiceField(label=gettext_lazy("单位"), required=False, widget=SearchSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["category"]
        field = self.fields["organ"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *((str(one.id), in_language(one.name, one.name_en)) for one in organs())]


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, and what figures are narrowed to."""

    period: Period
    area: UUID | None = None
    category: UUID | None = None
    organ: UUID | None = None
    item: UUID | None = None

    @property
    def filters(self) -> Filters:
        """As the kernel takes them."""
        return Filters(division=self.area, organ=self.organ, category=self.category, item=self.item)

    def behind(self, indicator: Indicator, *, part: str = Part.ALL, **more: Any) -> str:
        """The address of the matters behind a figure."""
        said = {
            "indicator": indicator.slug, "since": self.period.start, "until": self.period.end, "area": self.area,
            "category": self.category, "organ": self.organ, "item": self.item, "part": None if part == Part.ALL else part, **more,
        }  # fmt: skip
        return f"{reverse('portal:figures_behind')}?{urlencode({k: v for k, v in said.items() if v})}"


def problems_of(form: forms.Form) -> list[tuple[Any, Any]]:
    """What was left out, by the label of its field."""
    return [(form.fields[name].label, errors[0]) for name, errors in form.errors.items() if name in form.fields]


@requires(VIEW)
@require_safe
@may_be_late
def figures_page(request: HttpRequest) -> HttpResponse:
    """The page."""
    form, by = FigureFilter(request.GET or {"period": periods.MONTH}), actor_of(request)
    asked = form.asked()
    every, key = reading.chosen(asked.period.end)
    drawn = every.get(request.GET.get("indicator", "")) or next(iter(key.values()), None)
    answers = reading.answers(every, asked.period, asked.filters, by, drawn)
    context = {
        "form": form,
        "problems": problems_of(form),
        "params": request.GET,
        "asked": asked,
        "tiles": [tile for tile in answers.tiles if tile.figure.indicator.is_shown],
        "others": [tile for tile in answers.tiles if not tile.figure.indicator.is_shown],
        "every": every.values(),
        "drawn": drawn,
        "line": answers.line,
        "tables": tables_of(answers) if key else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "portal/figures.html", context)


def tables_of(answers: reading.Answers) -> list[dict[str, Any]]:
    """Divisions and organs side by side, without columns in which nothing stands; from a street or community one goes further down."""
    below = {
        "area": (_("各街道对照"), _("街道")), "community": (_("各社区对照"), _("社区")), "grid": (_("各网格对照"), _("网格")),
    }  # fmt: skip
    title, head = below[answers.below]
    found = (
        (title, "area", head, answers.areas, answers.below != "grid"),
        (_("各单位对照"), "organ", _("单位"), answers.organs, False),
    )
    tables = []
    for title, name, head, rows, is_way_down in found:
        columns, cut = reading.without_empty(rows)
        tables.append(
            {"title": title, "name": name, "head": head, "columns": columns, "rows": cut, "is_way_down": is_way_down}
        )
    return tables


@requires(VIEW)
@require_safe
@may_be_late
def behind(request: HttpRequest) -> HttpResponse:
    """The matters behind one figure, as far as one may see them."""
    by, params = actor_of(request), request.GET
    form = FigureFilter({**params.dict(), "period": periods.OWN})
    asked = form.asked()
    asked = replace(asked, organ=uuid_of(params.get("organ")), item=uuid_of(params.get("item")))
    try:
        indicator = definition(params.get("indicator", "")[:60], asked.period.end)
    except NotFound as error:
        return render(request, "portal/figures_behind.html", {"missing": str(error)}, status=404)
    part = params.get("part", Part.ALL) if params.get("part") in Part.values else Part.ALL
    (figure,) = figures(
        {indicator.slug: indicator}, asked.period.start, asked.period.end, filters=asked.filters,
        scope=seen_in_halls(by) if indicator.slug.startswith(HALL) else by,
    )  # fmt: skip
    rows = matters_behind(
        indicator.slug, asked.period.start, asked.period.end, filters=asked.filters, part=part, scope=by
    )  # fmt: skip
    after, before = (paging.read_key(params.get(name, "")) for name in ("after", "before"))
    shown = rows.select_related("lead").defer("text", "tracking", "path")
    page = paging.page(shown, paging.NEWEST, SIZE, after=after, before=before)
    context = {
        "missing": "", "figure": figure, "asked": asked, "part": part, "parts": _parts(indicator, asked, part),
        "places": _places(asked), "count": listing.count(rows), "page": page, "lines": listing.lines(page.rows),
        "params": params, "most_counted": MOST_COUNTED, "back": _back(asked, indicator),
    }  # fmt: skip
    return render(request, "portal/figures_behind.html", context)


def _parts(indicator: Indicator, asked: Asked, part: str) -> list[tuple[str, str, bool]]:
    """For shares: all, those that count, those that are missing."""
    if indicator.unit != "percent":
        return []
    return [(str(Part(p).label), asked.behind(indicator, part=p), p == part) for p in Part.values]


def _places(asked: Asked) -> list[str]:
    organ = organ_names([asked.organ], in_full=True)
    item = item_names([asked.item]) if asked.item else {}
    return [text for text in (territory.label(asked.area), *organ.values(), *item.values()) if text]


def _back(asked: Asked, indicator: Indicator) -> str:
    """The page on which the figure stands."""
    is_hall = indicator.slug.startswith(HALL)
    said = {
        "period": periods.OWN, "since": asked.period.start, "until": asked.period.end, "category": asked.category,
        **({"area": asked.area, "organ": asked.organ} if is_hall else {}),
    }  # fmt: skip
    page = reverse("portal:hall_figures" if is_hall else "portal:figures")
    return f"{page}?{urlencode({k: v for k, v in said.items() if v})}"


@requires(VIEW)
@require_safe
@may_be_late
def export(request: HttpRequest) -> HttpResponseBase:
    """The tables of the page as an Excel workbook; figures only, no personal data."""
    asked, by = FigureFilter(request.GET or {"period": periods.MONTH}).asked(), actor_of(request)
    every, key = reading.chosen(asked.period.end)
    answers, book = reading.answers(every, asked.period, asked.filters, by), new_book()
    add_tiles(book, asked.period, answers.tiles)
    for table in tables_of(answers) if key else []:
        add_rows(book, table["title"], [table["head"], *map(named, table["columns"])], cells_of(table))
    return sent(book, _("指标%(start)s至%(end)s.xlsx"), asked.period)


def cells_of(table: dict[str, Any]) -> Iterator[list[str]]:
    """The rows of such a table, as they are written."""
    return ([row.name, *(figure.text for figure in row.figures)] for row in table["rows"])


urlpatterns = [
    path("desk/figures/", figures_page, name="figures"),
    path("desk/figures/behind", behind, name="figures_behind"),
    path("desk/figures/export", export, name="figures_export"),
]
