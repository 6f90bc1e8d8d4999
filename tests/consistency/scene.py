"""The stage for tests that go to every address: who comes, what there is, and how to ask for it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.district import BY, District, Raised, photo
from tests.machine import machine
from zhitong.base.citizen import credit_check
from zhitong.gateway.webhooks.actions import make_endpoint
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import inbox
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import posts_of
from zhitong.kernel.papers import public as papers
from zhitong.kernel.privacy import public as privacy
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import Firm, NewFirm, NewPerson, contacts_of, register_firms
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.territory.public import Level, descendants
from zhitong.lines.appeals.actions.orders import receive_file
from zhitong.lines.appeals.actions.raising import Said, raise_appeal
from zhitong.lines.campaigns import public as campaigns
from zhitong.lines.fieldwork.models import VideoCall
from zhitong.lines.hall import public as hall
from zhitong.lines.hall.actions.missed import note_missed
from zhitong.lines.hall.actions.smart import start_smart
from zhitong.lines.hall.models import Missed
from zhitong.lines.hall.tests.bundle_scene import bundle_things
from zhitong.lines.hall.tests.window_scene import window_things
from zhitong.lines.surveys import public as surveys
from zhitong.lines.surveys.public import workbook_of
from zhitong.portal.actions import save_view

# The columns.  ``here`` is a matter that a resident raised and the street office of grid, worker and head handles;
# ``there`` is the neighbour's, at another street office; ``taken`` was taken down by the clerk and is with nobody yet.
PERSONAS = {
    "R": "resident", "N": "neighbour", "S": "stranger", "G": "grid", "C": "clerk", "W": "worker", "E": "elsewhere", "H": "head",
    "D": "dispatcher", "A": "arbiter", "V": "visitor", "U": "supervisor", "L": "leader", "M": "admin",
    "P": "officer", "K": "archivist",
}  # fmt: skip
OWN = {
    "admin": ("there", "here"),
    "neighbour": ("there", "here"),
    "elsewhere": ("there", "here"),
    "clerk": ("taken", "here"),
}
# Routes whose "own" and "other" are something else: what is public, and what is not.
SUBJECTS = dict.fromkeys(("appeals:public_detail", "appeals:join", "hall:item", "hall:apply"), ("shown", "here"))
# What the resident applied for, and what somebody else did.
SUBJECTS |= dict.fromkeys(
    ("hall:receipt", "hall:receipt_code", "hall:tracked", "hall:act", "hall:file"), ("applied", "applied_by_other")
)
SUBJECTS |= dict.fromkeys(("hall:errand", "hall:errand_act"), ("asked", "asked_by_other"))
SUBJECTS |= dict.fromkeys(
    ("hall:bundle_followed", "hall:bundle_part", "hall:bundle_act", "hall:bundle_pack"), ("bundled", "bundled_by_other")
)

# Values of parameters that name nothing of anybody's.
REST = {
    "move": "next",
    "level": "street",
    "key": "organs",
    "status": 410,
    "action": "supplement",
    "slug": "note",
    "learned_id": UUID(int=7),
    "word_id": UUID(int=7),
    "rule_id": UUID(int=7),
    "redrawing_id": UUID(int=7),
    "ending": "pdf",
    "version": "supplied",
}
PAPER = "hall-licence"
SLUGS = {
    "portal:dispatch_kind": "appeal", "portal:dispatch_learn": "appeal", "portal:dispatch_progress": "appeal",
    "portal:check": "calendar", "fieldwork:todo": "drive_tick", "appeals:board_do": "merge",
    **dict.fromkeys((f"portal:setup_paper{what}" for what in ("", "_choose", "_template", "_preview")), PAPER),
}  # fmt: skip
QUERIES = {
    "portal:territory_locate": {"lon": "117.02", "lat": "36.55"},
    "portal:figures_behind": {"indicator": "appeal_volume"},
}


def routes(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every page but those of the administration, by its name; machines have a table of their own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLResolver):
            yield f"{space}{pattern.name}", pattern
        elif pattern.namespace not in ("admin", "api", "open311"):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space)


@dataclass
class Scene:
    """What there is to open, and a browser for each persona."""

    district: District
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    matters: int = 0  # how many there are

    def paths(self, route: str, pattern: URLPattern, persona: str) -> list[str]:
        """The address of one's own, and of somebody else's where the route names something."""
        names = set(pattern.pattern.converters)
        subjects = SUBJECTS.get(route, OWN.get(persona, ("here", "there")))
        rest = REST | ({"slug": SLUGS[route]} if route in SLUGS else {})
        found = [reverse(route, kwargs={n: self.things[s].get(n, rest.get(n)) for n in names}) for s in subjects]
        query = f"?{urlencode(QUERIES[route])}" if route in QUERIES else ""
        return [f"{path}{query}" for path in dict.fromkeys(found)]

    def client(self, persona: str, **options: Any) -> Client:
        """A browser of ``persona``."""
        client = Client(**options)
        client.cookies = SimpleCookie(self.cookies[persona])
        return client

    def ask(self, persona: str, method: str, path: str, body: Any = None, *, strict: bool = False) -> HttpResponse:
        """One request in the browser of ``persona``; whatever it changed is undone."""
        client = self.client(persona, enforce_csrf_checks=strict)
        with transaction.atomic():
            answer: HttpResponse = getattr(client, method.lower())(path, body or {})
            transaction.set_rollback(True)
        return answer


def _things(district: District, raised: Raised, owner: str = "") -> dict[str, Any]:
    """What belongs to a matter, and to the person who has it on the desk."""
    m.attach(raised.matter, [m.check_upload("a.jpg", photo())], by=Actor.resident(), at=timezone.now())
    found: dict[str, Any] = {"matter_id": raised.id, "number": raised.number}
    found["attachment_id"] = found["file_id"] = m.Attachment.objects.values_list("pk", flat=True).get(matter=raised.id)
    with transaction.atomic():
        paper = papers.issue(PAPER, {"applicant": "王小明"}, matter_id=raised.id, by=BY, at=timezone.now())
    found |= {"paper_id": paper.pk, "paper_code": paper.opened()["_code"]}
    who = m.Participant.objects.get(matter=raised.id)
    found |= {"participant_id": who.pk, "contact_id": contacts_of([who.person_id])[who.person_id][0].pk}
    if owner:
        actor, notice = district.actor(owner), inbox(district.people[owner].pk).first()
        assert notice is not None
        view = save_view(name="我的", query="stage=open", by=actor, at=timezone.now())
        found |= {"notice_id": notice.pk, "view_id": view.pk}
    return found


def _orders(district: District, owner: str) -> UUID:
    """A file of work orders that this person has sent."""
    file = ContentFile("工单编号,诉求内容\n1,路灯不亮\n".encode(), name="工单.csv")
    return receive_file(file, by=district.actor(owner), at=timezone.now()).pk


def _table_of_homes(district: District, owner: str) -> UUID:
    """A table of homes that this person has sent."""
    file = ContentFile("区划编码,楼栋名称\n1,1号楼\n".encode(), name="人房.csv")
    return register.receive_homes(file, by=district.actor(owner), at=timezone.now()).pk


def _endpoint(district: District) -> UUID:
    """Another system that is told what happens; nothing is sent in these tests."""
    (seat,) = posts_of(district.people["worker"].staff_id or uuid4(), timezone.localdate())
    made, _secret = make_endpoint(
        name="市级平台", url="https://93.184.216.34/", kinds=["appeal.rate"], post_id=seat.post.pk,
        origin="https://zhitong.example", by=BY, at=timezone.now(),
    )  # fmt: skip
    return made.pk


def _missed() -> UUID:
    """Words that were looked for twice and not found."""
    for _ in range(2):
        note_missed("剧本杀", at=timezone.now())
    return Missed.objects.get().pk


def _privacy(district: District) -> dict[str, Any]:
    """What somebody has asked about their data, and a list of what is to be destroyed."""
    now, old = timezone.now(), district.closed()
    m.Matter.objects.filter(pk=old.id).update(closed_at=now - timedelta(days=366 * 12))
    person = m.Participant.objects.get(matter=old.id).person_id
    asked = privacy.open_request(person, wish="copy", verified="当面", by=district.actor("officer"), at=now)
    made = privacy.make_list("matters.closed", by=district.actor("archivist"), at=now)
    return {"request_id": asked.pk, "list_id": made.pk, "kind": made.kind}


def _item(district: District, organ: str, *, is_offered: bool = False) -> dict[str, UUID]:
    """A service item of that organ, as it is drafted, or offered already."""
    at, code = timezone.now(), f"{organ}-{is_offered}"
    base = hall.create_base(code=code, name="临时占用城市道路许可", kind="permit", by=BY, at=at)
    item = hall.create_item(
        base_id=base.pk, code=code, organ_id=district.organs[organ].pk, topic="city", everyday="占道", by=BY, at=at
    )
    fields = {
        "basis": "《城市道路管理条例》第三十一条", "conditions": "无", "statutory_days": 20, "promised_days": 1, "fee": "不收费",
        "delivery": ["pick_up"], "place": "一楼", "consult_phone": "12345", "complaint_phone": "12345", "result": "许可证",
    }  # fmt: skip
    draft = hall.start_draft(item.pk, by=BY, at=at)
    hall.write_draft(draft.pk, fields, [{"name": "申请表", "is_deferrable": True}], by=BY, at=at)
    if is_offered:
        hall.publish(draft.pk, effective_on=timezone.localdate(at), by=BY, at=at)
    return {"item_id": item.pk, "version_id": draft.pk, "base_id": base.pk}


def _application(item_id: UUID, name: str, citizen_id: str) -> tuple[dict[str, Any], str]:
    """What somebody applied for at the counter, with a file; and its tracking code."""
    version = hall.version_on(item_id, timezone.localdate())
    assert version is not None
    file = m.check_upload("申请表.jpg", photo())
    done = hall.submit(
        hall.Submission(
            item_id=item_id, key=f"scene-{citizen_id}", name=name, phone="13800007777", citizen_id=citizen_id, channel="window",
            materials={one.pk: hall.Given(files=[file]) for one in version.materials.all()},
        ),
        by=BY, at=timezone.now(),
    )  # fmt: skip
    kept = m.Attachment.objects.values_list("pk", flat=True).get(matter=done.matter_id)
    found = {"matter_id": done.matter_id, "number": done.number, "file_id": kept, "action": "withdraw"}
    return found, done.tracking_code


def _survey(district: District, street: str) -> dict[str, Any]:
    """A survey of one target in that street with an answer to it, and a draft of its form with a picture and a rule."""
    today, at = timezone.localdate(), timezone.now()
    asked = [["type", "name", "label", "media::image"], ["note", "map", "走访路线", "map.jpg"], ["text", "holder", "户主", ""],
             ["image", "door", "门牌照片", ""]]  # fmt: skip
    made, draft = _forms(workbook_of({"survey": asked, "settings": [["form_id"], ["doors"]]}), street, at)
    one = surveys.begin(
        made.pk, name="入户普查", starts_on=today, ends_on=today, by=BY, at=at,
        targets=[surveys.NewTarget("1号楼", district.streets[street])],
    )  # fmt: skip
    target = one.targets.get()
    content = "<data id='doors'><holder>王小明</holder><door>a.jpg</door><meta><instanceID>u</instanceID></meta></data>"
    answer, _new = surveys.submit(target.pk, content.encode(), {"a.jpg": photo()}, by=BY, at=at)
    rule = surveys.add_rule(
        made.form_id, path="/data/holder", crossing="answered", subkind=m.finding_subkinds()[0].pk, title="走访发现", urgency="normal",
        by=BY, at=at,
    )  # fmt: skip
    return {
        "form_id": made.form_id, "form_version_id": draft.pk, "survey_id": one.pk, "target_id": target.pk, "answer_id": answer.pk,
        "photo_id": answer.photos.get().pk, "media_name": "map.jpg", "rule_id": rule.pk,
    }  # fmt: skip


def _drive(district: District, street: str) -> dict[str, Any]:
    """A drive of that street's office, published, and what a grid worker found there with its photo."""
    at, today = timezone.now(), timezone.localdate()
    said = campaigns.DriveSaid(
        name=f"整治{street}", kind="order", organ=district.organs[street].pk, starts_on=today, ends_on=today,
        stages=(("已发现", False), ("已整改", True)), divisions=[district.streets[street]], takes_finds=True,
    )  # fmt: skip
    made = campaigns.begin(said, by=BY, at=at)
    campaigns.publish(made.pk, is_public=True, by=BY, at=at)
    file = m.check_upload("a.jpg", photo())
    found = campaigns.Find(key=uuid4(), name="铁皮棚", division=district.streets[street], before=[file])
    target, _new = campaigns.find(made.pk, found, by=BY, at=at)
    return {"drive_id": made.pk, "drive_target_id": target.pk, "drive_photo_id": target.photos.get().pk}


def _inventory(district: District, street: str) -> dict[str, Any]:
    """A published inventory of that street's office: an entry with a stall that is let and a fault with its photo."""
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    said = campaigns.Defined(name=f"台账{street}", organ=district.organs[street].pk, has_stalls=True, check_days=30)
    one = campaigns.define(said, **who)
    campaigns.publish_inventory(one.pk, is_shown=True, **who)
    new = campaigns.NewEntry(name="疏导点", division=district.streets[street])
    (entry,) = campaigns.enter(one.pk, [new], **who)
    stall = campaigns.let(entry.pk, "1", "王某某", "西瓜", since=timezone.localdate(), **who)
    file = m.check_upload("a.jpg", photo())
    look = campaigns.inspect(entry.pk, "fault", "占道", due_on=timezone.localdate(), photos=[file], **who)
    return {
        "inventory_id": one.pk, "entry_id": entry.pk, "stall_id": stall.pk, "inspection_id": look.pk,
        "inspection_photo_id": look.photos.get().pk,
    }  # fmt: skip


def _forms(content: bytes, street: str, at: datetime) -> tuple[Any, Any]:
    """A published version, and a draft after it, each with its picture."""
    made = surveys.take(content, "doors.xlsx", name=f"普查{street}", by=BY, at=at)
    surveys.add_media(made.pk, [("map.jpg", photo())], by=BY, at=at)
    surveys.publish(made.pk, by=BY, at=at)
    draft = surveys.take(content, "doors.xlsx", form_id=made.form_id, by=BY, at=at)
    surveys.add_media(draft.pk, [("map.jpg", photo())], by=BY, at=at)
    return made, draft


def _called(district: District, matter_id: UUID, name: str) -> UUID:
    """A call by video that went to that person."""
    staff_id = district.people[name].staff_id
    assert staff_id is not None
    address = f"https://meet.example.gov/{name}"
    return VideoCall.objects.create(matter_id=matter_id, staff_id=staff_id, address=address, asked_at=timezone.now()).pk


def _errand(district: District, street: str) -> tuple[dict[str, Any], str]:
    """What somebody in that street asked an agent to do, and its tracking code."""
    wish = hall.Wish(
        words="办食品经营许可",
        name="王小明",
        phone="13800005555",
        division_id=district.streets[street],
        key=f"scene-errand-{street}",
    )
    done = hall.ask_for_agent(wish, by=Actor.resident(), at=timezone.now())
    return {"matter_id": done.matter_id, "number": done.number, "action": "drop"}, done.tracking_code


def _reviewed(district: District, organ: str) -> dict[str, Any]:
    """A window of that organ, a bad review that wants a call back, and the code of a service that nobody reviewed yet."""
    at = timezone.now()
    reviews.load_defaults(by=BY)
    point = reviews.put_point(organ_id=district.organs[organ].pk, name=f"{organ} 1", by=BY, at=at)
    giving = reviews.Giving("hall", point.organ_id, "counter", point_id=point.pk, item_label="临时占用城市道路许可")
    with transaction.atomic():
        bad, fresh = reviews.served_many([giving, replace(giving)], by=BY, at=at)
    said = reviews.Judgement(1, ("attitude",), "态度不好", "王小明", "13800006666")
    made = reviews.judge(bad.code, said, by=Actor.resident(), at=at)
    assert made.person_id is not None
    caller = contacts_of([made.person_id])[made.person_id][0]
    return {
        "point_id": point.pk, "review_id": made.pk, "caller_id": caller.pk, "review_code": fresh.code,
        "tablet_code": reviews.code_of_tablet(point), "poster_code": reviews.code_of_poster(point),
    }  # fmt: skip


def _firms() -> list[Firm]:
    """Two firms that sign in."""
    news = [
        NewFirm(
            code=first + credit_check(first), name=f"示范{n}号科技有限公司", kind="limited", legal=NewPerson("张一", f"1380000000{n}"),
            address="东风路1号", established_on=timezone.localdate() - timedelta(days=900), capital=Decimal(10_000),
        )
        for n, first in enumerate(("91990101MA0000001", "91990101MA0000002"), start=1)
    ]  # fmt: skip
    return register_firms(news, by=BY, at=timezone.now())


def _homes(district: District, street: str) -> dict[str, Any]:
    """A household of two that may be told from a third, with a tag, and two entries that were merged."""
    at, today = timezone.now(), timezone.localdate()
    place: Any = {"by": BY, "at": at}
    (building,) = register.add_buildings(
        [register.NewBuilding(district.streets[street], "1号楼", "东风路1号")], **place
    )
    unit, other = register.add_units(building.pk, [register.NewUnit("101"), register.NewUnit("102")], **place)

    def person(name: str, phone: str = "", role: str = "other") -> register.NewResident:
        return register.NewResident(today, register.NewPerson(name, phone), role=role)

    one = register.open_household(
        unit.pk,
        [person("赵一", "13800000077" if street == "street" else "13800000078", "head"), person("赵一")],
        **place,
    )
    two = register.open_household(other.pk, [person("钱二"), person("钱二")], **place)
    here, beside = (row.person_id for row in register.residents_of([one.pk])[one.pk])
    kept, gone = (row.person_id for row in register.residents_of([two.pk])[two.pk])
    kind = next(iter(register.tag_kinds("person")), None) or register.keep_tag_kind(
        name="独居老人", subject="person", purpose="定期探访", **place
    )
    tag = register.put_tag(kind.pk, here, purpose="独自居住", **place)
    return {
        "home_building_id": building.pk, "home_unit_id": unit.pk, "household_id": one.pk, "resident_id": here, "other_id": beside,
        "resident_contact_id": contacts_of([here])[here][0].pk, "tag_id": tag.pk, "tag_kind_id": kind.pk,
        "merge_id": register.merge_people(kept, gone, **place).pk,
    }  # fmt: skip


def _as_firm(firm: Firm) -> dict[str, str]:
    """The browser of somebody who has signed in for the firm."""
    client, now = Client(), int(time.time())
    session = client.session
    session["firm"] = {"id": str(firm.pk), "at": now, "seen": now}
    session.save()
    return {name: morsel.value for name, morsel in client.cookies.items()}


def build_scene(district: District) -> Scene:
    """Everybody with something of their own."""
    here, there = district.passed(), district.passed(to="elsewhere", division_id=district.streets["elsewhere"])
    district.act(here, "assign", "head", staff=str(district.people["grid"].staff_id))
    said = Said(
        subkind="report",
        text="大厅门口地砖松动，容易绊倒。",
        key="access-matrix-clerk",
        name="李大爷",
        phone="13800009999",
    )
    told = raise_appeal(said, by=district.actor("clerk"), at=timezone.now())
    scene = Scene(district)
    shared = {
        "token_id": machine(district, "worker").token_id,
        "endpoint_id": _endpoint(district),
        "missed_id": _missed(),
        **_privacy(district),
    }
    things = {"here": _things(district, here, "worker"), "there": _things(district, there, "elsewhere")}
    for found in things.values():
        found |= shared
    things["here"] |= _item(district, "street") | _reviewed(district, "street")
    things["there"] |= _item(district, "elsewhere") | _reviewed(district, "elsewhere")
    things["shown"] = things["here"] | _things(district, district.open(is_public=True))
    for street in ("street", "elsewhere"):
        found = things["here" if street == "street" else "there"]
        found |= _survey(district, street) | _drive(district, street) | _inventory(district, street)
        found["video_id"] = _called(district, found["matter_id"], "grid" if street == "street" else "elsewhere")
        found["division_id"] = descendants(district.streets[street], level=Level.GRID)[0].id
        found |= _homes(district, street)
    things["here"]["run_id"] = _orders(district, "dispatcher")
    things["there"]["run_id"] = _orders(district, "admin")
    things["here"]["homes_import_id"] = _table_of_homes(district, "grid")
    things["there"]["homes_import_id"] = _table_of_homes(district, "admin")
    for found, organ in ((things["here"], "centre"), (things["there"], "elsewhere")):
        found |= window_things(district, organ)
    things["shown"] |= {n: v for n, v in things["here"].items() if n not in things["shown"]}
    things["taken"] = things["there"] | _things(district, Raised(told.matter_id, told.number, told.tracking_code))
    things["shown"] |= _item(district, "bureau", is_offered=True)
    item_id = things["shown"]["item_id"]
    things["applied"], code = _application(item_id, "赵小红", "11010519491231002X")
    things["applied_by_other"], _code = _application(item_id, "钱大方", "440524188001010014")
    found, things["bundled"], together = bundle_things(district, "street", "孙小满", "11010519491231002X")
    things["here"] |= found
    found, things["bundled_by_other"], _code = bundle_things(district, "elsewhere", "李大有", "440524188001010014")
    things["there"] |= found
    things["taken"] |= found
    (things["asked"], agent_code), (things["asked_by_other"], _code) = (
        _errand(district, "street"),
        _errand(district, "elsewhere"),
    )
    scene.things = things
    firms = _firms()
    for found, firm in zip((things["here"], things["there"]), firms, strict=True):
        legal = firm.legal_id
        assert legal is not None
        found |= {"firm_id": firm.pk, "firm_person_id": legal, "firm_contact_id": contacts_of([legal])[legal][0].pk}
        found["draft_id"] = start_smart(firm, ["name"], by=BY, at=timezone.now()).pk
    for found in things.values():
        for name in ("draft_id", "firm_id", "firm_person_id", "firm_contact_id"):
            found.setdefault(name, things["here"][name])
    scene.cookies["firm"] = _as_firm(firms[0])
    for persona in PERSONAS.values():
        client = district.client(persona) if persona in district.people else Client()
        if raised := {"resident": here, "neighbour": there}.get(persona):
            answer = client.post(reverse("appeals:track"), {"number": raised.number, "code": raised.code})
            assert answer.status_code == 302
        if persona == "resident":
            client.post(reverse("appeals:track"), {"number": things["applied"]["number"], "code": code})
            client.post(reverse("appeals:track"), {"number": things["bundled"]["number"], "code": together})
            client.post(reverse("appeals:track"), {"number": things["asked"]["number"], "code": agent_code})
        scene.cookies[persona] = {name: morsel.value for name, morsel in client.cookies.items()}
    scene.matters = m.Matter.objects.filter(opened_at__lte=timezone.now()).count()
    return scene
