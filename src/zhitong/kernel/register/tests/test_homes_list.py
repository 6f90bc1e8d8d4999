"""Buildings page by page, people by number, name and address, and by tag: each only within reach."""

import pytest

from .. import public
from . import homes
from .homes import AT, BY, building, citizen, resident, unit, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return homes.places()


def test_page_by_page_in_the_order_of_codes(at, django_assert_max_num_queries):
    for place, count in (("南山社区", 3), ("东风社区", 31), ("西河社区", 1)):
        for n in range(count):
            building(at[place], f"{n + 1}号楼")
    everything = [
        (place, f"{n + 1}号楼")
        for place, count in (("东风社区", 31), ("西河社区", 1), ("南山社区", 3))
        for n in range(count)
    ]
    names = {pk: name for name, pk in at.items()}
    seen, after = [], None
    while True:
        with django_assert_max_num_queries(8):
            page = public.buildings_in(BY, None, after)
        seen += [(names[one.division_id], one.name) for one in page.rows]
        if not page.after:
            break
        after = page.rows[-1].pk
    assert seen == everything
    assert len(public.buildings_in(BY, at["南山街道"]).rows) == 3
    assert public.buildings_in(worker(at["南山街道"]), at["东风街道"]).rows == []
    assert len(public.buildings_in(worker(at["南山街道"]), None).rows) == 3


class TestSearch:
    @pytest.fixture
    def home(self, at):
        some = [resident("张三", "head", citizen(1), "13800000001"), resident("李四", "spouse")]
        return public.open_household(unit(at["东风社区"]).pk, some, by=BY, at=AT)

    @pytest.mark.parametrize("typed", [citizen(1), citizen(1).lower() + " ", "138 0000 0001", "张三"])
    def test_by_number_or_whole_name(self, home, at, typed, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            found = public.search_homes(worker(at["东风街道"]), typed)
        assert [one.name for one in found.people] == ["张三"]
        assert found.places[found.people[0].pk].household == home
        assert public.search_homes(worker(at["南山街道"]), typed).people == []

    def test_by_address(self, home, at):
        assert [one.name for one in public.search_homes(BY, "示范路8号").buildings] == ["1号楼"]
        assert public.search_homes(worker(at["南山街道"]), "示范路8号").buildings == []

    def test_part_of_a_number_or_of_a_name_finds_nobody(self, home):
        for typed in ("1380000", citizen(1)[:17], "张", ""):
            assert public.search_homes(BY, typed).people == []

    def test_by_tag(self, home, at):
        kind = public.keep_tag_kind(by=BY, at=AT, name="独居", subject="person", purpose="探访")
        for row in public.residents_of([home.pk])[home.pk]:
            public.put_tag(kind.pk, row.person_id, purpose="x", by=BY, at=AT)
        tags, after = public.tagged_people(worker(at["东风街道"]), kind.pk)
        assert ([tag.person.name for tag in tags], after) == (["张三", "李四"], None)
        assert public.tagged_people(worker(at["南山街道"]), kind.pk)[0] == []
        assert public.tag_kind(kind.pk).name == "独居"

    def test_a_building_with_all_in_it(self, home):
        found = public.read_homes([home.unit.building])
        assert found.buildings[0].counts == (1, 1, 2)
