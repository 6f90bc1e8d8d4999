"""What papers there are: each declared by the line that issues it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhitong.base.moments import dated
from zhitong.base.text import clean, mask_name

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBER, CODE, ADDRESS, QR, DAY = "文书编号", "校验码", "校验网址", "二维码", "签发日期"
BUILT_IN = (NUMBER, DAY)
WITH_CODE = (CODE, ADDRESS, QR)
MOST_ROWS, LONGEST = 200, 4_000

Value = str | bool | list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a paper may say.  ``name`` is what stands between the braces in Word, ``{{ 申请人 }}``: Chinese, never translated.

    A table has ``columns`` (slug and name) and rows as its sample: ``{%tr for 行 in 材料 %} … {{ 行.名称 }} … {%tr endfor %}``.
    """

    slug: str
    name: str
    sample: str | bool | tuple[Mapping[str, str], ...] = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One sort of paper.  ``supplied`` builds the template that ships.

    ``holder``, ``organ`` and ``until`` name the facts that hold the applicant's name, the issuing organ and the last day of validity
    (a date), ``about`` what it is for, ``printed`` the number it carries: the public check shows them.  ``is_internal``: not for the applicant.
    """

    slug: str
    label: Any
    facts: tuple[Fact, ...]
    supplied: Callable[[], bytes]
    has_code: bool = False
    may_be_marked: bool = False
    holder: str = "applicant"
    organ: str = "organ"
    until: str = "valid_until"
    about: str = "item"
    printed: str = "result_number"
    is_internal: bool = False
    group: Any = ""

    @property
    def names(self) -> dict[str, Fact | None]:
        """What may stand between the braces, the ones every paper has included."""
        own: dict[str, Fact | None] = {fact.name: fact for fact in self.facts}
        return own | dict.fromkeys([*BUILT_IN, *(WITH_CODE if self.has_code else ())])

    @property
    def sample(self) -> dict[str, Any]:
        """Facts to preview a template with."""
        return {fact.slug: list(fact.sample) if fact.columns else fact.sample for fact in self.facts}  # type: ignore[arg-type]


PAPERS: dict[str, PaperKind] = {}


def declare_paper(kind: PaperKind) -> None:
    """Tell of it; the same slug twice, or two facts of one name, is a mistake in code."""
    if PAPERS.setdefault(kind.slug, kind) != kind:
        raise ValueError(f"paper {kind.slug} is declared twice")
    names = [fact.name for fact in kind.facts] + [*BUILT_IN, *WITH_CODE]
    if len(set(names)) != len(names) or not all(name.isidentifier() for name in names):
        raise ValueError(f"paper {kind.slug}: names of facts must differ and be single words")


def day(value: date | datetime) -> str:
    """As papers write it: 2026年9月7日, in Shanghai."""
    return dated(value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value, "zh")


def spelt(kind: PaperKind, given: Mapping[str, Any]) -> dict[str, Value]:
    """The facts as they are kept: texts, yes and no, rows of texts.  What is not given is empty; what is not declared is a mistake in code."""
    known = {fact.slug: fact for fact in kind.facts}
    if unknown := set(given) - set(known):
        raise ValueError(f"paper {kind.slug} does not know {sorted(unknown)}")
    return {slug: _spelt(fact, given.get(slug)) for slug, fact in known.items()}


def _spelt(fact: Fact, value: Any) -> Value:
    if fact.columns:
        rows: Sequence[Mapping[str, Any]] = value or ()
        return [{slug: _text(row.get(slug)) for slug, _name in fact.columns} for row in rows[:MOST_ROWS]]
    return value if isinstance(value, bool) else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else clean(str(value))[:LONGEST]


def named(kind: PaperKind, facts: Mapping[str, Value]) -> dict[str, Any]:
    """The facts under the names the template uses."""
    found: dict[str, Any] = {}
    for fact in kind.facts:
        value = facts.get(fact.slug, [] if fact.columns else "")
        if fact.columns and isinstance(value, list):
            found[fact.name] = [{name: row.get(slug, "") for slug, name in fact.columns} for row in value]
        else:
            found[fact.name] = value
    return found


def mask_holder(name: str) -> str:
    """A person's name masked as everywhere; of a longer one, a firm's, the beginning and the end."""
    return mask_name(name) if len(name) <= 4 else f"{name[:2]}{'*' * (len(name) - 4)}{name[-2:]}"
