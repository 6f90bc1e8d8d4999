"""How long the demo takes to start, how large what is installed is, and the memory of a server at rest.

The demo is that of this checkout, in a folder of its own; the ratio is that of its second start to its first.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from zhitong.config.environment import ROOT

from . import setting
from .report import Report
from .server import free_port

NEEDS_DISTRICT = True
TRIES = 3
MODULES = ("zhitong.config.rsgi", "zhitong.config.cli")


def main() -> None:
    """Measure and print."""
    report = Report("start")
    folder = setting.HOME / "start"
    shutil.rmtree(folder, ignore_errors=True)
    first, memory = _started(folder)
    again, memory = min(_started(folder) for _ in range(2))
    report.table(
        ("", ""),
        [
            ("first start of the demo, district and year included, s", f"{first:.1f}"),
            ("every later start, s", f"{again:.1f}"),
            ("loading the server's code, s", f"{_loading():.2f}"),
            ("Python packages, MB", f"{_size(ROOT / '.venv'):.0f}"),
            ("browser packages, MB", f"{_size(ROOT / 'node_modules'):.0f}"),
            ("this checkout without them, MB", f"{_size(ROOT / 'src'):.0f}"),
            *((f"memory at rest, {name}, MB", f"{size:.0f}") for name, size in memory.items()),
        ],
    )
    report.end(again / first)


def _started(folder: Path) -> tuple[float, dict[str, float]]:
    """Seconds until it says where it runs, and what it holds when nobody asks for anything."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ZHITONG_") and k != "DATABASE_URL"}
    environment |= {"ZHITONG_VAR": str(folder), "PORT": str(free_port())}
    started = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / ".venv/bin/python", "-m", "zhitong.config.run", "demo"], env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        for line in process.stdout:
            if "is running at" in line:
                break
        seconds = time.perf_counter() - started
        time.sleep(10)
        return seconds, _memory(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _memory(root: int) -> dict[str, float]:
    """Proportional memory by kind of process, below ``root``."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (entry / "stat").exists():
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {"web server": 0.0, "worker": 0.0, "PostgreSQL": 0.0}
    for pid in parents:
        above, line = pid, Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        while above not in (root, 0):
            above = parents.get(above, 0)
        if above == root:
            kind = "PostgreSQL" if "postgres" in line.split(" ")[0] else "web server" if "granian" in line else "worker"
            found[kind] += _held(pid)
    return found


def _held(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


def _loading() -> float:
    """Seconds of processor until the server's code is loaded: the least of some tries."""
    from . import cpu

    times = []
    for _ in range(TRIES):
        before = cpu.own()
        subprocess.run([ROOT / ".venv/bin/python", "-c", f"import {MODULES[0]}"], check=True, env=os.environ)
        times.append(cpu.own() - before)
    return min(times)


def _size(folder: Path) -> float:
    """As the disk has it."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if not path.is_symlink()) / 2**20
