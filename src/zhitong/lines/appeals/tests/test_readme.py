"""The tables in the README are those of the declaration."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import override

from zhitong.lines import appeals
from zhitong.lines.appeals.declarations import APPEAL

README = Path(appeals.__file__).parent / "README.md"
OPEN = tuple(stage.slug for stage in APPEAL.stages if not stage.is_end)


def _from(stages: tuple[str, ...]) -> str:
    """The stages of an action; all that are open under one word."""
    if set(OPEN) <= set(stages):
        return ", ".join(["*open*", *(stage for stage in stages if stage not in OPEN)])
    return ", ".join(stages)


def tables() -> Iterator[str]:
    """Stages and moves as the README shows them."""
    yield "| stage | 环节 | step | over |"
    yield "|---|---|---|---|"
    for stage in APPEAL.stages:
        yield f"| `{stage.slug}` | {stage.label} | {stage.step} | {'yes' if stage.is_end else ''} |"
    yield ""
    yield "| move | 操作 | from | to | who | permission |"
    yield "|---|---|---|---|---|---|"
    for action in APPEAL.actions:
        who = ", ".join(who.value for who in action.who)
        to, permission = action.to or "", action.permission
        yield f"| `{action.slug}` | {action.label} | {_from(action.from_)} | {to} | {who} | {permission} |"


def test_the_readme_shows_the_table() -> None:
    with override("zh-hans"):
        wanted = "\n".join(tables())
    assert wanted in README.read_text(encoding="utf-8"), f"README.md should say:\n{wanted}"
