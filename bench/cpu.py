"""Seconds of processor that a family of processes has used: what a figure costs, also while others use the machine."""

import os
import resource
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def used(*roots: int) -> float:
    """By these processes and everything they started, also what has ended and was waited for."""
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(entry)):
            pid = int(entry.name)
            times[pid] = sum(map(int, fields[11:15])) / TICKS
            children.setdefault(int(fields[1]), []).append(pid)
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        total += times.get(pid, 0.0)
        waiting += children.get(pid, [])
    return total


def own() -> float:
    """By this process and those it has waited for."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _fields(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
