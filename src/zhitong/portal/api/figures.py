"""Figures: what an indicator comes to, by whatever it is broken down, and where it comes from."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import BaseModel, Field

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.paging import stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Day, Page, Said
from zhitong.base.errors import Refused
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.indicators.public import (
    VIEW,
    Direction,
    Figure,
    Filters,
    Indicator,
    Part,
    Unit,
    definition,
    definitions,
    figures,
    matters_behind,
)  # fmt: skip
from zhitong.kernel.matters.public import KINDS, Channel, catalogue
from zhitong.kernel.organisation.public import Organ, category_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import in_language, named

from ..queries.periods import MOST_DAYS
from .matters import lines
from .schemas import MatterLine

Dimension = Literal[
    "area", "community", "grid", "organ", "category", "category1", "category2", "subkind", "channel", "kind", "day",
    "month",
]  # fmt: skip
MOST_CELLS, MOST_DAYS_EACH = 20_000, 400
FIGURES = Needs(("figures",), VIEW)
routes = Routes("figures", _("指标数据"))
# What stands in one unit of the indicator, of what the kernel counts in.
SCALE = {Unit.PERCENT: Decimal("0.01"), Unit.HOURS: Decimal(3600), Unit.DAYS: Decimal(86400)}


class IndicatorSeen(BaseModel):
    """What an indicator means from a day on."""

    slug: str
    name: str
    unit: Unit
    direction: Direction
    basis: Annotated[str, Said(_("口径：算什么、不算什么"))]
    formula: Annotated[dict[str, Any], Said(_("由哪些计量怎样算出"))]
    version: int
    valid_from: date
    owner: Annotated[str, Said(_("归口单位"))]
    is_key: Annotated[bool, Said(_("是否重点指标"))]


class Indicators(BaseModel):
    """All of them."""

    items: list[IndicatorSeen]


class OnDay(BaseModel):
    """As defined on a day."""

    on: Annotated[Day | None, Said(_("以哪一天的口径为准；不填为今天"))] = None


class Span(BaseModel):
    """From which day to which, and of what part of the district."""

    since: Annotated[Day, Said(_("自（含）"))]
    until: Annotated[Day, Said(_("至（含），与起日相隔不超过五年"))]
    division: Annotated[UUID | None, Said(_("区划，含下级"))] = None
    organ: Annotated[UUID | None, Said(_("单位，含下级"))] = None
    category: Annotated[UUID | None, Said(_("类别，含下级"))] = None
    channel: Annotated[Channel | None, Said(_("来源渠道"))] = None
    kind: Annotated[str, Field(max_length=40), Said(_("业务代号，如appeal"))] = ""


class FigureFilter(Span):
    """Which figures."""

    indicator: Annotated[list[str], Field(min_length=1, max_length=20), Said(_("指标代号，可重复"))]
    by: Annotated[
        list[Dimension], Field(default_factory=list, max_length=3), Said(_("按哪些维度分列，可重复，最多三个"))
    ]


class BehindFilter(Asked, Span):
    """Of which figure the matters are asked for."""

    indicator: Annotated[str, Field(max_length=60), Said(_("指标代号"))]
    part: Annotated[Part, Said(_("比率的哪一部分"))] = Part.ALL


class KeySeen(BaseModel):
    """A value of a dimension."""

    id: Annotated[str | None, Said(_("标识、代号或日期；空为未归入任何一项"))]
    name: str


class FigureSeen(BaseModel):
    """One indicator in one cell."""

    indicator: str
    keys: Annotated[dict[str, KeySeen], Said(_("各维度的值"))]
    value: Annotated[float | None, Said(_("以指标的单位计；没有可算的为空"))]
    text: Annotated[str, Said(_("书写形式，如99.53%"))]
    top: Annotated[float, Said(_("分子；不是比率的就是它本身"))]
    bottom: Annotated[float | None, Said(_("分母；不是比率的为空"))]
    explanation: Annotated[str, Said(_("由什么除以什么得出，用的是哪一版口径"))]


class Figures(BaseModel):
    """The figures asked for, and what they mean."""

    since: date
    until: date
    items: list[FigureSeen]
    indicators: Annotated[list[IndicatorSeen], Said(_("所用的口径"))]


def _meaning(row: Indicator) -> IndicatorSeen:
    return IndicatorSeen(
        slug=row.slug, name=named(row), unit=Unit(row.unit), direction=Direction(row.direction),
        basis=in_language(row.basis, row.basis_en), formula=row.formula, version=row.version, valid_from=row.valid_from,
        owner=row.owner, is_key=row.is_shown,
    )  # fmt: skip


@routes.serve("GET", "/indicators", needs=FIGURES, gives=Indicators, summary=_("列出指标及其口径"))
def list_indicators(request: HttpRequest, asked: Query[OnDay]) -> Indicators:
    """Every indicator as defined on a day."""
    return Indicators(items=[_meaning(row) for row in definitions(asked.on or timezone.localdate()).values()])


def _checked(asked: Span) -> Filters:
    if asked.since > asked.until or (asked.until - asked.since).days > MOST_DAYS:
        raise Refused("bad_span", _("起止日期须先后有序，相隔不超过五年。"), field="since")
    return Filters(
        division=asked.division,
        organ=asked.organ,
        category=asked.category,
        channel=asked.channel or "",
        kind=asked.kind,
    )


@routes.serve(
    "GET", "/figures", needs=FIGURES, gives=Figures, summary=_("读取指标"), refuses=(404,),
    says=_("按区划、单位、类别、渠道、日、月等分列；每个数都说明由什么算出，背后的事项见“指标背后的事项”。"),
)  # fmt: skip
@may_be_late
def list_figures(request: HttpRequest, asked: Query[FigureFilter]) -> Figures:
    """The figures, each with where it comes from."""
    filters = _checked(asked)
    if "day" in asked.by and (asked.until - asked.since).days > MOST_DAYS_EACH:
        raise Refused("bad_span", _("按日分列时，起止日期相隔不超过400天。"), field="since")
    chosen = {slug: definition(slug, asked.until) for slug in dict.fromkeys(asked.indicator)}
    by = list(dict.fromkeys(asked.by))
    found = figures(chosen, asked.since, asked.until, by=by, filters=filters, scope=actor_of(request))
    if len(found) > MOST_CELLS:
        raise Refused("too_many_cells", _("分列过细，请减少维度或缩短期间。"), field="by")
    names = [_names(name, {figure.keys[n] for figure in found}) for n, name in enumerate(by)]
    return Figures(
        since=asked.since, until=asked.until, items=[_figure(figure, by, names) for figure in found],
        indicators=[_meaning(row) for row in chosen.values()],
    )  # fmt: skip


def _figure(figure: Figure, by: Sequence[str], names: Sequence[Mapping[Any, str]]) -> FigureSeen:
    row, result = figure.indicator, figure.result
    keys = {
        name: KeySeen(id=_plain(key, name), name=names[n].get(key, str(_("未归类"))))
        for n, (name, key) in enumerate(zip(by, figure.keys, strict=True))
    }
    scale = SCALE.get(Unit(row.unit), Decimal(1))
    top = result.top / scale if row.unit in (Unit.HOURS, Unit.DAYS) else result.top
    return FigureSeen(
        indicator=row.slug, keys=keys, text=figure.text, explanation=figure.explanation, top=_rounded(top) or 0.0,
        value=_rounded(figure.value / scale if figure.value is not None else None), bottom=_rounded(result.bottom),
    )  # fmt: skip


def _rounded(value: Decimal | None) -> float | None:
    return round(float(value), 4) if value is not None else None


def _plain(key: Any, dimension: str) -> str | None:
    if dimension == "month" and key:
        return f"{key:%Y-%m}"
    return str(key) if key else None


def _names(dimension: str, keys: set[Any]) -> Mapping[Any, str]:
    known = {key for key in keys if key}
    return _READ[dimension](known)


def _divisions(keys: set[Any]) -> Mapping[Any, str]:
    nodes = territory.tree().nodes
    return {key: str(nodes[key]) for key in keys if key in nodes}


def _organs(keys: set[Any]) -> Mapping[Any, str]:
    return {organ.pk: str(organ) for organ in Organ.objects.filter(pk__in=keys)}


def _subkinds(keys: set[Any]) -> Mapping[Any, str]:
    known = catalogue().subkinds
    return {key: named(known[key]) for key in keys if key in known}


_READ: dict[str, Callable[[set[Any]], Mapping[Any, str]]] = {
    **dict.fromkeys(("area", "community", "grid"), _divisions),
    **dict.fromkeys(("category", "category1", "category2"), category_names),
    "organ": _organs,
    "subkind": _subkinds,
    "channel": lambda keys: {key: str(Channel(key).label) for key in keys if key in Channel.values},
    "kind": lambda keys: {key: str(KINDS[key].label) for key in keys if key in KINDS},
    "day": lambda keys: {key: key.isoformat() for key in keys},
    "month": lambda keys: {key: f"{key:%Y-%m}" for key in keys},
}


@routes.serve(
    "GET", "/figures/matters", needs=Needs(("read",), VIEW), gives=Page[MatterLine], summary=_("指标背后的事项"),
    refuses=(404,), says=_("只列出此令牌可以查看的。"),
)  # fmt: skip
def list_behind(request: HttpRequest, asked: Query[BehindFilter]) -> Page[MatterLine]:
    """The matters a figure counts, as far as the token may see them."""
    filters = _checked(asked)
    rows = matters_behind(
        asked.indicator, asked.since, asked.until, filters=filters, part=asked.part, scope=actor_of(request)
    )
    found, after = stretch(rows.select_related("lead", "category", "subkind").defer("text", "tracking", "path"), asked)
    return Page(items=lines(found), next=after)
