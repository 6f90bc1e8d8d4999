import pytest

from ..rules.judging import is_right, report

PATHS = {"lamps": ["town", "works"], "roads": ["town", "works"]}
KEPT = {
    "labels": ["lamps", "roads", "works"],
    "months": ["2026-07", "2026-08"],
    "paths": PATHS,
    "chance": 0.5,
    "by_words": 0.4,
    # lamps taken for lamps; lamps for roads; roads for what lies above it; roads for lamps, unsure
    "asked": [[0, 0, 0.95, 0], [0, 1, 0.92, 0], [1, 2, 0.9, 1], [1, 0, 0.4, 1]],
}


def test_what_a_rare_category_lies_under_is_right() -> None:
    assert is_right("roads", "works", PATHS)
    assert is_right("roads", "roads", PATHS)
    assert not is_right("works", "roads", PATHS)


def test_the_report_follows_from_the_threshold() -> None:
    found = report(KEPT, 0.9)
    assert (found.n, found.right, found.coverage) == (4, 0.5, 0.75)
    assert found.precision == pytest.approx(2 / 3)
    by = {one.category: one for one in found.categories}
    assert (by["lamps"].cases, by["lamps"].said, by["lamps"].right) == (2, 2, 1)
    assert (by["lamps"].precision, by["lamps"].recall, by["lamps"].decided) == (0.5, 0.5, 0.5)
    assert (by["works"].cases, by["works"].said, by["works"].right) == (1, 1, 1)
    assert [(one.month, one.n, one.right, one.coverage) for one in found.months] == [("2026-07", 2, 0.5, 1.0), ("2026-08", 2, 0.5, 0.5)]  # fmt: skip
    assert set(found.confusions) == {("lamps", "roads", 1), ("roads", "lamps", 1)}
    at = {round(one.threshold, 2): one for one in found.curve}
    assert at[0.9].coverage == found.coverage
    assert report(KEPT, 0.99).precision is None
