"""From what was typed to values, and from a firm's registered facts to what is typed already."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.money import amount, in_ten_thousands
from zhitong.base.text import clean
from zhitong.kernel.register.public import NewFirm

from .parts import KINDS, Ask, Case, ChangeKind, Finding, Values, World

LONGEST = {"long": 4000, "name": 60}
MOST_ROWS = 20
_WRONG = {
    "money": _("请填写金额，以万元为单位，最多到分，如 100 或 50.5。"),
    "day": _("日期不正确，请重新选择。"),
    "choice": _("请从选项中选择。"),
    "citizen": _("身份证号不正确，请核对18位号码。"),
    "credit": _("统一社会信用代码不正确，请核对18位代码。"),
    "phone": _("电话号码不正确，请填写11位手机号，或带区号的固定电话。"),
    "division": _("住所须在本区，请选择街道。"),
}
NEEDED, TOO_LONG, NO_ROWS = _("请填写此项。"), _("内容过长，请缩短。"), _("请至少填写一行。")

COMMON = (
    Ask("apply_on", _("申请日期"), "day"),
    Ask("agent_name", _("经办人姓名"), "name", help=_("受公司委托办理登记的人。")),
    Ask("agent_id", _("经办人身份证号"), "citizen"),
    Ask("agent_phone", _("经办人手机号"), "phone"),
)
RESOLUTION = Ask("resolution_on", _("股东会决议（股东决定）日期"), "day")


def chosen(slugs: Iterable[str]) -> tuple[ChangeKind, ...]:
    """The kinds of these names in the order in which they are declared; unknown ones are left out."""
    wanted = set(slugs)
    return tuple(kind for slug, kind in KINDS.items() if slug in wanted)


def asks_of(kinds: Iterable[ChangeKind]) -> tuple[Ask, ...]:
    """Every question, each once: those of the kinds, then what every application is asked."""
    kinds = tuple(kinds)
    own = [ask for kind in kinds for ask in kind.asks]
    common = [*((RESOLUTION,) if any(kind.resolved for kind in kinds) else ()), *COMMON]
    return tuple({ask.slug: ask for ask in [*own, *common]}.values())


def typed(value: Any) -> str:
    """A value as it stands in the form."""
    if isinstance(value, Decimal):
        return in_ten_thousands(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def starting(kinds: Iterable[ChangeKind], firm: NewFirm, today: date) -> dict[str, Any]:
    """What is typed already when a draft is begun."""
    found: dict[str, Any] = {"apply_on": today.isoformat(), "resolution_on": today.isoformat()}
    for ask in asks_of(kinds):
        value = ask.starts(firm) if ask.starts else None
        if ask.columns and value:
            found[ask.slug] = [{slug: typed(cell) for slug, cell in row.items()} for row in value]
        elif value is not None:
            found[ask.slug] = typed(value)
    return found


def is_asked(ask: Ask, answers: Mapping[str, Any]) -> bool:
    """Whether the question is asked after what was chosen elsewhere."""
    return ask.only is None or answers.get(ask.only[0]) == ask.only[1]


def read(kinds: Iterable[ChangeKind], answers: Mapping[str, Any], world: World) -> tuple[dict[str, Any], list[Finding]]:
    """The answers as values by question, and what is missing or wrong in itself."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for ask in asks_of(kinds):
        if not is_asked(ask, answers):
            continue
        given = answers.get(ask.slug)
        if ask.columns:
            values[ask.slug] = _rows(ask, given, world, findings)
        else:
            values[ask.slug] = _one(ask, given, ask.slug, world, findings)
    return values, findings


def _rows(ask: Ask, given: Any, world: World, findings: list[Finding]) -> list[dict[str, Any]]:
    """Rows in which something was typed; ``at`` is the place of each in the form."""
    rows = []
    for number, row in enumerate((given if isinstance(given, list) else [])[:MOST_ROWS]):
        if isinstance(row, Mapping) and any(str(row.get(column.slug, "")).strip() for column in _telling(ask)):
            place = f"{ask.slug}-{number}"
            cells = {c.slug: _one(c, row.get(c.slug), f"{place}-{c.slug}", world, findings) for c in ask.columns}
            rows.append(cells | {"at": place})
    if ask.is_needed and not rows:
        findings.append(Finding(ask.slug, NO_ROWS))
    return rows


def _telling(ask: Ask) -> list[Ask]:
    """The columns in which something is typed: a list always has something chosen."""
    return [column for column in ask.columns if column.reads != "choice"]


def _one(ask: Ask, given: Any, place: str, world: World, findings: list[Finding]) -> Any:
    text = clean(str(given if given is not None else ""))
    if not text:
        if ask.is_needed:
            findings.append(Finding(place, NEEDED))
        return None
    if len(text) > LONGEST.get(ask.reads, 200):
        findings.append(Finding(place, TOO_LONG))
        return None
    value = _value(ask, text, world)
    if value is None:
        findings.append(Finding(place, _WRONG[ask.reads]))
    return value


def _value(ask: Ask, text: str, world: World) -> Any:
    match ask.reads:
        case "money":
            return amount(text, "万元")
        case "day":
            return _day(text)
        case "choice":
            return text if text in dict(ask.choices) else None
        case "citizen":
            return citizen.citizen_id(text)
        case "credit":
            return citizen.credit_code(text)
        case "phone":
            return citizen.phone(text)
        case "division":
            return text if world.is_in_district(text) else None
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def case_of(kinds: tuple[ChangeKind, ...], firm: NewFirm, values: Values) -> Case:
    """The application: every kind applied to the firm, one after the other."""
    after = firm
    for kind in kinds:
        after = kind.apply(after, values)
    return Case(firm, after, kinds, values)
