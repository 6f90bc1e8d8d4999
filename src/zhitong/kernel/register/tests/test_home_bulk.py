"""A portion of a table of homes written together: as if row by row, in a number of statements that does not grow with it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event

from .. import public
from ..actions import home_bulk, home_import
from ..models import Building, Contact, HomesImport, Household, Person, Residence, Tag, Unit
from .homes import AT, BY, citizen, places, resident, unit, worker
from .test_home_import import WEST, counts, row, table, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def divisions(tmp_path: Path, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    found = places()
    public.keep_tag_kind(by=BY, at=AT, name="独居老人", subject="person", purpose="走访")
    return found


def families(count: int, of: str = "") -> Iterable[dict[str, str]]:
    """As many households of three behind doors of their own, ten to a building; the child without a citizen id."""
    first = 1 + 200 * " 甲乙丙".index(of or " ")
    for n in range(count):
        door = {"building": f"{of}{n // 10 + 1}号楼", "number": f"{n % 10 + 1}01"}
        number = first + n
        yield row(name=f"户主{of}{n}", citizen_id=citizen(number, "19700101"), phone=f"138{number:08d}", **door)
        yield row(name=f"老人{of}{n}", born_on="1948-03-05", tags="独居老人", role="父母", note="每周走访", **door)
        yield row(name=f"孩子{of}{n}", born_on="2015-01-02", gender="男", role="子女", **door)


def portion(path: Path, most: int = 10_000) -> tuple[HomesImport, int]:
    """All of it in one portion: how it went, and in how many statements."""
    run = HomesImport.objects.create(name="a.csv", digest=b"x", is_dry_run=False, by_label="测试", created_at=AT)
    with CaptureQueriesContext(connection) as asked:
        done = home_import.import_portion(run.pk, by=BY, at=AT, path=path, most=most)
    assert done is not None
    return done, len(asked)


class TestStatements:
    def test_they_do_not_grow_with_the_rows(self, tmp_path: Path) -> None:
        portion(table(tmp_path / "warm.csv", *families(2, "甲")))
        few, for_few = portion(table(tmp_path / "few.csv", *families(4, "乙")))
        many, for_many = portion(table(tmp_path / "many.csv", *families(190, "丙")))
        assert (counts(few), counts(many)) == ((12, 0, 0, 0), (570, 0, 0, 0))
        assert for_many <= for_few + 2  # what is much goes by COPY
        assert for_many <= 45

    def test_a_table_that_is_there_already_writes_nothing(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.csv", *families(60))
        portion(path)
        before = Event.objects.exclude(kind="homes.imported").count()
        done, asked = portion(path)
        assert counts(done) == (0, 0, 180, 0)
        assert Event.objects.exclude(kind="homes.imported").count() == before
        assert asked <= 30

    def test_only_what_is_in_doubt_is_taken_by_itself(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        alone: list[str] = []
        real = home_import.take_row

        def counted(taking: Any, said: dict[str, Any]) -> str:
            alone.append(said["name"])
            return real(taking, said)

        monkeypatch.setattr(home_import, "take_row", counted)
        wrong = row(name="错号", building="1号楼", number="101", phone="12")
        done, _asked = portion(table(tmp_path / "a.csv", *families(20), wrong))
        assert (counts(done), alone) == ((60, 0, 0, 1), ["错号"])


class TestKept:
    def test_what_the_log_keeps_and_what_is_sealed(self, tmp_path: Path) -> None:
        portion(table(tmp_path / "a.csv", *families(1)))
        kinds = sorted(Event.objects.exclude(kind="homes.imported").values_list("kind", flat=True))
        assert [kind for kind in kinds if not kind.startswith(("territory.", "division", "tag_kind"))] == [
            "building.registered", "household.moved_in", "household.moved_in", "household.moved_in", "household.registered",
            "person.changed", "person.registered", "person.registered", "person.registered", "tag.put", "unit.registered",
        ]  # fmt: skip
        head = public.find_by_citizen_id(citizen(1, "19700101"))
        assert head is not None
        assert (head.gender, str(head.born_on), head.citizen_id) == ("male", "1970-01-01", citizen(1, "19700101"))
        assert bytes(head.citizen_id_sealed or b"").find(b"19700101") == -1
        assert Contact.objects.get(person=head).value == "13800000001"
        old = Person.objects.get(name="老人0")
        assert (old.note, str(old.born_on), Tag.objects.get(person=old).kind.name) == (
            "每周走访",
            "1948-03-05",
            "独居老人",
        )
        assert list(Residence.objects.order_by("id").values_list("role", flat=True)) == ["head", "parent", "child"]

    def test_who_may_be_somebody_registered_is_told(self, tmp_path: Path, divisions: dict[str, Any]) -> None:
        there = unit(divisions["西河社区"])
        public.open_household(there.pk, [resident("老人3", "head", born_on=date(1948, 3, 5))], by=BY, at=AT)
        done, _asked = portion(table(tmp_path / "a.csv", *families(5)))
        assert counts(done) == (14, 0, 0, 1)
        assert (done.errors[0][0], done.errors[0][1]) == (12, "姓名")
        assert "姓名和出生日期相同" in done.errors[0][2]

    def test_two_rows_of_one_person_are_told(self, tmp_path: Path) -> None:
        twice = row(name="老人0", born_on="1948-03-05", building="9号楼", number="901")
        done, _asked = portion(table(tmp_path / "a.csv", *families(2), twice))
        assert counts(done) == (6, 0, 0, 1)
        assert done.errors[0][0] == 8

    def test_out_of_reach_is_left_out(self, tmp_path: Path, divisions: dict[str, Any]) -> None:
        path = table(tmp_path / "a.csv", *families(2), row(division=WEST, name="王三"))
        assert counts(take(path, by=worker(divisions["东风社区"]))) == (6, 0, 0, 1)

    def test_where_somebody_else_was_first_it_is_row_by_row(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lost(*_args: Any) -> None:
            Building.objects.create(
                division_id=places()["西河社区"], name="丙", address="丙", kind="other", sort="", words=""
            )
            raise IntegrityError

        monkeypatch.setattr(home_bulk, "_settle", lost)
        assert counts(take(table(tmp_path / "a.csv", *families(2)))) == (6, 0, 0, 0)
        assert not Building.objects.filter(name="丙").exists()


class Undone(Exception):
    """The end of a trial."""


def kept(path: Path, by: Actor, *, together: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a table would leave behind, and how it went."""
    with monkeypatch.context() as patched:
        if not together:
            patched.setattr(home_import, "take_together", lambda *_args: {})
        try:
            with transaction.atomic():
                run = take(path, by=by)
                again = take(path, by=by)
                found = (counts(run), counts(again), sorted({one[0] for one in run.errors}), state())
                raise Undone
        except Undone:
            return found


def state() -> Any:
    """Everything that a table fills, without ids."""
    homes = Household.objects.all()
    door = (
        "unit__building__name",
        "unit__building__address",
        "unit__building__floors",
        "unit__entrance",
        "unit__number",
        "unit__floor",
    )
    who = (
        "person__name",
        "person__gender",
        "person__born_on",
        "person__citizen_id_masked",
        "person__note",
        "role",
        "kind",
        "since",
        "until",
    )
    return (
        sorted(map(str, Building.objects.values_list("name", "address", "floors", "kind"))),
        sorted(map(str, Unit.objects.values_list("building__name", "entrance", "number", "floor", "use"))),
        sorted(map(str, homes.values_list(*door, "kind"))),
        sorted(map(str, Residence.objects.values_list(*who))),
        sorted(Contact.objects.values_list("person__name", "masked", "is_primary")),
        sorted(Tag.objects.values_list("person__name", "kind__name", "until")),
        sorted(Event.objects.exclude(stream_kind="homes_import").values_list("stream_kind", "kind")),
    )  # fmt: skip


def any_table(chance: Random) -> list[dict[str, str]]:
    """Rows as they come: the same people twice, doubles, corrections, gaps and mistakes among them."""

    def one() -> dict[str, str]:
        n = chance.randrange(8)
        said = {"building": f"{chance.randrange(1, 4)}号楼", "number": chance.choice(["101", "102", "201", ""])}
        if chance.random() < 0.85 and said["number"]:
            said |= {"name": f"张{n}"}
            optional = {
                "citizen_id": citizen(n, "19800101"), "phone": f"1380000000{chance.randrange(4)}", "role": chance.choice(["户主", "子女", "配偶"]),
                "gender": "男", "born_on": chance.choice(["1990-01-01", "1991-01-01", "2190-01-01"]), "household": chance.choice("123"),
                "kind": chance.choice(["居住在此", "户籍在此"]), "tags": chance.choice(["独居老人", "独居老人、没有的"]), "moves": "是",
                "note": "每周走访", "is_another": "是", "since": chance.choice(["2020-01-01", "2120-01-01"]),
            }  # fmt: skip
            said |= {key: value for key, value in optional.items() if chance.random() < 0.2}
        for key, value in {
            "floors": chance.choice("67"),
            "floor": chance.choice("123"),
            "division": WEST,
            "address": "",
        }.items():
            if chance.random() < 0.1:
                said[key] = value
        return row(**said)

    return [one() for _ in range(chance.randrange(2, 14))]


@pytest.mark.parametrize("seed", range(12))
def test_together_is_as_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    path = table(tmp_path / "a.csv", *any_table(Random(seed)))
    assert kept(path, BY, together=True, monkeypatch=monkeypatch) == kept(
        path, BY, together=False, monkeypatch=monkeypatch
    )
