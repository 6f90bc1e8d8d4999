"""Finding the division a text names."""

import pytest

from .. import public as t
from ..rules import spellings
from .conftest import AT, BY, START, of

MORE = [
    t.Listed("990101002002", "东风社区居委会"),
    t.Listed("990101002003", "北东风社区居委会"),
    t.Listed("990101003", "柳沟镇"),
    t.Listed("990101003001", "柳沟村村民委员会"),
]


@pytest.fixture
def larger(district):
    t.import_list(MORE, by=BY, at=AT, on=START)
    return district


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("990101001002", "990101001002"),
        ("东风路街道办事处", "990101001"),
        ("甲区东风路街道东风社区3号楼", "990101001001"),
        ("南山街道 东风社区居委会", "990101002002"),
        ("东风社区门口", None),  # two streets have one
        ("东风路12号", None),  # a road is no 街道
        ("北东风社区2单元", "990101002003"),  # not the 东风社区 inside the name
        ("西河村", "990101001002"),
        ("柳沟镇西河村", "990101003"),  # no such village there: the town it says
        ("柳沟镇人民政府旁", "990101003"),
        ("西河村与南山社区之间", None),
        ("东风社区和西河村，东风路街道", "990101001"),
        ("", None),
        ("某处", None),
    ],
)
def test_the_finest_division_a_text_names(larger, text, code):
    found = t.named_in(text)
    assert (t.node(found).code if found else None) == code


def test_grids_are_found_within_their_community(shaped):
    grid = t.children(of("990101001001").id)[0]
    assert t.named_in(f"东风社区{grid.name}") == grid.id
    assert t.named_in(grid.name) is None or len(t.of_level("grid")) == 1


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(larger):
    village = of("990101001002").id
    t.rename(village, name="新河村", by=BY, at=AT, on=START.replace(year=2026))
    assert t.named_in_many(["新河村东头", "西河村东头"]) == [village, None]


def test_ways_to_write_a_name():
    assert "七里山街道办" in spellings("七里山街道", "street")
    assert "七东社区居委会" in spellings("七东社区", "community")
    assert "七东" not in spellings("七东社区", "community")
    assert spellings("村", "community") == set()
