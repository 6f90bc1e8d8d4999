"""Acting for applicants: from the request over mandate and things to the end; who may, and what is counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build, photo
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import figures
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions import agency
from zhitong.lines.hall.actions.cases import Given, Submission
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Errand, Thing, Version
from zhitong.lines.hall.queries import agency as reading
from zhitong.lines.hall.queries import today
from zhitong.lines.hall.queries.counter import taken_in

from .cases import CITIZEN_ID
from .test_counter import an_item
from .window_scene import tiles

ANYBODY = Actor.resident()


@pytest.fixture
def district(db: None) -> District:
    load_case_defaults(by=BY)
    return build()


def wished(district: District, item: UUID | None = None, **more: Any) -> m.Opened:
    given: dict[str, Any] = {
        "name": "王小明", "phone": "13800001234", "division_id": district.streets["street"], "key": uuid4().hex, "item_id": item,
        "words": "" if item else "想办执照",
    }  # fmt: skip
    return agency.ask(agency.Wish(**{**given, **more}), by=ANYBODY, at=timezone.now())


def an_agent(district: District, name: str = "grid", street: str = "street") -> Actor:
    staff = district.people[name].staff_id
    assert staff is not None
    agency.appoint(staff, sort="grid_agent", division_id=district.streets[street], by=BY, at=timezone.now())
    return district.actor(name)


def act(done: m.Opened, action: str, by: Actor, **data: Any) -> m.Matter:
    return m.act(done.matter_id, action, data, by=by, at=timezone.now())


def mandated(done: m.Opened, by: Actor, **more: Any) -> None:
    given = {"citizen_id": CITIZEN_ID, "months": "1", "way": "by_code", "code": done.tracking_code}
    act(done, "mandate", by, **{**given, **more})


def said(item: UUID, **more: Any) -> Submission:
    version = Version.objects.get(item=item)
    states = {one.pk: Given("handed") for one in version.materials.all() if not one.held_by}
    given: dict[str, Any] = {
        "item_id": item, "key": uuid4().hex, "name": "王小明", "phone": "13800001234", "citizen_id": CITIZEN_ID,
        "materials": states,
    }  # fmt: skip
    return Submission(**{**given, **more})


def test_from_asking_to_the_end(district: District) -> None:
    item = an_item(district)
    done, by = wished(district, item), an_agent(district)
    assert [one.pk for one in reading.pool(by, timezone.now()).waiting] == [done.matter_id]
    assert agency.take(done.matter_id, by=by, at=timezone.now()).stage == "taken"
    mine = reading.pool(by, timezone.now())
    assert ([one.pk for one in mine.mine], mine.waiting) == ([done.matter_id], [])
    mandated(done, by)
    act(done, "collect", by, things="营业执照正本\n公章", way="by_code", code=done.tracking_code)
    applied = agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now())
    assert m.Matter.objects.get(pk=applied.matter_id).channel == "agent"
    assert Errand.objects.get().application_id == applied.matter_id
    with pytest.raises(Refused, match="没有归还"):
        act(done, "finish", by, note="已办好")
    things = [str(pk) for pk in Thing.objects.values_list("pk", flat=True)]
    act(done, "hand_back", by, things=things, way="by_code", code=done.tracking_code)
    assert act(done, "finish", by, note="已办好").stage == "done"
    assert m.Record.objects.filter(matter=done.matter_id, action__in=["collect", "hand_back"]).count() == 2
    assert done.tracking_code not in str(list(m.Record.objects.values_list("data", flat=True))), (
        "it would let anybody follow"
    )
    today = timezone.localdate()
    (row,) = reading.counted("agent", today - timedelta(days=1), today)
    assert (row["n"], row["units"], row["parks"], row["on_site"]) == (1, 1, 0, 1)
    slugs = ["agency_asked", "agency_done", "agency_park", "agency_on_site", "agency_units", "agency_things"]
    given = {f.indicator.slug: int(f.value or 0) for f in figures(slugs, today, today, scope=BY)}
    assert given == {
        "agency_asked": 1, "agency_done": row["n"], "agency_park": row["parks"], "agency_on_site": row["on_site"],
        "agency_units": row["units"], "agency_things": 4,
    }  # fmt: skip


def test_the_whole_district_is_added_up_and_what_waits_is_said(district: District) -> None:
    by, today = an_agent(district), timezone.localdate()
    for words in ("办执照", "变更地址"):
        done = wished(district, words=words)
        agency.take(done.matter_id, by=by, at=timezone.now())
        act(done, "finish", by, note="已办好")
    held = wished(district, words="年报")
    agency.take(held.matter_id, by=by, at=timezone.now())
    waits = wished(district, words="注销")
    whole = reading.whole(today, today)
    assert (whole.waiting, whole.taken, whole.since) == (1, 1, m.Matter.objects.get(pk=waits.matter_id).opened_at)
    assert (whole.done["n"], whole.done["units"], whole.done["parks"]) == (2, 1, 0)
    for dimension in ("agent", "organ", "area"):
        assert sum(row["n"] for row in reading.counted(dimension, today, today)) == 2
    assert sum(reading.waiting_by_area().values()) == 1
    page = district.client("admin").get(reverse("hall:agents")).content.decode()
    for said in ("待接单", "正在代办", "按单位", "全区合计"):
        assert said in page, said
    empty = reading.whole(today + timedelta(days=1), today + timedelta(days=1))
    assert (empty.done["n"], empty.done["took"]) == (0, None)


def test_who_was_served_counts_once_a_year(district: District) -> None:
    by, today = an_agent(district), timezone.localdate()
    for words in ("办执照", "变更地址"):
        done = wished(district, words=words)
        agency.take(done.matter_id, by=by, at=timezone.now())
        act(done, "finish", by, note="已办好")
    (row,) = reading.counted("agent", today, today)
    given = {
        f.indicator.slug: int(f.value or 0) for f in figures(["agency_done", "agency_units"], today, today, scope=BY)
    }
    assert given == {"agency_done": 2, "agency_units": 1} == {"agency_done": row["n"], "agency_units": row["units"]}


def test_only_agents_of_the_place_take_it_and_the_first_has_it(district: District) -> None:
    done = wished(district)
    with pytest.raises(NotAllowed):
        agency.take(done.matter_id, by=district.actor("grid"), at=timezone.now())
    far = an_agent(district, street="elsewhere")
    assert reading.pool(far, timezone.now()).waiting == []
    with pytest.raises(NotFound):
        agency.take(done.matter_id, by=far, at=timezone.now())
    with pytest.raises(NotAllowed):
        agency.take(done.matter_id, by=district.actor("worker"), at=timezone.now())
    near = an_agent(district)
    agency.take(done.matter_id, by=near, at=timezone.now())
    with pytest.raises(Conflict):
        agency.take(done.matter_id, by=near, at=timezone.now())
    act(done, "give_back", near, reason="临时有事")
    assert Errand.objects.get().agent is None
    agency.take(done.matter_id, by=near, at=timezone.now())


def test_nobody_applies_without_a_mandate(district: District) -> None:
    item = an_item(district)
    done, by = wished(district, item), an_agent(district)
    agency.take(done.matter_id, by=by, at=timezone.now())
    with pytest.raises(Refused, match="委托"):
        agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now())
    with pytest.raises(Refused) as found:
        mandated(done, by, code="AAAAAAAA")
    assert found.value.field == "code"
    mandated(done, by)
    with pytest.raises(Refused, match="不一致"):
        agency.apply_for(done.matter_id, said(item, citizen_id="370102199003070016"), by=by, at=timezone.now())
    with pytest.raises(Refused, match="委托"):
        agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now() + timedelta(days=40))
    with pytest.raises(NotFound):
        agency.apply_for(done.matter_id, said(item), by=district.actor("worker"), at=timezone.now())
    act(done, "revoke", Actor.resident([done.matter_id]))
    with pytest.raises(Refused, match="委托"):
        agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now())


def test_whoever_applied_for_somebody_gets_the_receipt(district: District) -> None:
    """An agent of a street sees the matters of the street alone; the receipt of what another organ handles is for the applicant."""
    item = an_item(district)
    done, by = wished(district, item), an_agent(district)
    agency.take(done.matter_id, by=by, at=timezone.now())
    mandated(done, by)
    applied = agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now())
    of_street = replace(by, grants=tuple(replace(one, scope="organ", organ_ids=frozenset()) for one in by.grants))
    assert not m.visible_matters(of_street).filter(pk=applied.matter_id).exists()
    matter, is_seen = taken_in(applied.matter_id, of_street)
    assert (matter.number, is_seen) == (applied.number, False)
    with pytest.raises(NotFound):
        taken_in(applied.matter_id, replace(of_street, account_id=uuid4()))
    shown = district.client("grid").get(reverse("hall:slip", args=[applied.matter_id])).content.decode()
    assert applied.number in shown
    assert reverse("hall:pool") in shown


def test_a_phone_that_is_known_is_not_asked_for_again(district: District) -> None:
    """The counter shows it masked and has no field for it; nothing that is wrong sends an agent to what only residents have."""
    item = an_item(district)
    done, by = wished(district, item), an_agent(district)
    agency.take(done.matter_id, by=by, at=timezone.now())
    mandated(done, by)
    agency.apply_for(done.matter_id, said(item), by=by, at=timezone.now())
    again = agency.apply_for(done.matter_id, said(item, phone="", is_another=True), by=by, at=timezone.now())
    assert m.Matter.objects.get(pk=again.matter_id).channel == "agent"
    with pytest.raises(Refused, match="向申请人收齐"):
        agency.apply_for(done.matter_id, said(item, materials={}), by=by, at=timezone.now())


def test_what_an_agent_is_asked_for_is_said(district: District) -> None:
    """Somebody in the pool has to know what it is about: an item, or words."""
    with pytest.raises(Refused, match="要办什么") as found:
        wished(district, words=" ")
    assert found.value.field == "words"
    place = str(district.streets["street"])
    given = {"name": "王小明", "phone": "13800001234", "division": place, "words": ""}
    answer = Client().post(reverse("hall:ask_agent"), given)
    assert answer.status_code == 422
    assert "请写明要办什么" in answer.content.decode()
    assert Client().post(reverse("hall:ask_agent"), {**given, "item": str(an_item(district))}).status_code == 302


def test_on_paper_a_scan_is_asked_for(district: District) -> None:
    done, by = wished(district, an_item(district)), an_agent(district)
    agency.take(done.matter_id, by=by, at=timezone.now())
    for action, data in (
        ("mandate", {"citizen_id": CITIZEN_ID, "months": "1"}), ("collect", {"things": "公章"}),
    ):  # fmt: skip
        with pytest.raises(Refused, match="扫描件") as found:
            act(done, action, by, **data, way="on_paper")
        assert found.value.field == "files"
    scan = m.check_upload("委托书.jpg", photo())
    given = {"citizen_id": CITIZEN_ID, "months": "1", "way": "on_paper"}
    m.act(done.matter_id, "mandate", given, by=by, at=timezone.now(), files=[scan])
    assert Errand.objects.get().is_mandated(timezone.localdate())
    assert m.Attachment.objects.get(matter=done.matter_id).name == "委托书.jpg"


def test_whoever_asked_follows_it_takes_the_mandate_back_and_calls_it_off(district: District) -> None:
    done, by = wished(district, an_item(district), words="办执照"), an_agent(district)
    page, address = Client(), reverse("hall:errand", args=[done.number])
    assert page.get(address).status_code == 302  # number and code are asked for first
    known = page.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    assert (known.status_code, known["Location"]) == (302, address)
    shown = page.get(address).content.decode()
    assert "待接单" in shown
    assert reverse("hall:errand_act", args=[done.number, "revoke"]) not in shown
    agency.take(done.matter_id, by=by, at=timezone.now())
    mandated(done, by)
    act(done, "collect", by, things="公章", way="by_code", code=done.tracking_code)
    shown = page.get(address).content.decode()
    for words in ("代办中", "公章", "已签署委托", "有效期至"):
        assert words in shown
    assert page.post(reverse("hall:errand_act", args=[done.number, "revoke"])).status_code == 302
    assert Errand.objects.get().revoked_at
    call_off = reverse("hall:errand_act", args=[done.number, "drop"])
    assert "没有归还" in page.post(call_off, follow=True).content.decode()
    (thing,) = Thing.objects.values_list("pk", flat=True)
    act(done, "hand_back", by, things=[str(thing)], way="by_code", code=done.tracking_code)
    assert "代办取消" in page.post(call_off, follow=True).content.decode()
    assert page.post(reverse("hall:errand_act", args=[done.number, "finish"])).status_code == 404
    assert Client().post(call_off).status_code == 404


def test_somebody_who_stops_being_an_agent(district: District) -> None:
    by = an_agent(district)
    (row,) = reading.agents(timezone.localdate())
    agency.dismiss(row.pk, by=BY, at=timezone.now())
    assert not reading.agents(timezone.localdate()).exists()
    with pytest.raises(NotAllowed):
        agency.take(wished(district).matter_id, by=by, at=timezone.now())


def test_the_pages(district: District) -> None:
    by = an_agent(district)
    page = district.client("grid")
    body = {
        "name": "王小明", "phone": "13800001234", "division": str(district.streets["street"]), "key": "one", "words": "办执照",
    }  # fmt: skip
    sent = page.post("/hall/agent", body)
    number = Errand.objects.get().matter.number
    assert sent["Location"] == reverse("hall:receipt", args=[number])
    kept = page.get(sent["Location"]).content.decode()
    for words in ("已收到代办申请", "查询码", "上门时", reverse("hall:errand", args=[number])):
        assert words in kept
    assert Client().get(sent["Location"]).status_code == 302  # only the browser that asked sees the code
    assert page.post("/hall/agent", {**body, "phone": "", "key": "two"}).status_code == 422
    done = Errand.objects.get()
    assert "接单" in page.get("/desk/agency/").content.decode()
    assert page.post("/desk/agency/take", {"errand": str(done.pk)}).status_code == 302
    assert reading.pool(by, timezone.now()).mine == [done]
    admin = district.client("admin")
    assert admin.get("/setup/agents/").status_code == 200
    assert admin.post("/setup/agents/", {"staff_no": "none"}).status_code == 422


def test_the_home_of_an_agent(district: District) -> None:
    item = an_item(district)
    waits, done, by = wished(district, item), wished(district, item), an_agent(district)
    agency.take(done.matter_id, by=by, at=timezone.now())
    assert waits.number != done.number
    assert tiles(today.of_an_agent(by, timezone.now())) == {"待接单": 1, "我接的": 1, "待签委托": 1, "手上的原件": 0}
    mandated(done, by)
    act(done, "collect", by, things="公章", way="by_code", code=done.tracking_code)
    assert tiles(today.of_an_agent(by, timezone.now())) == {"待接单": 1, "我接的": 1, "待签委托": 0, "手上的原件": 1}
    assert "手上的原件" in district.client("grid").get(reverse("portal:desk")).content.decode()
    assert today.of_an_agent(district.actor("worker"), timezone.now()) is None
