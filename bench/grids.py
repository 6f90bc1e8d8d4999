"""Divisions on a crooked lattice: as many grids as asked for, in communities and streets, that cover their parents exactly.

Every cell is some 200 m wide and has sixteen corners that its neighbours share; the lattice lies beside the demo district.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

SIZES = {"small": (64, 50), "city": (400, 250)}  # 3,200 and 100,000 grids
DATABASES = {name: f"grids_{name}" for name in SIZES}
WEST, SOUTH, CELL = 118.0, 35.0, 0.002
BLOCK, STREET = 5, 40  # cells along a community's side, and along a street's
TOP = "990101"
START, AT = date(2025, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)


def ensure() -> None:
    """Make what is missing."""
    from functools import partial

    from . import setting

    for name, (columns, rows) in SIZES.items():
        setting.ensure(DATABASES[name], f"{columns} by {rows} on a lattice", partial(fill, columns, rows))


def fill(columns: int, rows: int) -> None:
    """Write them, parents first, each level in one go."""
    import numpy as np
    import shapely
    from django.db import transaction

    from zhitong.base.geometry import only_areas
    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.territory.actions.shapes import write_shapes
    from zhitong.kernel.territory.actions.writing import New, write_new

    by = Actor.system("bench")
    cells = np.array(list(_cells(columns, rows)), dtype=object)
    at = [(i % columns, i // columns) for i in range(len(cells))]
    top = New(TOP, "网格市", "district", None)
    levels: list[dict[Any, New]] = [{(): top}, {}, {}, {}]
    wanted: list[dict[Any, list[int]]] = [{(): list(range(len(cells)))}, {}, {}, {}]
    for i, (x, y) in enumerate(at):
        street, community = (x // STREET, y // STREET), (x // BLOCK, y // BLOCK)
        for depth, key, above, name in (
            (1, street, (), "街道"), (2, community, street, "社区"), (3, (x, y), community, "网格"),
        ):  # fmt: skip
            if key not in levels[depth]:
                parent = levels[depth - 1][above]
                number = _next(parent)
                level = ("street", "community", "grid")[depth - 1]
                levels[depth][key] = New(f"{parent.code}{number:03d}", f"第{number}{name}", level, parent)
            wanted[depth].setdefault(key, []).append(i)
    with transaction.atomic():
        for made, parts in zip(levels, wanted, strict=True):
            write_new(list(made.values()), on=START, by=by, at=AT)
            shapes = {
                new.id: only_areas(shapely.coverage_union_all(cells[parts[key]]))
                if len(parts[key]) > 1
                else cells[parts[key][0]]
                for key, new in made.items()
            }
            write_shapes(shapes, on=START, source="imported", is_provisional=False)


_counts: dict[Any, int] = {}


def _next(parent: Any) -> int:
    """The number of the next child."""
    _counts[parent.id] = _counts.get(parent.id, 0) + 1
    return _counts[parent.id]


def _cells(columns: int, rows: int) -> Iterator[Any]:
    """Cell by cell, row by row; what two share comes from the same numbers."""
    import numpy as np
    import shapely

    chance = np.random.default_rng(1)
    across = np.round(_edges(chance, columns, rows + 1, (1, 0)), 7)
    up = np.round(_edges(chance, columns + 1, rows, (0, 1)), 7)
    corners = np.round(_corners(columns + 1, rows + 1), 7)
    for y in range(rows):
        for x in range(columns):
            ring = [
                corners[y, x], *across[y, x], corners[y, x + 1], *up[y, x + 1], corners[y + 1, x + 1],
                *across[y + 1, x][::-1], corners[y + 1, x], *up[y, x][::-1],
            ]  # fmt: skip
            yield shapely.Polygon(ring)


def _corners(columns: int, rows: int) -> Any:
    import numpy as np

    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    bent = 0.25 * np.stack((np.sin(x * 1.7 + y), np.cos(x + y * 2.3)), axis=-1)
    return np.array([WEST, SOUTH]) + CELL * (np.stack((x, y), axis=-1) + bent)


def _edges(chance: Any, columns: int, rows: int, along: tuple[int, int]) -> Any:
    """Three corners between the ends of each edge, a little beside it."""
    import numpy as np

    ends = _corners(columns + along[0], rows + along[1])
    first = ends[:rows, :columns]
    last = ends[along[1] : along[1] + rows, along[0] : along[0] + columns]
    parts = np.array([0.25, 0.5, 0.75])[:, None]
    line = first[:, :, None, :] + (last - first)[:, :, None, :] * parts
    return line + chance.uniform(-0.06, 0.06, line.shape) * CELL
