"""pgbench, from the folder of PostgreSQL's own programs."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from zhitong.config import postgres

from . import setting


@dataclass(frozen=True)
class Run:
    """Transactions a second, and how long each took in milliseconds."""

    rate: float
    times: list[float]

    @property
    def p99(self) -> float:
        """The slowest of a hundred, in milliseconds."""
        return quantiles(self.times, n=100)[-1]


def program() -> str:
    """Beside ``postgres``, or wherever Debian keeps it."""
    beside = postgres.programs() / "pgbench"
    found = str(beside) if beside.is_file() else shutil.which("pgbench")
    if not found:
        raise SystemExit("pgbench is needed: apt-get install postgresql-contrib")
    return found


def run(database: str, scripts: list[str], *, clients: int, seconds: int, first: int, folder: Path) -> Run:
    """Run the scripts in turn by chance, prepared, each client on its own connection; ``first`` is where ids begin."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, text in enumerate(scripts):
        (folder / f"{number}.sql").write_text(text)
    done = subprocess.run(
        [
            program(), "-h", str(postgres.socket_folder(setting.DATA)), "-U", "postgres", "-n", "-M", "prepared",
            "-c", str(clients), "-j", "2", "-T", str(seconds), "-D", f"n={first}", "-l", "--log-prefix", str(folder / "log"),
            *(argument for number in range(len(scripts)) for argument in ("-f", str(folder / f"{number}.sql"))), database,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found or "number of failed transactions: 0 " not in done.stdout:
        raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
    times = [int(line.split()[2]) / 1000 for log in folder.glob("log*") for line in log.read_text().splitlines()]
    return Run(float(found[1]), times)
