import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import rules


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("3701", "city", None),
        ("370103", "district", None),
        ("370103001", "street", "370103"),
        ("370103001002", "community", "370103001"),
        ("370103001002003", "grid", "370103001002"),
        ("370103001002003004", "microgrid", "370103001002003"),
    ],
)
def test_a_unified_code_tells_its_level_and_its_parent(code, level, parent):
    assert rules.level_of(code) == level
    assert rules.parent_code(code) == parent


@pytest.mark.parametrize("code", ["", "37010", "3701030", "abc", "37010３", "3701030010020030040"])
def test_other_codes_have_no_level(code):
    with pytest.raises(ValueError, match="unified"):
        rules.level_of(code)


@pytest.mark.parametrize(
    ("official", "name"),
    [
        ("纬一路社区居民委员会", "纬一路社区"),
        ("英西南路社区居委会", "英西南路社区"),
        ("航运新村居委会", "航运新村"),
        ("解放居委会", "解放社区"),
        ("大庙屯村村民委员会", "大庙屯村"),
        ("大庙屯村委会", "大庙屯村"),
        ("大庙屯村民委员会", "大庙屯村"),
        ("云霄路社区", "云霄路社区"),
    ],
)
def test_a_community_is_called_without_its_committee(official, name):
    assert rules.display_name(official, "community") == name


def test_a_street_is_called_without_its_office():
    assert rules.display_name("南山街道办事处", "street") == "南山街道"


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("七里山街道", "Qilishan Subdistrict"),
        ("纬一路社区", "Weiyilu Community"),
        ("市中区", "Shizhong District"),
        ("第12网格", "Grid 12"),
        ("大庙屯村", "Damiaotun Village"),
        ("区", "Qu"),
    ],
)
def test_english_names(name, english):
    assert rules.english_name(name) == english


def test_parents_come_first_and_the_last_of_doubles_counts():
    lines = [rules.Listed("370103001", "甲"), rules.Listed("370103", "乙"), rules.Listed("370103", "丙")]
    assert rules.in_order(lines) == [rules.Listed("370103", "丙"), rules.Listed("370103001", "甲")]


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=40), st.integers(0, 500))
def test_shares_add_up_and_nobody_goes_without(weights, more):
    total = len(weights) + more
    given_out = rules.shares(total, weights)
    assert sum(given_out) == total
    assert min(given_out) >= 1
    for a in range(len(weights) - 1):
        if weights[a] == weights[a + 1]:
            assert abs(given_out[a] - given_out[a + 1]) <= 1


@pytest.mark.parametrize(("total", "weights"), [(1, [1, 1]), (5, []), (5, [0, 0])])
def test_too_little_to_share_out_is_an_error(total, weights):
    with pytest.raises(ValueError, match="share"):
        rules.shares(total, weights)


def test_recoding_changes_only_what_begins_so():
    assert rules.recoded("990101001", "990101", "990199") == "990199001"
    assert rules.recoded("880101001", "990101", "990199") == "880101001"
