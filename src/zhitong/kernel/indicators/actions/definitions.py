"""What an indicator means: a new version instead of a change."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Direction, Unit
from ..models import Indicator
from ..permissions import DEFINE
from ..rules import MEASURES, formula

SHIPPED_FROM = date(2020, 1, 1)
Row = tuple[str, str, str, Any, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that is said of an indicator in one version."""

    slug: str
    name: str
    formula: Any
    unit: str
    name_en: str = ""
    direction: str = Direction.NEUTRAL
    basis: str = ""
    basis_en: str = ""
    owner: str = ""
    is_shown: bool = True
    sort: int = 100


_shipped: dict[str, Definition] = {}


def declare_indicator(definition: Definition) -> None:
    """Tell the kernel of an indicator that ships; ``load_indicators`` writes it as version 1."""
    if definition.slug in _shipped:
        raise ValueError(f"indicator {definition.slug} is declared twice")
    formula.check(definition.formula, MEASURES.__contains__)
    _shipped[definition.slug] = definition


def declare_indicators(line: str, table: Iterable[Row], *, shown: Collection[str] = (), after: int = 0) -> None:
    """A whole table: slug, name, English name, formula, unit, direction, basis, English basis.  Their slugs begin with ``line``, those in
    ``shown`` stand on top of the page of figures, and all of them behind the place ``after``."""
    for place, (slug, name, name_en, formula_, unit, direction, basis, basis_en) in enumerate(table, start=1):
        declare_indicator(
            Definition(
                f"{line}_{slug}", name, formula_, unit, name_en=name_en, direction=direction, basis=basis, basis_en=basis_en,
                is_shown=slug in shown, sort=after + place * 10,
            )
        )  # fmt: skip


@transaction.atomic
def load_indicators(*, by: Actor, at: datetime) -> int:
    """Write what ships and is not there yet; what the district defined itself stays.  How many were new."""
    by.demand_everywhere(DEFINE)
    known = set(Indicator.objects.values_list("slug", flat=True))
    new = [definition for slug, definition in _shipped.items() if slug not in known]
    for definition in new:
        define(definition, valid_from=SHIPPED_FROM, by=by, at=at)
    return len(new)


@transaction.atomic
def define(definition: Definition, *, valid_from: date, by: Actor, at: datetime) -> Indicator:
    """Say what an indicator means from a day on: its first version, or the next.  Earlier versions stay as they are."""
    by.demand_everywhere(DEFINE)
    _check(definition)
    last = Indicator.objects.select_for_update().filter(slug=definition.slug).order_by("-version").first()
    if last is not None and valid_from <= last.valid_from:
        raise Refused("too_early", _("新版本的起用日期应晚于现行版本的起用日期。"), field="valid_from")
    row = Indicator.objects.create(
        **asdict(definition), version=last.version + 1 if last else 1, valid_from=valid_from, created_by=by.label
    )
    data = {**asdict(definition), "version": row.version, "valid_from": valid_from.isoformat()}
    record("indicator.defined", _stream(definition.slug), stream_kind="indicator", at=at, by=by, data=data)
    return row


def _stream(slug: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"zhitong:indicator:{slug}")


def _check(definition: Definition) -> None:
    if not clean(definition.name):
        raise Refused("required", _("请填写指标名称。"), field="name")
    if definition.unit not in Unit.values:
        raise Refused("bad_unit", _("请选择单位。"), field="unit")
    if definition.direction not in Direction.values:
        raise Refused("bad_direction", _("请选择方向。"), field="direction")
    formula.check(definition.formula, MEASURES.__contains__)
