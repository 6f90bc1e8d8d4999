"""Tables of homes: taken over once, errors by row, tried without keeping anything, gone on with after a crash; and given out."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Account, Actor, Granted
from zhitong.kernel.events.public import Event

from .. import public
from ..actions import home_import
from ..actions.home_files import forget_imports
from ..models import Building, HomesImport, Household, Person, Residence, Tag, Unit
from ..permissions import EXPORT_FULL, MANAGE_HOMES, VIEW_HOMES
from ..queries.home_rows import heading
from ..rules.home_sheet import HOMES
from ..tasks import import_waiting
from .homes import AT, BY, building, citizen, places, resident, unit, worker

pytestmark = pytest.mark.django_db
EAST, WEST = "990101001001", "990101001002"
LABEL = {column.key: column.label for column in HOMES.columns}


@pytest.fixture(autouse=True)
def divisions(tmp_path: Path, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return places()


def row(**said: str) -> dict[str, str]:
    given = {
        "division": EAST,
        "building": "1号楼",
        "address": "示范路8号",
        "entrance": "1单元",
        "number": "301",
        **said,
    }
    return {LABEL[key]: value for key, value in given.items()}


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [LABEL[key] for key in LABEL], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def take(path: Path, **more: Any) -> HomesImport:
    return public.import_homes(path, by=more.pop("by", BY), at=AT, **more)


def counts(run: HomesImport) -> tuple[int, int, int, int]:
    return run.created, run.changed, run.unchanged, run.wrong


FAMILY = (
    row(name="张示范", citizen_id=citizen(1, "19800101"), phone="13800000001", role="户主", kind="人户一致", floor="3", since="2020-05-01"),
    row(name="李示范", born_on="2011-02-03", gender="男", role="子女", kind="居住在此"),
)  # fmt: skip


class TestTaken:
    def test_one_row_is_as_deep_as_it_is_filled_in(self, tmp_path: Path) -> None:
        only_building = row(building="2号楼", entrance="", number="", floors="18", lon="117.02", lat="36.65")
        only_unit = row(number="101", use="商铺")
        run = take(table(tmp_path / "a.csv", only_building, only_unit, *FAMILY))
        assert (run.state, counts(run)) == ("done", (4, 0, 0, 0))
        assert Building.objects.get(name="2号楼").floors == 18
        assert sorted(Unit.objects.values_list("number", "use")) == [("101", "shop"), ("301", "living")]
        (household,) = Household.objects.all()
        head, child = public.residents_of([household.pk])[household.pk]
        assert (head.person.name, head.role, head.since) == ("张示范", "head", date(2020, 5, 1))
        assert (child.person.gender, child.person.born_on, child.kind) == ("male", date(2011, 2, 3), "living")
        assert public.find_by_citizen_id(citizen(1, "19800101")) == head.person

    def test_the_same_file_again_changes_nothing(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.csv", *FAMILY)
        take(path)
        before = Event.objects.exclude(kind="homes.imported").count()
        run = take(path)
        assert counts(run) == (0, 0, 2, 0)
        assert Event.objects.exclude(kind="homes.imported").count() == before

    def test_what_a_row_says_otherwise_is_changed_and_empty_cells_stay(self, tmp_path: Path) -> None:
        take(table(tmp_path / "a.csv", *FAMILY))
        run = take(
            table(
                tmp_path / "b.csv",
                row(name="张示范", citizen_id=citizen(1, "19800101"), phone="13800000002", kind="居住在此"),
            )
        )
        assert counts(run) == (0, 1, 0, 0)
        person = public.find_by_phone("13800000002").get()
        assert (person.name, Residence.objects.get(person=person).role) == ("张示范", "head")

    def test_points_are_kept_as_wgs84(self, tmp_path: Path) -> None:
        take(table(tmp_path / "a.csv", row(number="", entrance="", lon="117.0", lat="36.65", datum="GCJ-02")))
        one = Building.objects.get()
        assert one.lon is not None
        assert 0.002 < 117.0 - one.lon < 0.01

    def test_two_households_behind_one_door_are_told_apart_by_number(self, tmp_path: Path) -> None:
        first, second = row(name="张一", household="1"), row(name="李二", household="2", role="户主")
        path = table(tmp_path / "a.csv", first, second)
        assert counts(take(path)) == (2, 0, 0, 0)
        assert counts(take(path)) == (0, 0, 2, 0)
        assert Household.objects.count() == 2
        run = take(table(tmp_path / "b.csv", row(name="王三")))
        assert run.wrong == 1
        assert run.errors[0][:2] == [2, "户号"]

    def test_tags_have_a_reason_and_an_end(self, tmp_path: Path) -> None:
        for name in ("独居老人", "残疾人"):
            public.keep_tag_kind(by=BY, at=AT, name=name, subject="person", purpose="走访", days=100)
        path = table(
            tmp_path / "a.csv", row(name="张一", tags="独居老人；残疾人", purpose="子女在外地", until="2026-06-01")
        )
        take(path)
        found = set(Tag.objects.values_list("kind__name", "purpose", "until"))
        assert found == {(name, "子女在外地", date(2026, 6, 1)) for name in ("独居老人", "残疾人")}
        assert counts(take(path)) == (0, 0, 1, 0)
        run = take(table(tmp_path / "b.csv", row(name="张一", tags="没有这种")))
        assert run.errors[0][1] == "标签"


class TestWrong:
    @pytest.mark.parametrize(
        ("said", "column"),
        [
            ({"division": "999999"}, "区划编码"),
            ({"name": "张一", "citizen_id": "379999198001010011"}, "身份证号"),
            ({"name": "张一", "phone": "12"}, "电话"),
            ({"floor": "三"}, "楼层"),
            ({"floor": "0"}, "楼层"),
            ({"lon": "117"}, "经度"),
            ({"number": "", "name": "张一"}, "房号"),
            ({"phone": "13800000001"}, "姓名"),
            ({"name": "张**", "citizen_id": "379999********0019"}, "姓名"),
            ({"name": "张一", "since": "2099-01-01"}, "迁入日期"),
            ({"building_kind": "城堡"}, "楼栋类型"),
            ({"building": ""}, "楼栋名称"),
            ({"address": ""}, "地址"),
        ],
    )
    def test_a_wrong_row_is_told_with_its_column_and_leaves_nothing(
        self, tmp_path: Path, said: dict[str, str], column: str
    ) -> None:
        run = take(table(tmp_path / "a.csv", row(**said)))
        assert (counts(run), [error[:2] for error in run.errors]) == ((0, 0, 0, 1), [[2, column]])
        assert not Building.objects.exists()
        assert not Person.objects.exists()

    def test_a_wrong_row_harms_no_other(self, tmp_path: Path) -> None:
        run = take(table(tmp_path / "a.csv", row(name="张一"), row(name="李二", phone="12"), row(name="王三")))
        assert counts(run) == (2, 0, 0, 1)

    def test_duplicates_are_told(self, tmp_path: Path, divisions: dict[str, Any]) -> None:
        there = unit(divisions["西河社区"])
        public.open_household(
            there.pk, [resident("张一", "head", born_on=date(1980, 1, 1), phone="13800000001")], by=BY, at=AT
        )
        same = {"name": "张一", "born_on": "1980-01-01"}
        run = take(table(tmp_path / "a.csv", row(**same)))
        assert run.errors[0][1] == "姓名"
        assert "姓名和出生日期相同" in run.errors[0][2]
        assert counts(take(table(tmp_path / "b.csv", row(**same, is_another="是")))) == (1, 0, 0, 0)
        assert Person.objects.filter(name="张一").count() == 2

    def test_one_number_for_two_names(self, tmp_path: Path) -> None:
        number = citizen(7)
        run = take(table(tmp_path / "a.csv", row(name="张一", citizen_id=number), row(name="李二", citizen_id=number)))
        assert counts(run) == (1, 0, 0, 1)
        assert "第2行" in run.errors[0][2]
        run = take(table(tmp_path / "b.csv", row(name="李二", citizen_id=number)))
        assert run.errors[0][1] == "身份证号"

    def test_who_lives_elsewhere_comes_only_where_it_says_so(self, tmp_path: Path) -> None:
        take(table(tmp_path / "a.csv", row(name="张一", citizen_id=citizen(7))))
        there = {"division": WEST, "name": "张一", "citizen_id": citizen(7)}
        assert take(table(tmp_path / "b.csv", row(**there))).errors[0][1] == "从原住处迁来"
        assert counts(take(table(tmp_path / "c.csv", row(**there, moves="是")))) == (1, 0, 0, 0)
        assert Residence.objects.filter(until=None).count() == 1

    def test_only_where_one_reaches(self, tmp_path: Path, divisions: dict[str, Any]) -> None:
        by = worker(divisions["东风社区"])
        run = take(table(tmp_path / "a.csv", row(name="张一"), row(name="李二", division=WEST)), by=by)
        assert counts(run) == (1, 0, 0, 1)
        assert run.errors[0][:2] == [3, "区划编码"]

    def test_a_file_that_is_no_table_fails_with_a_sentence(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("姓名,电话\n张一,1\n", encoding="utf-8")
        run = take(path)
        assert run.state == "failed"
        assert "区划编码" in run.failure


class TestRestarted:
    def test_a_trial_keeps_nothing(self, tmp_path: Path) -> None:
        run = take(table(tmp_path / "a.csv", *FAMILY, row(name="王三", phone="1")), dry_run=True)
        assert (run.state, counts(run)) == ("done", (2, 0, 0, 1))
        assert not Building.objects.exists()
        assert not Event.objects.filter(kind="homes.imported").exists()

    def test_it_goes_on_behind_the_last_row_that_was_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = table(
            tmp_path / "a.csv", *(row(name=f"张{n}", number=f"{n}01", citizen_id=citizen(n)) for n in range(1, 7))
        )
        run = HomesImport.objects.create(name="a.csv", digest=b"x", is_dry_run=False, by_label="测试", created_at=AT)
        home_import.import_portion(run.pk, at=AT, path=path, most=2)
        home_import.close(run.pk)  # the process is gone

        def dies(*_args: Any) -> str:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(home_import, "take_together", dies)
            with pytest.raises(KeyboardInterrupt):
                home_import.import_portion(run.pk, at=AT, path=path, most=2)
        run.refresh_from_db()
        assert (run.rows, run.position) == (2, 3)
        while (after := home_import.import_portion(run.pk, at=AT, path=path, most=2)) is not None and after.is_live:
            pass
        run.refresh_from_db()
        assert (run.state, counts(run)) == ("done", (6, 0, 0, 0))
        assert Person.objects.count() == 6

    def test_a_household_is_not_torn_apart(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.csv", *(row(name=f"张{n}", household=str(n)) for n in range(1, 5)))
        run = HomesImport.objects.create(name="a.csv", digest=b"x", is_dry_run=True, by_label="测试", created_at=AT)
        done = home_import.import_portion(run.pk, at=AT, path=path, most=2)
        home_import.close(run.pk)
        assert done is not None
        assert counts(done) == (4, 0, 0, 0)


@pytest.fixture
def account(divisions: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Actor:
    one = Account.objects.create_user(username="keeper", password=None)
    grants = tuple(Granted(frozenset((VIEW_HOMES, MANAGE_HOMES)), "all") for _once in (1,))
    by = Actor(kind="staff", label="张管理", account_id=one.pk, grants=grants)
    monkeypatch.setattr(home_import, "actor_for", lambda _account: by)
    return by


class TestSent:
    def send(self, path: Path, by: Actor) -> HomesImport:
        return public.receive_homes(ContentFile(path.read_bytes(), name="人房.csv"), by=by, at=AT)

    def test_it_is_tried_then_taken_and_the_file_forgotten(self, tmp_path: Path, account: Actor) -> None:
        run = self.send(table(tmp_path / "a.csv", *FAMILY), account)
        import_waiting()
        run.refresh_from_db()
        assert (run.state, run.is_dry_run, counts(run)) == ("done", True, (2, 0, 0, 0))
        assert not Person.objects.exists()
        public.begin_import(run.pk, is_dry_run=False, by=account)
        import_waiting()
        run.refresh_from_db()
        assert (run.state, counts(run), run.stored) == ("done", (2, 0, 0, 0), "")
        assert not default_storage.listdir("homes")[1]
        with pytest.raises(Conflict):
            public.begin_import(run.pk, is_dry_run=False, by=account)

    def test_it_is_nobody_elses(self, tmp_path: Path, account: Actor) -> None:
        run = self.send(table(tmp_path / "a.csv", *FAMILY), account)
        with pytest.raises(NotFound):
            public.begin_import(run.pk, is_dry_run=False, by=BY)
        with pytest.raises(NotFound):
            public.own_homes_import(BY, run.pk)

    def test_a_file_that_lies_about_is_removed(self, tmp_path: Path, account: Actor) -> None:
        run = self.send(table(tmp_path / "a.csv", *FAMILY), account)
        import_waiting()
        assert forget_imports(before=AT + timedelta(days=6)) == 0
        assert forget_imports(before=AT + timedelta(days=8)) == 1
        run.refresh_from_db()
        assert run.stored == ""
        assert not default_storage.listdir("homes")[1]

    def test_needs_a_permission(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.csv", *FAMILY)
        with pytest.raises(NotAllowed):
            self.send(path, Actor(kind="staff", label="谁"))


class TestGivenOut:
    @pytest.fixture
    def filled(self, tmp_path: Path) -> Path:
        path = table(tmp_path / "a.csv", *FAMILY, row(division=WEST, name="王三"))
        take(path)
        return path

    def by(self, *more: str, division: Any) -> Actor:
        return worker(division, permissions=(VIEW_HOMES, MANAGE_HOMES, *more))

    def test_it_is_masked_and_only_what_is_within_reach(self, filled: Path, divisions: dict[str, Any]) -> None:
        rows = public.export_homes(None, by=self.by(division=divisions["东风社区"]), at=AT)
        found = [dict(zip(heading(), cells, strict=True)) for cells in rows]
        assert [one["姓名"] for one in found] == ["张**", "李**"]
        text = str(rows)
        assert not any(secret in text for secret in ("示范,", citizen(1, "19800101"), "13800000001", "1980-01-01"))
        assert Event.objects.get(kind="homes.exported").data["rows"] == 2

    def test_in_full_it_is_told_person_by_person(self, filled: Path, divisions: dict[str, Any]) -> None:
        by, place = self.by(EXPORT_FULL, division=divisions["东风社区"]), divisions["东风社区"]
        with pytest.raises(Refused, match="原因"):
            public.export_homes(place, by=by, at=AT, in_full=True)
        with pytest.raises(NotAllowed):
            public.export_homes(place, by=self.by(division=place), at=AT, in_full=True, reason="核对")
        assert not Event.objects.filter(kind="person.revealed").exists()
        rows = public.export_homes(place, by=by, at=AT, in_full=True, reason="人口核对")
        assert citizen(1, "19800101") in str(rows)
        told = Event.objects.filter(kind="person.revealed")
        here = Residence.objects.filter(household__unit__building__division=place)
        assert {one.stream for one in told} == set(here.values_list("person", flat=True))
        assert {one.data["reason"] for one in told} == {"人口核对"}

    def test_what_was_given_out_in_full_comes_back_as_it_is(
        self, filled: Path, tmp_path: Path, divisions: dict[str, Any]
    ) -> None:
        rows = public.export_homes(
            None, by=self.by(EXPORT_FULL, division=divisions["东风社区"]), at=AT, in_full=True, reason="核对"
        )
        path = tmp_path / "back.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading(), *rows])
        assert counts(take(path)) == (0, 0, 2, 0)

    def test_too_much_is_refused(
        self, filled: Path, divisions: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ..actions import exporting

        monkeypatch.setattr(exporting, "MOST_ROWS", 1)
        with pytest.raises(Refused, match="下级区划"):
            public.export_homes(None, by=self.by(division=divisions["东风社区"]), at=AT)

    def test_buildings_and_empty_units_stand_for_themselves(self, divisions: dict[str, Any]) -> None:
        building(divisions["东风社区"])
        unit(divisions["西河社区"], name="2号楼")
        rows = public.export_homes(None, by=worker(divisions["东风街道"]), at=AT)
        assert [(cells[1], cells[10]) for cells in rows] == [("1号楼", ""), ("2号楼", "101")]
