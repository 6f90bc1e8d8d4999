"""The category list that ships with appeals."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation import public as organisation

LIST = Path(__file__).resolve().parent.parent / "data" / "categories.csv"


@pytest.fixture(scope="module")
def rows():
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_as_wide_and_deep_as_a_district_needs(rows):
    levels = [{row["code"][: 2 * level] for row in rows} for level in (1, 2, 3)]

    assert len(levels[0]) == 15
    assert 100 <= len(levels[1]) <= 120
    assert 380 <= len(levels[2]) <= 450
    assert len(rows) == len(levels[2])


def test_every_entry_has_a_name_in_both_languages(rows):
    for row in rows:
        for level in (1, 2, 3):
            assert row[f"level{level}"]
            assert row[f"level{level}_en"].isascii()
        assert not row["keywords"] or len(row["keywords"].split()) >= 3


def test_a_name_stands_for_one_code(rows):
    for level in (1, 2, 3):
        names = {row["code"][: 2 * level]: (row[f"level{level}"], row[f"level{level}_en"]) for row in rows}
        assert all(names[row["code"][: 2 * level]][0] == row[f"level{level}"] for row in rows)
    assert [name for name, count in Counter(row["level3"] for row in rows).items() if count > 1] == []


def test_a_broken_street_light_is_found_by_the_words_people_use(rows, db):
    by = Actor.system("测试")
    organisation.import_categories(rows, by=by, at=datetime(2026, 1, 1, tzinfo=UTC))

    [lamps] = organisation.search_categories("路灯 不亮")

    assert organisation.category_label(lamps.pk) == "城乡建设 / 市政设施 / 路灯照明"
