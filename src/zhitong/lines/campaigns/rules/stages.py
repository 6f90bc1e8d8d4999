"""The stages of a drive as they are typed: one a line, those that count as done behind a mark."""

from collections.abc import Sequence

Stages = list[tuple[str, bool]]
MARK = "*"
LONGEST = 40


def typed(text: str) -> Stages:
    """Names in order; a line that begins with ``*`` counts as done, and without one the last does."""
    lines = [line.strip() for line in text.replace("＊", MARK).splitlines()]
    found = [(line.lstrip(MARK).strip(), line.startswith(MARK)) for line in lines if line.strip(f"{MARK} ")]
    if found and not any(is_done for _name, is_done in found):
        found[-1] = (found[-1][0], True)
    return found


def wrong(stages: Sequence[tuple[str, bool]], most: int) -> str:
    """Why these cannot be the stages of a drive: few, many, long, twice, first_done, gap; empty when they can."""
    names, marks = [name for name, _done in stages], [is_done for _name, is_done in stages]
    if len(stages) < 2:
        return "few"
    if len(stages) > most:
        return "many"
    if any(len(name) > LONGEST for name in names):
        return "long"
    if len(set(names)) != len(names):
        return "twice"
    if marks[0]:
        return "first_done"
    return "gap" if marks != sorted(marks) or not marks[-1] else ""


def shown(stages: Sequence[tuple[str, bool]]) -> str:
    """As they are typed."""
    return "\n".join(f"{MARK if is_done else ''}{name}" for name, is_done in stages)
