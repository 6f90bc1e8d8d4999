"""How it stands with the materials of an application, and how long each part of it may take: decisions on plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from zhitong.base.moments import dated

from ..choices import MaterialState

HANDED, HELD, DEFERRED = MaterialState.HANDED, MaterialState.HELD, MaterialState.DEFERRED
PROMISED, MISSING, NOT_NEEDED = MaterialState.PROMISED, MaterialState.MISSING, MaterialState.NOT_NEEDED
SETTLED = frozenset({HANDED, HELD, PROMISED, NOT_NEEDED})


class Wanted(Protocol):
    """What is needed of a material of a version."""

    is_deferrable: bool
    by_commitment: bool
    held_by: str


def state_of(wanted: Wanted, said: str, *, holds: bool | None, is_bare: bool = False) -> str:
    """Where a material stands after what the applicant said of it ("" for nothing).

    ``holds`` says whether it is needed at all; None where only a sentence says when, and the applicant is believed.  What is held
    already need not be handed in, and may be.  What may not be deferred or promised is missing, whatever was said.
    ``is_bare``: said to be handed in where files are expected, and there are none; what is not needed is not asked for then.
    """
    if said == HANDED and not (is_bare and holds is False):
        return HANDED
    if wanted.held_by:
        return HELD
    if holds is False or (holds is None and said in ("", NOT_NEEDED)):
        return NOT_NEEDED
    if (said == DEFERRED and wanted.is_deferrable) or (said == PROMISED and wanted.by_commitment):
        return said
    return MISSING


def lacking(states: Iterable[tuple[str, str]]) -> list[str]:
    """The names of the materials that keep an application from being accepted, of (name, state)."""
    return [name for name, state in states if state == MISSING]


def outstanding(states: Iterable[str]) -> bool:
    """Whether something that was deferred has not come yet."""
    return DEFERRED in states


@dataclass(frozen=True, slots=True)
class Days:
    """A limit in working days with the sentence it rests on, in both languages."""

    amount: int
    basis: str
    basis_en: str


LONGEST_BASIS = 290


def taking_in(within: int) -> Days:
    """The limit for accepting part of a bundle, whose materials were looked at when it was applied for."""
    return Days(
        within, f"“一件事”办理约定：材料在申请时已一并核对，每个环节自开始之日起{within}个工作日内受理或者一次告知补正",
        f"One thing, one time: the papers were looked at when it was applied for, each part is accepted or corrected within {within} "
        "working days of its beginning",
    )  # fmt: skip


def limits(
    *, number: int, since: date, basis: str, statutory: int, promised: int, is_simulated: bool, is_deferred: bool
) -> Mapping[str, Days | None]:  # fmt: skip
    """The limits that a version gives to the clocks of an application.

    A simulated run has no statutory limit.  What was deferred may take as long as the promised handling, and one day at least.
    """
    law = basis.splitlines()[0].strip() if basis.strip() else ""
    tail, tail_en = (f"，设定依据：{law}", f"; legal basis: {law}") if law else ("", "")
    name = f"本事项实施清单第{number}版（{dated(since, 'zh')}起施行）"
    name_en = f"Version {number} of the item, in force since {dated(since, 'en')}"
    mock, mock_en = ("模拟审批参照", "Simulated, after the ") if is_simulated else ("", "")

    def days(amount: int, word: str, word_en: str, more: str = "", more_en: str = "") -> Days:
        said, said_en = f"{mock}{name}{word}{more}{tail}", f"{mock_en}{name_en}: {word_en}{more_en}{tail_en}"
        return Days(amount, said[:LONGEST_BASIS], said_en[:LONGEST_BASIS])

    return {
        "statutory": None if is_simulated else days(statutory, "法定时限", "statutory limit"),
        "promised": days(promised, "承诺时限", "promised limit"),
        "deferred": days(
            max(promised, 1), "容缺补交期限", "time for what was deferred", "，不超过承诺办理时限", ", not longer than the promise"
        )
        if is_deferred and not is_simulated
        else None,
    }  # fmt: skip
