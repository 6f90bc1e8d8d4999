"""The two sizes that are compared: ten thousand matters and a million, otherwise alike."""

import os
from functools import partial

from . import setting
from .fill import SEEDS, fill, seed

# BENCH_LARGE is for a first look on a busy machine; what it gives does not go into RESULTS.md without saying so.
SIZES = {"small": 10_000, "large": int(os.environ.get("BENCH_LARGE", "1000000"))}
DATABASES = {name: name for name in SIZES}


def ensure() -> None:
    """Make what is missing; the million takes minutes, once for every schema."""
    setting.ensure("seed", f"{SEEDS} seeds", seed)
    for name, total in SIZES.items():
        setting.ensure(name, f"{total} from {SEEDS}", partial(fill, total), source="seed")
