"""Work for several processors: processes that end when the one that made them is gone."""

import gc
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from ctypes import CDLL
from multiprocessing import get_context, parent_process

YOUNG = 10_000  # objects, after which the garbage collector looks through the newest


def settle() -> None:
    """To be called once a process has loaded what it needs: the garbage collector leaves that alone from now on, and looks less
    often.  A fifth of the time of opening thousands of matters went into looking through what never becomes garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 100)


def give_back() -> None:
    """Let the system have the memory that is free again inside the process, where its C library can (glibc's ``malloc_trim``)."""
    trim = getattr(CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def pool(processes: int, set_up: Callable[[], object]) -> ProcessPoolExecutor:
    """So many processes that run what is submitted, new ones, which see the environment as it is now.  ``set_up`` (such as
    ``django.setup``) is called first in each; its module must be importable without it."""
    return ProcessPoolExecutor(processes, get_context("spawn"), _ready, (set_up,))


def _ready(set_up: Callable[[], object]) -> None:
    set_up()
    settle()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(parent_ends: Callable[[], object]) -> None:
    """However the parent ended, also by force."""
    parent_ends()
    os._exit(1)
