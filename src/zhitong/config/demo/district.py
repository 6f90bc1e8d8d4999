"""The demo district's organs, people, duties and sign-ins."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from django.utils import timezone

from zhitong.base.text import romanised
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Actor, NewAccount, NewGrant
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.organisation.public import Appointment, Duty, Organ, OrganKind
from zhitong.kernel.territory.public import Division, Level, Node, children, of_level
from zhitong.lines import appeals

from .organs import DEPARTMENTS, GIVEN, STREET_LEADS, SURNAMES

SINCE = date(2024, 1, 1)
CATEGORIES = Path(appeals.__file__).parent / "data" / "categories.csv"


@dataclass
class Setting:
    """What the history generator needs to know of the district."""

    by: Actor
    at: datetime
    random: Random
    organs: dict[str, Organ] = field(default_factory=dict)
    streets: dict[UUID, str] = field(default_factory=dict)
    people: list["Person"] = field(default_factory=list)


@dataclass
class Person:
    """Somebody on a post of an organ, with one role."""

    organ: str
    title: str
    role: str
    scope: str
    is_head: bool
    number: str
    name: str


def build(by: Actor, at: datetime, seed: int) -> Setting:
    """Categories, organs, people with posts and roles, duties."""
    setting = Setting(by, at, Random(seed))
    with CATEGORIES.open(encoding="utf-8") as file:
        organisation.import_categories(list(csv.DictReader(file)), by=by, at=at)
    accounts.load_default_roles(by=by, at=at)
    _organs(setting)
    _people(setting)
    _duties(setting)
    _sign_ins(setting)
    return setting


def _organ(s: Setting, key: str, name: str, kind: str, *, parent: str = "", **more: object) -> Organ:
    found = organisation.create_organ(
        code=key.upper(), name=name, kind=kind, valid_from=SINCE, by=s.by, at=s.at,
        parent_id=s.organs[parent].pk if parent else None, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    s.organs[key] = found
    return found


def _organs(s: Setting) -> None:
    district = Division.objects.get(level=Level.DISTRICT)
    _organ(
        s, "government", "市中区人民政府", OrganKind.INSTITUTION, name_en="District Government", division_id=district.pk
    )
    _organ(
        s,
        "centre",
        "市中区社会治理服务中心",
        OrganKind.CENTRE,
        parent="government",
        short_name="区治理中心",
        name_en="Governance Service Centre",
        division_id=district.pk,
    )
    _organ(
        s,
        "supervision",
        "市中区委区政府督查室",
        OrganKind.SUPERVISION,
        parent="government",
        short_name="区督查室",
        name_en="Supervision Office",
    )
    for key, name, short, name_en, _leads, _helps in DEPARTMENTS:
        _organ(s, key, name, OrganKind.DEPARTMENT, parent="government", short_name=short, name_en=name_en)
    for street in Division.objects.filter(level=Level.STREET).order_by("code"):
        key = f"street{street.code[-3:]}"
        s.streets[street.pk] = key
        name_en = f"{romanised(street.name.removesuffix('街道'))} Subdistrict Office"
        _organ(s, key, f"{street.name}办事处", OrganKind.STREET_OFFICE, parent="government", short_name=street.name,
               name_en=name_en, division_id=street.pk, phone=f"0531-5555{street.code[-3:]}0")  # fmt: skip


def _name(s: Setting) -> str:
    given = "".join(s.random.sample(GIVEN, s.random.choice((1, 2, 2))))
    return s.random.choice(SURNAMES) + given


def _import(s: Setting, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As any district does it: by a table."""
    table = io.StringIO()
    csv.writer(table).writerows([header, *rows])
    done = organisation.import_workbook("demo.csv", table.getvalue().encode(), by=s.by, at=s.at)
    if done.errors:
        raise RuntimeError(f"the demo district's own table: {done.sheets[0].errors[0]}")


def _person(s: Setting, organ: str, title: str, role: str, scope: str, *, is_head: bool = False) -> None:
    s.people.append(Person(organ, title, role, scope, is_head, f"D{len(s.people) + 1:04d}", _name(s)))


def _people(s: Setting) -> None:
    for title, role in (("转办员一岗", "dispatcher"), ("转办员二岗", "dispatcher"), ("裁定员", "arbiter"),
                        ("回访员一岗", "visitor"), ("回访员二岗", "visitor"), ("综合受理窗口", "clerk")):  # fmt: skip
        _person(s, "centre", title, role, "all")
    _person(s, "supervision", "督查员", "supervisor", "all")
    _person(s, "government", "分管负责同志", "leader", "all", is_head=True)
    _person(s, "industry", "系统管理员", "administrator", "all")
    for key in (*(d[0] for d in DEPARTMENTS), *s.streets.values()):
        is_street = key in s.streets.values()
        _person(s, key, "主任" if is_street else "局长", "organ_head", "organ", is_head=True)
        _person(s, key, "诉求办理岗", "case_worker", "organ")
        if is_street:
            _person(s, key, "网格员", "grid_worker", "organ")
    _person(s, "government", "个人信息保护负责人", "privacy_officer", "all")
    _person(s, "government", "档案员", "archivist", "all")
    for key in sorted(set(s.organs) - {"centre", "government", "supervision"}):
        _person(s, key, "审批服务岗", "examiner", "organ")
        _person(s, key, "首席审批代表", "decider", "organ")
    _person(s, "centre", "大厅主任", "hall_manager", "organ")
    _person(s, _demo_street(s), "帮办代办员", "agent", "organ")
    for street in staffed_streets():
        for community in children(street.id):
            _person(s, s.streets[street.id], grid_workers_title(community), "grid_worker", "organ")
    _import(
        s, ("工号", "姓名", "单位编码", "岗位名称", "主要负责人", "任职日期"),
        [(p.number, p.name, s.organs[p.organ].code, p.title, "是" if p.is_head else "否", str(SINCE)) for p in s.people],
    )  # fmt: skip


def _duties(s: Setting) -> None:
    """Departments lead their categories everywhere; street offices lead everyday matters in their own street."""

    rows = []
    for key, _full_name, short, _name_en, leads, helps in DEPARTMENTS:
        rows += [(key, code, "", "主办", f"{short}职责清单") for code in leads.split()]
        rows += [(key, code, "", "协办", f"{short}职责清单（配合）") for code in helps.split()]
    codes = dict(Division.objects.filter(level=Level.STREET).values_list("pk", "code"))
    for code in STREET_LEADS.split():
        rows += [(key, code, codes[pk], "主办", "街道职责清单（属地管理）") for pk, key in s.streets.items()]
    _import(
        s, ("单位编码", "类别编码", "辖区编码", "职责", "依据", "起始日期"),
        [(s.organs[key].code, code, division, role, basis, str(SINCE)) for key, code, division, role, basis in rows],
    )  # fmt: skip


ON_DUTY, NOISE = "1-5 08:30-17:30", "020101"
BY_DAY_ONLY = "王官庄街道"  # answers for the neighbours' noise in office hours only: the duty list has a hole at night


def hand_over_noise(by: Actor, at: datetime) -> None:
    """From today on the streets alone answer for noise among neighbours, and one of them not at night: what the page of holes shows."""
    today = timezone.localdate(at)
    categories = {c.code: c.pk for c in organisation.Category.objects.all()}
    bureau, street = Organ.objects.get(code="ENVIRONMENT"), Organ.objects.get(short_name=BY_DAY_ONLY)
    kept = [code for code in categories if _is_kept(code)]
    whole = Duty.objects.get(organ=bureau, category=categories["02"], role="lead")
    organisation.end_duty(whole.pk, on=today, by=by, at=at)
    for code in kept:
        organisation.set_duty(organ_id=bureau.pk, category_id=categories[code], division_id=None, valid_from=today,
                              basis=whole.basis, by=by, at=at)  # fmt: skip
    always = Duty.objects.get(organ=street, category=categories[NOISE], role="lead", valid_to=None)
    organisation.end_duty(always.pk, on=today, by=by, at=at)
    organisation.set_duty(organ_id=street.pk, category_id=categories[NOISE], division_id=always.division_id, valid_from=today,
                          basis=always.basis, hours=ON_DUTY, by=by, at=at)  # fmt: skip


def _is_kept(code: str) -> bool:
    """What the environment bureau goes on leading: all of its headings but this one."""
    if code == NOISE or not code.startswith("02"):
        return False
    return len(code) == 6 if code.startswith(NOISE[:4]) else len(code) == 4


PERSONAS = (  # as an appeal goes
    ("clerk", "centre", "clerk", "窗口人员：登记来访来电", "Window clerk: registers visits and calls"),
    ("dispatcher", "centre", "dispatcher", "转办员：看新诉求、转办、并案", "Dispatcher: what has come in and where it goes"),
    ("streetwork", "street", "case_worker", "七里山街道承办人", "Case worker of a street office"),
    ("streethead", "street", "organ_head", "七里山街道负责人", "Head of a street office"),
    ("citywork", "city", "case_worker", "区城管局承办人", "Case worker of the City Management Bureau"),
    ("cityhead", "city", "organ_head", "区城管局负责人", "Head of the City Management Bureau"),
    ("grid", "street", "grid_worker", "七里山街道网格员", "Grid worker"),
    ("visitor", "centre", "visitor", "回访员：办结后回访", "Return visitor: asks after the conclusion"),
    ("arbiter", "centre", "arbiter", "裁定员：两次退单后裁定", "Arbiter: decides after two returns"),
    ("supervisor", "supervision", "supervisor", "督查员：看超期、督办", "Supervisor: what is late, who is late"),
    ("leader", "government", "leader", "区领导：看全区情况", "Leader: the district at a glance"),
    ("admin", "industry", "administrator", "系统管理员：单位、人员、规则、文书", "Administrator: organs, people, rules, letters"),
    ("examiner", "market", "examiner", "区市场监管局审查人：审查办件", "Examiner of the Market Regulation Bureau"),
    ("decider", "market", "decider", "区市场监管局决定人：决定办件", "Decider of the Market Regulation Bureau"),
    # whoever decides where a bundle that ships leads, so that each can be walked to its end
    ("citydecider", "city", "decider", "区城管局决定人：决定办件", "Decider of the City Management Bureau"),
    ("approvaldecider", "approval", "decider", "区审批局决定人：决定办件", "Decider of the Administrative Approval Bureau"),
    ("policedecider", "police", "decider", "公安分局决定人：决定办件", "Decider of the Public Security Branch"),
    ("taxdecider", "tax", "decider", "区税务局决定人：决定办件", "Decider of the Tax Bureau"),
    ("labourdecider", "labour", "decider", "区人社局决定人：决定办件", "Decider of the Human Resources Bureau"),
    ("financedecider", "finance", "decider", "区财政局决定人：决定办件", "Decider of the Finance Bureau"),
    ("healthdecider", "health", "decider", "区卫健局决定人：决定办件", "Decider of the Health Bureau"),
    ("insurancedecider", "insurance", "decider", "区医保局决定人：决定办件", "Decider of the Healthcare Security Bureau"),
    ("hall", "centre", "hall_manager", "大厅主任：看排队、管窗口", "Manager of the hall: who waits, and the windows"),
    ("agent", "street", "agent", "帮办代办员：接单、上门、代为申请", "Agent: takes errands, applies for others"),
    ("officer", "government", "privacy_officer", "个人信息保护负责人：查阅、删除、审批销毁", "Data protection: access, erasure, approval"),
    ("archivist", "government", "archivist", "档案员：编制销毁清册", "Archivist: lists of what is to be destroyed"),
)  # fmt: skip
DEMO_STREET = "七里山街道"


def staffed_streets() -> list[Node]:
    """The street of those who sign in by a click, and the one whose coverage an administrator sees first: there the grids have workers."""
    streets = of_level(Level.STREET)
    return [one for one in streets if one.name == DEMO_STREET or one == streets[0]]


def grid_workers_title(community: Node) -> str:
    """The post of whoever has the grids of a community."""
    return community.name.removesuffix("居民委员会").removesuffix("村民委员会") + "网格员"


def _demo_street(s: Setting) -> str:
    """The street office of those who sign in by a click."""
    return next(key for key in s.streets.values() if s.organs[key].short_name == DEMO_STREET)


def _sign_ins(s: Setting) -> None:
    """Every person has an account; the personas are shown on the sign-in page of the demonstration."""
    street = _demo_street(s)
    personas = {
        (street if organ == "street" else organ, role): (name, text, en) for name, organ, role, text, en in PERSONAS
    }
    rows = Appointment.objects.values_list("staff__staff_no", "staff", "post")
    seats = {number: (staff, post) for number, staff, post in rows}
    wanted, grants = [], []
    for index, person in enumerate(s.people, start=1):
        staff, post = seats[person.number]
        username, text, text_en = personas.pop((person.organ, person.role), (f"u{index:03d}", "", ""))
        wanted.append(
            NewAccount(
                username=username, staff_id=staff, is_staff=person.role == "administrator", is_demo_persona=bool(text),
                description=text, description_en=text_en,
            )
        )  # fmt: skip
        grants.append(NewGrant(post_id=post, role=person.role, scope=person.scope, valid_from=SINCE))
    order = [name for name, *_rest in PERSONAS]
    wanted.sort(key=lambda one: order.index(one.username) if one.username in order else len(order))
    accounts.create_accounts(wanted, by=s.by, at=s.at)
    accounts.grant_many(grants, by=s.by, at=s.at)
