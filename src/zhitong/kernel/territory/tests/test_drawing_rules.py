"""Cutting, joining and settling borders: no land lost, none twice, whatever is drawn."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from zhitong.base.geometry import areas_m2, divide

from ..rules import coverage, drawing

WEST, SOUTH, SIDE = 117.0, 36.5, 0.01
SQUARE = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
inside = st.floats(0.02, 0.98).map(lambda part: part * SIDE)
outside = st.tuples(st.sampled_from(["w", "e", "s", "n"]), inside)


def rounded(area):
    """As it is stored."""
    return shapely.transform(area, lambda xy: np.round(xy, 7))


def tiles(n, seed):
    return dict(enumerate(rounded(part) for part in divide(SQUARE, n, seed)))


def edge(side, part):
    x, y = {"w": (-0.001, part), "e": (SIDE + 0.001, part), "s": (part, -0.001), "n": (part, SIDE + 0.001)}[side]
    return WEST + x, SOUTH + y


def total(areas):
    return float(areas_m2(np.array(list(areas), dtype=object)).sum())


def rounding(area):
    """What a border may sweep over when each of its points moves by half the lattice, in square metres."""
    return area.length * 111_000 * 0.006


def must_tile(found, whole):
    """The areas neither overlap nor leave anything of the whole out, by exact geometry."""
    for one, other in itertools.combinations(found, 2):
        assert shapely.intersection(one, other).area == 0
    assert coverage.gaps(np.array([whole]), np.array(found, dtype=object)) == []
    assert shapely.coverage_is_valid(np.array(found, dtype=object))
    assert total(found) == pytest.approx(total([shapely.coverage_union_all(found)]), abs=1e-3)


@given(seed=st.integers(0, 10_000), ends=st.tuples(outside, outside), bend=st.tuples(inside, inside))
def test_a_cut_loses_nothing_and_the_neighbours_share_its_ends(seed, ends, bend):
    others = tiles(7, seed)
    mine = others.pop(seed % 7)
    line = shapely.LineString([edge(*ends[0]), (WEST + bend[0], SOUTH + bend[1]), edge(*ends[1])])
    pieces = drawing.cut(mine, drawing.snapped(line, [mine, *others.values()]))
    assume(len(pieces) > 1)
    found = drawing.settled({("new", i): piece for i, piece in enumerate(pieces)}, others, freed=mine)
    must_tile(list(found.values()), SQUARE)
    mine_now = [area for key, area in found.items() if isinstance(key, tuple)]
    assert total(mine_now) == pytest.approx(total([mine]), abs=rounding(mine) + rounding(line))
    assert len(found) == len(pieces) + 6


@given(seed=st.integers(0, 10_000), n=st.integers(2, 5))
def test_what_is_joined_is_the_sum(seed, n):
    every = tiles(8, seed)
    mine = [every.pop(i) for i in range(n)]
    found = drawing.settled({"new": drawing.joined(mine)}, every)
    must_tile(list(found.values()), SQUARE)
    assert total([found["new"]]) == pytest.approx(total(mine), abs=sum(map(rounding, mine)))


@given(seed=st.integers(0, 10_000), move=st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)))
def test_a_moved_border_moves_for_both(seed, move):
    others = tiles(7, seed)
    mine = others.pop(seed % 7)
    shift = np.array(move) * SIDE * 0.3
    drawn = shapely.intersection(shapely.transform(mine, lambda xy: np.round(xy + shift, 7)), SQUARE)
    assume(not drawn.is_empty and drawn.geom_type == "Polygon" and drawn.area > 1e-8)
    wanted = drawing.snapped(drawn, [SQUARE, *others.values()])
    assume(wanted.is_valid and wanted.geom_type == "Polygon")
    found = drawing.settled({"mine": wanted}, others, freed=mine, yielding=list(others))
    must_tile(list(found.values()), SQUARE)


def test_what_was_drawn_near_is_on_the_border():
    neighbour = shapely.box(WEST + SIDE, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)
    sloppy = shapely.Polygon(
        [(WEST, SOUTH), (WEST + SIDE - 6e-6, SOUTH - 5e-6), (WEST + SIDE + 4e-6, SOUTH + SIDE / 2), (WEST + SIDE + 7e-6, SOUTH + SIDE)]
    )  # fmt: skip
    found = drawing.settled({"a": drawing.snapped(sloppy, [neighbour])}, {"b": neighbour})
    shared = shapely.intersection(found["a"], found["b"])
    assert shared.area == 0
    assert shared.length == pytest.approx(SIDE)
    assert coverage.overlaps(np.array(list(found.values()), dtype=object)) == []
    corners = {tuple(xy) for xy in shapely.get_coordinates(found["b"]).tolist()}
    assert (WEST + SIDE, SOUTH + SIDE / 2) in corners


def test_a_line_that_does_not_cross_cuts_nothing():
    assert len(drawing.cut(SQUARE, shapely.LineString([(WEST, SOUTH), (WEST + SIDE / 2, SOUTH + SIDE / 2)]))) == 1


def test_who_does_not_yield_keeps_what_is_his():
    taken = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE / 2)
    found = drawing.settled({"new": taken}, {"old": SQUARE})
    assert total(found.values()) == pytest.approx(1.5 * total([SQUARE]), rel=1e-4)
    found = drawing.settled({"new": taken}, {"old": SQUARE}, yielding=["old"])
    assert total(found.values()) == pytest.approx(total([SQUARE]), rel=1e-9)
    assert set(drawing.settled({"new": SQUARE.buffer(0.001)}, {"old": SQUARE}, yielding=["old"])) == {"new"}


@given(st.lists(st.floats(0, 1e7), max_size=12))
def test_whole_square_metres_add_up(sizes):
    found = drawing.whole_m2(sizes)
    assert sum(found) == round(sum(sizes))
    assert all(abs(one - size) <= 1 for one, size in zip(found, sizes, strict=True))
    assert all(one == 0 for one, size in zip(found, sizes, strict=True) if size == 0)


def test_both_columns_of_a_split_say_the_same():
    assert drawing.whole_m2([0.0, 0.0, 100_000.6]) == [0, 0, 100_001]
    assert drawing.whole_m2([60_000.3, 40_000.3, 0.0], 100_001) == [60_001, 40_000, 0]
    assert drawing.whole_m2([60_000.0, 40_000.0, 0.0], 99_999) == [60_000, 39_999, 0]
