"""Material made by others, on which some tests are tried where it is at hand; none of it is part of the project.

``ZHITONG_SAMPLES`` names a folder that holds any of ``appeals``, ``divisions``, ``open311`` and ``xlsforms``; without it
a folder ``data`` in a neighbour of this checkout is taken where it holds the kind asked for.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings


@cache
def place_of(kind: str) -> Path | None:
    """The folder with samples of one ``kind``; None where there is none."""
    said = os.environ.get("ZHITONG_SAMPLES")
    folders = [Path(said)] if said else sorted(Path(settings.ROOT).parent.glob("*/data"))
    return next((folder / kind for folder in folders if (folder / kind).is_dir()), None)


def sample(kind: str, name: str = "") -> Path:
    """One file of ``kind``, or its folder; the test that asks is skipped where it is not at hand."""
    folder = place_of(kind)
    if folder is None or not (folder / name).exists():
        pytest.skip(f"no samples of {kind} at hand (ZHITONG_SAMPLES)")
    return folder / name
