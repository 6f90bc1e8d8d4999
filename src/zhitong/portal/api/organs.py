"""Organs, categories, kinds of matters, and who answers for what."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import AwareDatetime, BaseModel, Field

from zhitong.apikit.door import Needs
from zhitong.apikit.paging import stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Day, Named, Page, Said
from zhitong.base.errors import NotFound
from zhitong.kernel.matters.public import KINDS, Kind, SubKind, subkinds
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.organisation.public import Category, DutyRole, Organ, OrganKind
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import in_language

from .payloads import purposes, schema_of

ANYBODY = Needs()
MOST_FOUND = 500
organs = Routes("organs", _("单位与职责"))
kinds = Routes("kinds", _("业务与类别"))


class OrganFilter(Asked):
    """What the organs are narrowed to."""

    q: Annotated[str, Field(max_length=60), Said(_("名称、拼音或编码"))] = ""
    kind: Annotated[OrganKind | None, Said(_("单位类型"))] = None
    parent: Annotated[UUID | None, Said(_("上级单位"))] = None
    division: Annotated[UUID | None, Said(_("辖区在此区划之内"))] = None


class OrganSeen(BaseModel):
    """Whoever can be responsible."""

    id: UUID
    code: Annotated[str, Said(_("单位编码"))]
    name: Annotated[str, Said(_("单位全称"))]
    short_name: Annotated[str, Said(_("显示用的简称"))]
    kind: OrganKind
    parent: UUID | None
    division: Annotated[UUID | None, Said(_("辖区；空为全区"))]
    phone: str


def _organ(organ: Organ) -> OrganSeen:
    return OrganSeen(
        id=organ.pk, code=organ.code, name=in_language(organ.name, organ.name_en), short_name=str(organ),
        kind=OrganKind(organ.kind), parent=organ.parent_id, division=organ.division_id, phone=organ.phone,
    )  # fmt: skip


@organs.serve("GET", "/organs", needs=ANYBODY, gives=Page[OrganSeen], summary=_("列出单位"), says=_("在用的单位。"))
def list_organs(request: HttpRequest, asked: Query[OrganFilter]) -> Page[OrganSeen]:
    """Organs in being today."""
    today = timezone.localdate()
    rows = Organ.objects.filter(organisation.valid_on(today))
    if asked.q:
        found = organisation.search_organs(asked.q, today, limit=MOST_FOUND)
        rows = rows.filter(pk__in=[organ.pk for organ in found])
    wanted = {"kind": asked.kind, "parent": asked.parent, "division__path__contains": [asked.division]}
    given = (asked.kind, asked.parent, asked.division)
    rows = rows.filter(**{name: value for (name, value), one in zip(wanted.items(), given, strict=True) if one})
    page, after = stretch(rows, asked, by="pk")
    return Page(items=[_organ(organ) for organ in page], next=after)


@organs.serve("GET", "/organs/{uuid:organ_id}", needs=ANYBODY, gives=OrganSeen, summary=_("查看一个单位"))
def read_organ(request: HttpRequest, organ_id: UUID) -> OrganSeen:
    """One of them, also one that is no more."""
    organ = Organ.objects.filter(pk=organ_id).first()
    if organ is None:
        raise NotFound("no_organ", _("没有这个单位。"))
    return _organ(organ)


class Question(BaseModel):
    """Who answers for this, here, on this day?"""

    category: Annotated[UUID | None, Said(_("类别"))] = None
    division: Annotated[UUID | None, Said(_("区划；也可以改填坐标"))] = None
    lon: Annotated[float | None, Field(ge=-180, le=180), Said(_("经度（WGS-84）"))] = None
    lat: Annotated[float | None, Field(ge=-90, le=90), Said(_("纬度（WGS-84）"))] = None
    on: Annotated[Day | None, Said(_("哪一天；不填为今天"))] = None
    at: Annotated[AwareDatetime | None, Said(_("什么时刻；填写后只算该时段有效的职责"))] = None


class Responsible(BaseModel):
    """An organ that answers."""

    organ: Named
    role: DutyRole
    category: Annotated[str | None, Said(_("职责所列类别；空为全部"))]
    division: Annotated[str | None, Said(_("职责所列区划；空为全区"))]
    basis: Annotated[str, Said(_("依据"))]
    hours: Annotated[str, Said(_("职责的时段；空为全天"))]
    since: Annotated[Day | None, Said(_("职责自哪一天起"))]
    why: Annotated[str, Said(_("为什么是它"))]


class Answers(BaseModel):
    """All that answer, the most exact duty first."""

    division: Annotated[UUID | None, Said(_("问的是哪个区划"))]
    items: list[Responsible]


@organs.serve(
    "GET", "/responsible", needs=ANYBODY, gives=Answers, summary=_("谁负责"),
    says=_("按职责清单：这一类、在这里、这一天由谁负责；最具体的在前，第一个主办就是应派的单位。"),
)  # fmt: skip
def list_responsible(request: HttpRequest, asked: Query[Question]) -> Answers:
    """Whom the duty list names."""
    division = asked.division
    if division is None and asked.lon is not None and asked.lat is not None:
        division = territory.locate(asked.lon, asked.lat)
    found = organisation.responsible(asked.category, division, asked.on or timezone.localdate(asked.at), asked.at)
    items = [
        Responsible(
            organ=Named(id=a.organ_id, name=a.organ_name), role=DutyRole(a.role), category=a.category_name,
            division=a.division_name, basis=a.basis, hours=a.hours, since=a.since, why=a.why,
        )
        for a in found
    ]  # fmt: skip
    return Answers(division=division, items=items)


class CategoryFilter(Asked):
    """What the categories are narrowed to."""

    q: Annotated[str, Field(max_length=60), Said(_("名称、关键词或编码"))] = ""
    parent: Annotated[UUID | None, Said(_("上级类别"))] = None
    level: Annotated[int | None, Field(ge=1, le=3), Said(_("级次，1至3"))] = None


class CategorySeen(BaseModel):
    """What matters are about."""

    id: UUID
    code: Annotated[str, Said(_("类别编码"))]
    name: str
    level: int
    parent: UUID | None
    keywords: Annotated[str, Said(_("群众常用的说法"))]


@kinds.serve(
    "GET", "/categories", needs=ANYBODY, gives=Page[CategorySeen], summary=_("列出类别"), says=_("按编码排列。")
)
def list_categories(request: HttpRequest, asked: Query[CategoryFilter]) -> Page[CategorySeen]:
    """Categories in use."""
    rows = Category.objects.filter(is_active=True)
    if asked.q:
        found = organisation.search_categories(asked.q, limit=MOST_FOUND)
        rows = rows.filter(pk__in=[category.pk for category in found])
    rows = rows.filter(**{n: v for n, v in (("parent", asked.parent), ("level", asked.level)) if v})
    page, after = stretch(rows, asked, by="code")
    items = [
        CategorySeen(id=c.pk, code=c.code, name=str(c), level=c.level, parent=c.parent_id, keywords=c.keywords)
        for c in page
    ]
    return Page(items=items, next=after)


class Labelled(BaseModel):
    """A slug and what it is called."""

    slug: str
    label: str


class StageSeen(Labelled):
    """Where a matter can stand."""

    step: Annotated[str, Said(_("公开的步骤"))]
    is_end: Annotated[bool, Said(_("到此结束"))]


class ActionSeen(Labelled):
    """What can be done with a matter."""

    stages: Annotated[list[str], Said(_("在哪些环节可办"))]
    to: Annotated[str | None, Said(_("办后进入的环节；空为不变或视内容而定"))]
    permission: str
    takes_files: list[str]
    payload: Annotated[dict[str, Any], Said(_("data应符合的JSON Schema"))]


class SubKindSeen(Labelled):
    """A variety of a kind."""

    description: str
    is_private: Annotated[bool, Said(_("一律不公开"))]
    is_on_portal: Annotated[bool, Said(_("居民可直接提出"))]


class KindSeen(Labelled):
    """A sort of matter, as its line declares it."""

    steps: list[Labelled]
    stages: list[StageSeen]
    subkinds: list[SubKindSeen]
    clocks: list[Labelled]
    actions: list[ActionSeen]


class Kinds(BaseModel):
    """All of them."""

    items: list[KindSeen]


@kinds.serve(
    "GET",
    "/kinds",
    needs=ANYBODY,
    gives=Kinds,
    summary=_("业务与环节"),
    says=_("各类业务的步骤、环节、子类、时限和操作。"),
)
def list_kinds(request: HttpRequest) -> Kinds:
    """Every kind with its stages and actions."""
    return Kinds(items=[_kind(kind) for kind in KINDS.values()])


def _kind(kind: Kind) -> KindSeen:
    return KindSeen(
        slug=kind.slug, label=str(kind.label), steps=[Labelled(slug=s, label=str(label)) for s, label in kind.steps],
        stages=[StageSeen(slug=s.slug, label=str(s.label), step=s.step, is_end=s.is_end) for s in kind.stages],
        subkinds=[_subkind(one) for one in subkinds(kind.slug)],
        clocks=[Labelled(slug=c.slug, label=str(c.label)) for c in kind.clocks],
        actions=[
            ActionSeen(
                slug=a.slug, label=str(a.label), stages=list(a.from_), to=a.to, permission=a.permission,
                takes_files=purposes(a), payload=schema_of(a),
            )
            for a in kind.moves.values()
        ],
    )  # fmt: skip


def _subkind(one: SubKind) -> SubKindSeen:
    return SubKindSeen(
        slug=one.slug, label=in_language(one.name, one.name_en), is_private=one.is_private, is_on_portal=one.is_on_portal,
        description=in_language(one.description, one.description_en),
    )  # fmt: skip
