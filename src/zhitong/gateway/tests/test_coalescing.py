"""Whoever waits at the same moment is served together, and nobody is forgotten."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..front.coalescing import Coalescer, Full


class Counting:
    """Doubles numbers; keeps what it was asked together, and waits for leave while the gate is shut."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.gate.wait(5)
        self.batches.append(list(numbers))
        if 0 in numbers:
            raise ZeroDivisionError
        return [number * 2 for number in numbers]


def played(scene: Coroutine[None, None, None]) -> None:
    """In a thread of its own: a browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, scene).result()


async def held(counting: Counting, coalescer: Coalescer[int, int], first: int) -> "asyncio.Task[int]":
    """One that is being served and does not come to an end yet."""
    counting.gate.clear()
    task = asyncio.create_task(coalescer.add(first))
    await asyncio.sleep(0.05)
    return task


def test_who_waits_is_served_together_in_order() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting, at_once=3)
        first = await held(counting, coalescer, 1)
        others = [asyncio.create_task(coalescer.add(n)) for n in (2, 3, 4, 5)]
        await asyncio.sleep(0.05)
        counting.gate.set()
        assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
        assert counting.batches == [[1], [2, 3, 4], [5]]
        assert await coalescer.add(6) == 12

    played(scene())


def test_who_was_served_together_comes_again_together() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting, company=60)
        first = await held(counting, coalescer, 1)
        others = [asyncio.create_task(coalescer.add(n)) for n in (2, 3, 4)]
        await asyncio.sleep(0.05)
        counting.gate.set()
        await asyncio.gather(first, *others)
        again = []
        for number in (5, 6, 7):  # one after the other
            again.append(asyncio.create_task(coalescer.add(number)))
            await asyncio.sleep(0.01)
        assert await asyncio.gather(*again) == [10, 12, 14]
        assert counting.batches == [[1], [2, 3, 4], [5, 6, 7]]

    played(scene())


def test_nobody_waits_for_ever_for_those_who_do_not_come_again() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting, company=0.01)
        first = await held(counting, coalescer, 1)
        others = [asyncio.create_task(coalescer.add(n)) for n in (2, 3, 4)]
        await asyncio.sleep(0.05)
        counting.gate.set()
        await asyncio.gather(first, *others)
        assert await coalescer.add(5) == 10
        assert await coalescer.add(6) == 12
        assert counting.batches == [[1], [2, 3, 4], [5], [6]]

    played(scene())


def test_a_failure_reaches_everybody_in_it_and_nobody_else() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting)
        first = await held(counting, coalescer, 1)
        others = [asyncio.create_task(coalescer.add(n)) for n in (0, 7)]
        await asyncio.sleep(0.05)
        counting.gate.set()
        assert await first == 2
        for failed in others:
            with pytest.raises(ZeroDivisionError):
                await failed
        assert await coalescer.add(3) == 6

    played(scene())


def test_too_many_are_sent_away_at_once() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting, waiting=2)
        first = await held(counting, coalescer, 1)
        others = [asyncio.create_task(coalescer.add(n)) for n in (2, 3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Full):
            await coalescer.add(4)
        counting.gate.set()
        assert await asyncio.gather(first, *others) == [2, 4, 6]

    played(scene())


def test_who_goes_away_does_not_hold_up_the_others() -> None:
    async def scene() -> None:
        counting = Counting()
        coalescer = Coalescer(counting)
        first = await held(counting, coalescer, 1)
        gone = asyncio.create_task(coalescer.add(2))
        stays = asyncio.create_task(coalescer.add(3))
        await asyncio.sleep(0.05)
        gone.cancel()
        counting.gate.set()
        assert [await first, await stays] == [2, 6]
        assert counting.batches[1] == [2, 3]

    played(scene())
