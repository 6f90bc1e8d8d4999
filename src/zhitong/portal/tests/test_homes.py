"""Pages of homes: found by number, name and address, seen masked, entered once, corrected by two, merged and parted."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.base.citizen import citizen_check
from zhitong.kernel.events.public import Event
from zhitong.kernel.register import public as register
from zhitong.kernel.register.queries import looks

pytestmark = pytest.mark.django_db
CITIZEN = "37999919800101001" + citizen_check("37999919800101001")
PHONE = "13800000001"


@pytest.fixture
def office(db):
    return build()


@pytest.fixture
def home(office: District):
    at = timezone.now()
    new = register.NewBuilding(office.streets["street"], "示范3号楼", "东风路8号")
    (building,) = register.add_buildings([new], by=BY, at=at)
    (unit,) = register.add_units(building.pk, [register.NewUnit("2单元-502", "2单元", 5)], by=BY, at=at)
    head = register.NewResident(timezone.localdate(), register.NewPerson("张三丰", PHONE, "", CITIZEN), role="head")
    return register.open_household(unit.pk, [head], by=BY, at=at)


def head_of(home):
    return register.residents_of([home.pk])[home.pk][0].person


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def typed(**more):
    return {"name": "李四", "role": "spouse", "kind": "both", "since": timezone.localdate().isoformat(), **more}


@pytest.mark.parametrize("q", [CITIZEN, PHONE, "张三丰", "东风路8号"])
def test_found_within_reach_and_masked(office, home, q):
    page = office.client("grid").post(url("homes"), {"q": q}).content.decode()
    assert "示范3号楼" in page or "2单元-502" in page
    assert "<td>张三丰" not in page
    assert PHONE not in page.replace(f'value="{q}"', "")
    elsewhere = office.client("elsewhere").post(url("homes"), {"q": q}).content.decode()
    assert "2单元-502" not in elsewhere
    assert "示范3号楼" not in elsewhere


def test_a_building_that_was_looked_for_is_counted_like_one_in_a_list(office, home):
    client = office.client("grid")
    for page in (
        client.post(url("homes"), {"q": "示范3号楼"}),
        client.get(url("homes"), {"in": office.streets["street"]}),
    ):
        row = page.content.decode().split("示范3号楼</a>")[1].split("</tr>")[0]
        assert re.findall(r'data-label="(房屋|住户)">(\d+)<', row) == [("房屋", "1"), ("住户", "1")]


def test_every_page_in_a_few_statements_and_masked(office, home, django_assert_max_num_queries):
    client, person = office.client("grid"), head_of(home)
    for page in (
        url("homes"), url("home_building", home.unit.building_id), url("household", home.pk), url("resident", person.pk),
        url("household_join", home.pk), url("resident_edit", person.pk), url("home_building_edit", home.unit.building_id),
    ):  # fmt: skip
        client.get(page)
        with django_assert_max_num_queries(24) as asked:  # with the session, the account and its grants
            text = client.get(page).content.decode()
        assert len([q for q in asked if "register_" in q["sql"]]) <= 14
        assert CITIZEN not in text
        assert PHONE not in text
        assert not any(day in text for day in ("1980-01-01", "1980年1月1日")), "fills in what the mask hides"


def test_a_full_number_for_a_reason_that_is_kept(office, home):
    client, page = office.client("worker"), url("resident_reveal", head_of(home).pk)
    assert CITIZEN not in client.post(page, {"reason": ""}).content.decode()
    assert CITIZEN in client.post(page, {"reason": "核对居住登记"}).content.decode()
    assert Event.objects.filter(kind="person.revealed").count() == 1
    assert office.client("elsewhere").post(page, {"reason": "看看"}).status_code == 404


def test_who_looked_and_why_can_be_read(office, home):
    worker, person = office.client("worker"), head_of(home)
    assert "查看记录" not in worker.get(url("resident", person.pk)).content.decode()
    worker.post(url("resident_reveal", person.pk), {"reason": "核对居住登记"})
    register.export_homes(None, in_full=True, reason="年度核查", by=BY, at=timezone.now())
    own = worker.get(url("resident", person.pk)).content.decode().split("查看记录", 1)[1]
    assert "核对居住登记" in own
    assert "年度核查" in own
    assert "核对居住登记" not in office.client("grid").get(url("resident", person.pk)).content.decode()
    assert worker.get(url("looks")).status_code == 403
    text = office.client("admin").get(url("looks")).content.decode()
    assert (
        text.count("核对居住登记") == text.count("年度核查") == 1
    )  # an export is one line, not one for each of its people
    assert "张**" in text
    assert CITIZEN not in text
    who = Event.objects.get(kind="person.revealed", data__what="citizen_id").by_account
    only = office.client("admin").get(url("looks"), {"who": who}).content.decode()
    assert "核对居住登记" in only
    assert "年度核查" not in only


def test_looks_are_read_page_by_page(office, home, monkeypatch):
    monkeypatch.setattr(looks, "PAGE", 2)
    person = head_of(home)
    for n in range(5):
        register.reveal(person, reason=f"第{n}次", by=BY, at=timezone.now())
    admin, seen, after = office.client("admin"), [], ""
    for _page in range(3):
        text = admin.get(url("looks"), {"after": after}).content.decode()
        seen += re.findall("第[0-9]次", text)
        after = (re.findall(r'after=([0-9a-f-]{36})" rel="next"', text) or [""])[0]
    assert (seen, after) == ([f"第{n}次" for n in (4, 3, 2, 1, 0)], "")


def test_a_building_with_its_units_and_a_household(office, home):
    client = office.client("admin")
    code = "990101001"
    answer = client.post(
        url("home_building_new"), {"name": "4号楼", "address": "东风路8号", "kind": "residential", "division": code}
    )
    building = register.visible_buildings(BY).get(name="4号楼")
    assert answer.url == url("home_building", building.pk)
    client.post(url("home_unit_new", building.pk), {"number": "101", "use": "living"})
    unit = register.visible_units(BY).get(building=building)
    client.post(url("household_new", unit.pk), typed(household_kind="family", role="head"))
    assert register.visible_households(BY).filter(unit=unit).exists()
    wrong = client.post(url("home_building_new"), {"name": "", "address": "x", "kind": "residential", "division": "1"})
    assert wrong.status_code == 422


def test_who_is_registered_already_is_offered(office, home):
    client, page = office.client("grid"), url("household_join", home.pk)
    other = register.find_or_create_person(name="李四", phone="13800000002", by=BY, at=timezone.now())
    asked = client.post(page, typed(phone="13800000002"))
    assert asked.status_code == 422
    assert str(other.person_id) in asked.content.decode()
    assert client.post(page, typed(phone="13800000002", chosen=str(other.person_id))).status_code == 302
    assert other.person_id in {row.person_id for row in register.residents_of([home.pk])[home.pk]}
    assert client.post(page, typed(phone="13800000002", role="other", chosen="another")).status_code == 302
    assert len(register.residents_of([home.pk])[home.pk]) == 3


def test_what_somebody_else_changed_is_shown_and_then_overwritten_knowingly(office, home):
    client, page = office.client("grid"), url("household_edit", home.pk)
    register.change_household(home.pk, note="门牌重新钉过", by=BY, at=timezone.now())
    first = client.post(page, {"kind": "family", "note": "门牌丢失", "version": 1})
    assert first.status_code == 422
    text = first.content.decode()
    assert "门牌重新钉过" in text
    assert "门牌丢失" in text
    assert 'name="version" value="2"' in text
    assert client.post(page, {"kind": "family", "note": "门牌丢失", "version": 2}).status_code == 302


def test_merged_and_parted(office, home):
    client = office.client("grid")
    client.post(url("household_join", home.pk), typed(name="张三丰", role="other", chosen="another"))
    kept = head_of(home)
    gone = next(r.person for r in register.residents_of([home.pk])[home.pk] if r.person_id != kept.pk)
    page = url("resident_merge", kept.pk, gone.pk)
    register.Person.objects.filter(pk=kept.pk).update(born_on="1979-05-06")
    for born, said in (("1980-01-02", "不同"), ("1979-05-06", "相同"), (None, "有一方没有登记")):
        register.Person.objects.filter(pk=gone.pk).update(born_on=born)
        text = client.get(page).content.decode()
        assert said in text
        assert not re.search(r"\d{4}(-|年)\d{1,2}(-|月)\d{1,2}", text)
    assert client.post(page).url == url("resident", kept.pk)
    assert client.get(url("resident", gone.pk)).url == url("resident", kept.pk)
    (merge,) = register.merges_of(kept.pk)
    assert str(merge.pk) in client.get(url("resident", kept.pk)).content.decode()
    client.post(url("merge_undo", merge.pk))
    assert client.get(url("resident", gone.pk)).status_code == 200


def test_tags(office, home):
    admin, client, person = office.client("admin"), office.client("grid"), head_of(home)
    admin.post(
        url("tag_kinds"), {"name": "独居老人", "subject": "person", "purpose": "探访", "days": 90, "is_in_use": "on"}
    )
    (kind,) = register.tag_kinds("person")
    client.post(url("resident_tag", person.pk), {"kind": str(kind.pk), "purpose": "独自居住"})
    assert "2单元-502" in client.get(url("home_tag", kind.pk)).content.decode()
    (tag,) = register.tags_on("person", [person.pk])[person.pk]
    client.post(url("tag_end", tag.pk))
    assert register.tags_on("person", [person.pk]) == {}


def test_a_button_says_what_it_does(office, home):
    """In English an event's words are others than a button's."""
    worker = office.client("grid")
    worker.cookies["django_language"] = "en"
    page = worker.get(url("home_building", home.unit.building_id)).content.decode()
    assert "Register a unit" in page
    assert "Register a household" in page
    assert "registered" not in page.split("<main")[1]
    assert '<td class="zt-row-actions" data-label="Actions">' in page  # side by side, however long the words are
