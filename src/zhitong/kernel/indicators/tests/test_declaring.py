"""A line declares its measures and indicators as tables."""

from collections.abc import Iterator

import pytest

from zhitong.kernel.indicators.actions import definitions
from zhitong.kernel.indicators.public import MEASURES, Direction, Unit, declare_indicators, declare_measures, once
from zhitong.kernel.indicators.rules import measures

MADE = (("seen", "看到", "count", ("seen", "seen_again"), once),)
SAID = (
    ("share", "占比", "Share", {"mean": "trial.seen"}, Unit.PERCENT, Direction.MORE, "依据", "Basis"),
    ("volume", "数量", "Volume", {"sum": "trial.seen"}, Unit.COUNT, Direction.NEUTRAL, "依据", "Basis"),
)


@pytest.fixture
def declared() -> Iterator[None]:
    declare_measures("trial", MADE)
    declare_indicators("trial", SAID, shown={"share"}, after=500)
    yield
    measures.forget("trial.seen")
    for slug in ("trial_share", "trial_volume"):
        del definitions._shipped[slug]


def test_what_is_the_lines_bears_its_name(declared: None) -> None:
    assert MEASURES["trial.seen"].kinds == ("trial.seen", "trial.seen_again")
    share, volume = (definitions._shipped[f"trial_{slug}"] for slug in ("share", "volume"))
    assert (share.is_shown, volume.is_shown) == (True, False)
    assert (share.sort, volume.sort) == (510, 520)
    assert (share.name, share.name_en, share.unit, share.direction, share.basis_en) == (
        "占比",
        "Share",
        "percent",
        "more",
        "Basis",
    )


def test_a_table_is_declared_once(declared: None) -> None:
    with pytest.raises(ValueError, match="twice"):
        declare_measures("trial", MADE)
    with pytest.raises(ValueError, match="twice"):
        declare_indicators("trial", SAID)
