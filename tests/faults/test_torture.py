"""One fault after the other, at random moments, for as long as ``script/torture`` says."""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zhitong.config import postgres

from . import test_clock, test_disk, test_kills, test_people, test_webhooks
from .load import Load
from .stage import Stage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("ZHITONG_TORTURE"), reason="takes minutes: script/torture runs it"),
]
Fault = Callable[[Stage, Load, random.Random], None]
PARTS = ("web", "postgres", "worker")


def killed(stage: Stage, load: Load, dice: random.Random) -> None:
    """One part, or several at once."""
    some = dice.sample(PARTS, dice.choice([1, 1, 2, 3]))
    test_kills.kill(stage, load, *some, before=dice.randint(1, 30), after=dice.randint(1, 30))


def jumped(stage: Stage, load: Load, dice: random.Random) -> None:
    """Minutes to weeks, ahead or back: for longer no token is good."""
    far = dice.choice(["5m", "3h", "1d", "40d"])
    test_clock.away(stage, load, dice.choice("+-") + far, before=dice.randint(1, 10), meanwhile=dice.randint(1, 10))


def filled(stage: Stage, load: Load, dice: random.Random) -> None:
    """By a limit, or by a small disk."""
    disk = dice.choice([test_disk.files_may_be, test_disk.small_disk])
    test_disk.fill(stage, load, disk)


FAULTS: dict[str, Fault] = {
    "killed": killed,
    "clock": jumped,
    "disk": filled,
    "people": lambda stage, load, _dice: test_people.at_once(stage, load),
    "queue": lambda stage, load, _dice: test_kills.in_the_queue(stage, load),
    "webhook": lambda stage, load, _dice: test_webhooks.twice(stage, load),
}


def say(text: str) -> None:
    """To the terminal, past pytest."""
    print(text, file=sys.__stderr__, flush=True)


def test_one_fault_after_the_other(stage: Stage, tmp_path: Path) -> None:
    seed = int(os.environ["ZHITONG_TORTURE_SEED"])
    dice, end = random.Random(seed), time.monotonic() + 60 * float(os.environ["ZHITONG_TORTURE"])
    loads, bag = list[Load](), list[str]()
    say(f"seed {seed}")
    while time.monotonic() < end:
        bag = bag or dice.sample(list(FAULTS), len(FAULTS))
        name = bag.pop()
        loads.append(Load(stage.address, stage.setting["token"]))
        stage.start_all()
        began = time.monotonic()
        try:
            FAULTS[name](stage, loads[-1], dice)
        except pytest.skip.Exception as why:
            say(f"round {len(loads)}: {name}: left out, {why}")
            continue
        say(f"round {len(loads)}: {name}: {len(loads[-1].receipts)} appeals, {time.monotonic() - began:.0f} s")
    stage.check(*loads)
    restored(stage, tmp_path)
    say(f"{sum(len(load.receipts) for load in loads)} appeals, each there once; backup restored")


def restored(stage: Stage, tmp_path: Path) -> None:
    """A backup made under load, brought back into an empty database: its own check finds the same district."""
    load = Load(stage.address, stage.setting["token"])
    with load.going():
        load.wait_for(4)
        made = stage.zhitong("backup", str(tmp_path / "one.zt"))
        assert made.returncode == 0, made.stderr
    postgres.ensure_database(stage.data, "elsewhere")
    there = {"DATABASE_URL": postgres.address(stage.data, "elsewhere"), "ZHITONG_VAR": str(tmp_path / "elsewhere")}
    done = stage.zhitong("restore", str(tmp_path / "one.zt"), **there)
    assert done.returncode == 0, done.stdout + done.stderr
    stage.check(load)
