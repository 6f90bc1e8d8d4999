"""What the pages on templates show, and what somebody who checks a paper is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.papers.public import PAPERS, Paper, PaperKind, Standing, Template, chosen, versions


@dataclass(frozen=True, slots=True)
class Line:
    """One paper in the list: which version it is made from; None for the supplied one."""

    kind: PaperKind
    version: int | None


def kinds() -> list[tuple[str, list[Line]]]:
    """Every paper there is, by group."""
    lines = [Line(kind, _own_version(kind)) for kind in sorted(PAPERS.values(), key=lambda kind: str(kind.group))]
    return [(group, list(some)) for group, some in groupby(lines, key=lambda line: str(line.kind.group))]


def _own_version(kind: PaperKind) -> int | None:
    version = chosen(kind.slug)
    return version.number if version else None


def of_kind(kind: PaperKind) -> dict[str, Any]:
    """The versions of a paper and what it may say."""
    rows: Sequence[Template] = versions(kind.slug)
    own = [row for row in rows if row.origin == "district"]
    facts = [(name, _what(kind, name)) for name in kind.names]
    return {"own": own, "current": next((row for row in own if row.is_current), None), "facts": facts}


def _what(kind: PaperKind, name: str) -> str:
    fact = kind.names[name]
    if fact is None:
        return _("系统填写")
    if fact.columns:
        return _("多行，栏目：%(columns)s") % {"columns": "、".join(f"行.{column}" for _slug, column in fact.columns)}
    if isinstance(fact.sample, bool):
        return _("是或否，用于if")
    return str(fact.sample)


def told(paper: Paper) -> dict[str, Any]:
    """What anybody is told about a paper."""
    standing, kind = paper.standing(timezone.localdate()), PAPERS.get(paper.slug)
    facts = paper.opened() if kind and standing != Standing.ERASED else {}
    return {
        "label": kind.label if kind else paper.slug, "paper": paper, "standing": standing,
        "is_gone": standing == Standing.ERASED, "organ": paper.organ, "holder": paper.holder,
        "about": facts.get(kind.about, "") if kind else "", "printed": facts.get(kind.printed, "") if kind else "",
    }  # fmt: skip
