"""Help for the dispatcher, for other systems: what a text speaks for, what is hot, the district's rules and words of danger."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import BaseModel, Field

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Named, Said, Sent
from zhitong.base.errors import Refused
from zhitong.base.likeness import Message
from zhitong.base.text import clean, mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters.public import KINDS, Channel, Urgency, title_from, visible_matters
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import named

routes = Routes("dispatch", _("智能转办"))
ASKS, READS = Needs(("read", "raise")), Needs(("read",), dispatch.VIEW)
MOST_TEXT, MOST_SAME = 10_000, 5


class Asking(Sent):
    """A text that somebody may raise."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT), Said(_("反映的情况；只用于推荐，不保存"))]
    title: Annotated[str, Field(max_length=120), Said(_("标题；不填则取内容的第一句"))] = ""
    kind: Annotated[str, Field(max_length=40), Said(_("业务代号，如appeal"))] = "appeal"
    lon: Annotated[float | None, Field(ge=-180, le=180), Said(_("经度（WGS-84），与纬度同时填写"))] = None
    lat: Annotated[float | None, Field(ge=-90, le=90), Said(_("纬度（WGS-84）"))] = None
    division: Annotated[UUID | None, Said(_("区划标识；有坐标时以坐标所在为准"))] = None
    channel: Annotated[Channel, Said(_("来源渠道"))] = Channel.SYSTEM


class CategorySuggested(BaseModel):
    """A category the text speaks for."""

    category: Annotated[Named, Said(_("类别，名称含上级"))]
    share: Annotated[float | None, Said(_("把握，0至1；尚未学习时为空"))]
    is_sure: Annotated[bool, Said(_("达到本区设定的阈值"))]
    words: Annotated[list[str], Said(_("起作用的词语"))]


class OrganSuggested(BaseModel):
    """Where it would go."""

    lead: Annotated[Named | None, Said(_("主办单位；空为规则和职责清单都没有对应单位"))]
    helpers: Annotated[list[Named], Said(_("协办单位"))]
    why: Annotated[str, Said(_("为什么是它"))]
    notes: Annotated[list[str], Said(_("其他说明，如须由人转办"))]


class UrgencySuggested(BaseModel):
    """How urgent it sounds."""

    urgency: Urgency
    words: Annotated[list[str], Said(_("写到的紧急词语"))]
    call: Annotated[list[str], Said(_("应当立即拨打的电话"))]


class SameSeen(BaseModel):
    """A matter in hand that probably tells of the same."""

    id: UUID
    number: Annotated[str, Said(_("编号"))]
    title: Annotated[str, Said(_("标题，个人信息已隐去"))]
    stage_label: Annotated[str, Said(_("环节名称"))]
    opened_at: Annotated[datetime, Said(_("提出时间"))]
    likeness: Annotated[float, Said(_("相似程度，0至1"))]
    words: Annotated[list[str], Said(_("相同的地名和词语"))]
    metres: Annotated[int | None, Said(_("相距米数；有一方没有坐标时为空"))]


class Suggested(BaseModel):
    """All that helps to send it the right way; suggestions to a person, no decisions."""

    is_learned: Annotated[bool, Said(_("是否已从办结的事项学习；否则只按关键词"))]
    threshold: Annotated[float, Said(_("本区设定的阈值，0至1"))]
    categories: Annotated[list[CategorySuggested], Said(_("最可能的在前"))]
    organ: Annotated[OrganSuggested, Said(_("按第一个类别和地点"))]
    urgency: UrgencySuggested
    duplicates: Annotated[list[SameSeen], Said(_("近90天的在办事项；只含此令牌可以查看的"))]


@routes.serve(
    "POST", "/suggestions", needs=ASKS, gives=Suggested, summary=_("为一段文字推荐类别、单位、紧急程度和重复件"),
    says=_("供登记时参考，由人决定；不保存文字，也不产生事项。"),
)  # fmt: skip
def suggest(request: HttpRequest, sent: Asking) -> Suggested:
    """What the dispatcher's board would suggest, were it raised."""
    kind = KINDS.get(sent.kind)
    if kind is None or not kind.has_category:
        raise Refused("no_kind", _("没有这种业务，或者它没有类别。"), field="kind")
    text, title, now = clean(sent.text), clean(sent.title), timezone.now()
    if not text:
        raise Refused("required", _("请写明您要反映的情况。"), field="text")
    spot = (sent.lon, sent.lat) if sent.lon is not None and sent.lat is not None else None
    place = (territory.locate(*spot) if spot else None) or sent.division
    advice = dispatch.advise(kind.slug, text, now, title=title, division_id=place, channel=sent.channel.value)
    message = Message("", title or title_from(text), text, now, spot=spot)
    return Suggested(
        is_learned=advice.suggestions.is_learned, threshold=advice.suggestions.threshold,
        categories=_categories(advice), organ=_organ(advice.routed),
        urgency=UrgencySuggested(
            urgency=Urgency(advice.alarm.urgency), words=list(advice.alarm.words), call=list(advice.alarm.call)
        ),
        duplicates=_same(message, kind.slug, actor_of(request), now, place),
    )  # fmt: skip


def _categories(advice: dispatch.Advice) -> list[CategorySuggested]:
    said = advice.suggestions
    return [
        CategorySuggested(
            category=Named(id=one.category_id, name=advice.labels[one.category_id]), share=one.share, words=list(one.words),
            is_sure=one.share is not None and one.share >= said.threshold,
        )
        for one in said.found
    ]  # fmt: skip


def _organ(routed: dispatch.Routed) -> OrganSuggested:
    helpers = organ_names(routed.co_ids)
    lead = routed.lead_id
    return OrganSuggested(
        lead=Named(id=lead, name=routed.lead_name) if lead else None, why=routed.why, notes=routed.notes,
        helpers=[Named(id=pk, name=helpers.get(pk, "")) for pk in routed.co_ids],
    )  # fmt: skip


def _same(message: Message, kind: str, by: Actor, at: datetime, place: UUID | None) -> list[SameSeen]:
    rows = visible_matters(by).filter(kind=kind, closed_at=None, erased_at=None).defer("tracking", "path")
    street = territory.ancestor(place, territory.Level.STREET) if place and territory.node(place) else None
    stages = KINDS[kind].by_slug
    return [
        SameSeen(
            id=one.matter.pk, number=one.matter.number, title=mask_inline(one.matter.title),
            stage_label=str(stages[one.matter.stage].label), opened_at=one.matter.opened_at,
            likeness=round(min(one.score, 1.0), 3), words=list(dict.fromkeys((*one.names, *one.words))), metres=one.metres,
        )
        for one in dispatch.likely_same(message, rows, at, MOST_SAME, area=street)
    ]  # fmt: skip


class HotFilter(BaseModel):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=30), Said(_("最多几个"))] = 30


class HotSpot(BaseModel):
    """Several matters about one thing; every figure counts only what the token may see."""

    id: UUID
    title: Annotated[str, Said(_("最有代表性的标题，个人信息已隐去"))]
    places: Annotated[list[str], Said(_("涉及的地点"))]
    matters: Annotated[list[UUID], Said(_("事项标识，新的在前"))]
    heat: Annotated[float, Said(_("热度：（人数＋√附议数）×新近度×密集度"))]
    people: Annotated[int, Said(_("反映人数"))]
    support: Annotated[int, Said(_("附议人数"))]
    first_at: datetime
    last_at: datetime
    late: Annotated[int, Said(_("最近一段时间的件数"))]
    before: Annotated[int, Said(_("之前同样长时间的件数"))]
    is_rising: Annotated[bool, Said(_("是否上升"))]
    raised_at: Annotated[datetime | None, Said(_("何时提醒了领导；没有上升时为空"))]


class HotSpots(BaseModel):
    """The hottest of the last 90 days."""

    items: list[HotSpot]


@routes.serve("GET", "/hot-spots", needs=READS, gives=HotSpots, summary=_("列出热点"), says=_("近90天，最热的在前。"))
def list_hot_spots(request: HttpRequest, asked: Query[HotFilter]) -> HotSpots:
    """As the page of hot spots shows them."""
    return HotSpots(items=[_hot(one) for one in dispatch.hottest(actor_of(request), timezone.now(), asked.limit)])


def _hot(one: dispatch.Hot) -> HotSpot:
    heat = one.heat
    return HotSpot(
        id=one.id, title=mask_inline(one.title), places=list(one.names), matters=[m.pk for m in one.members],
        heat=round(heat.figure, 3), people=heat.people, support=heat.support, first_at=heat.first_at, last_at=heat.last_at,
        late=one.late, before=one.before, is_rising=one.is_rising, raised_at=one.raised_at,
    )  # fmt: skip


class RuleFilter(BaseModel):
    """Of which kind."""

    kind: Annotated[str, Field(max_length=40), Said(_("业务代号，如appeal"))] = "appeal"


class WhenSeen(BaseModel):
    """A condition; what is empty lets everything through."""

    categories: Annotated[list[UUID], Said(_("类别，含下级"))]
    divisions: Annotated[list[UUID], Said(_("区划，含下级"))]
    words: Annotated[list[str], Said(_("写到其中任一词语"))]
    without: Annotated[list[str], Said(_("没有写到这些词语"))]
    hours: Annotated[str, Said(_("到达时段；空为全天"))]
    channels: Annotated[list[Channel], Said(_("来源渠道"))]
    people: Annotated[
        list[Literal["anonymous", "named", "repeat"]], Said(_("反映人：匿名、留了姓名或电话、同一人重复反映"))
    ]
    least: Annotated[int, Said(_("联名不少于几人；0为不限"))]


class RuleSeen(BaseModel):
    """A routing rule."""

    id: UUID
    name: str
    position: Annotated[int, Said(_("次序；第一条符合的起作用"))]
    state: Annotated[dispatch.RuleState, Said(_("草稿draft，已启用on，已停用off"))]
    version: int
    when: WhenSeen
    organ: Annotated[Named | None, Said(_("转给单位；空为按职责清单"))]
    urgency: Annotated[Urgency | None, Said(_("进入紧急通道；空为不改变"))]
    to_person: Annotated[bool, Said(_("须由人转办，不自动转"))]
    uses: Annotated[int, Said(_("近30天用了几次"))]
    followed: Annotated[int, Said(_("其中照办几次"))]


class Rules(BaseModel):
    """In their order."""

    items: list[RuleSeen]


@routes.serve("GET", "/routing-rules", needs=READS, gives=Rules, summary=_("列出分派规则"), says=_("按次序。"))
def list_routing_rules(request: HttpRequest, asked: Query[RuleFilter]) -> Rules:
    """All of a kind, those that are off and drafts too."""
    return Rules(items=[_rule(line) for line in dispatch.rule_lines(asked.kind, timezone.now())])


def _rule(line: dispatch.Line) -> RuleSeen:
    row, when = line.row, dispatch.when_from(line.row.when)
    condition = WhenSeen.model_validate(when, from_attributes=True)
    return RuleSeen(
        id=row.pk, name=row.name, position=row.position, state=dispatch.RuleState(row.state), version=row.version,
        when=condition, organ=Named(id=row.organ_id, name=named(row.organ)) if row.organ and row.organ_id else None,
        urgency=Urgency(row.urgency) if row.urgency else None, to_person=row.to_person, uses=line.uses, followed=line.followed,
    )  # fmt: skip


class DangerWord(BaseModel):
    """A word that puts what it stands in onto the fast lane."""

    word: str
    group: Annotated[dispatch.AlarmGroup, Said(_("险情类别"))]
    level: Annotated[dispatch.AlarmLevel, Said(_("紧急程度"))]
    call: Annotated[str, Said(_("提示拨打的电话；空为不提示"))]
    unless: Annotated[list[str], Said(_("含有该词但不算险情的说法"))]
    is_active: Annotated[bool, Said(_("是否启用"))]
    alarms: Annotated[int, Said(_("近90天有几件事项写到"))]
    false_alarms: Annotated[int, Said(_("其中几件被标为误报"))]


class DangerWords(BaseModel):
    """All of them."""

    items: list[DangerWord]


@routes.serve("GET", "/danger-words", needs=READS, gives=DangerWords, summary=_("列出紧急词语"))
def list_danger_words(request: HttpRequest) -> DangerWords:
    """As the district has them, with how often each was right."""
    return DangerWords(
        items=[
            DangerWord(
                word=one.row.word, group=dispatch.AlarmGroup(one.row.group), level=dispatch.AlarmLevel(one.row.level),
                call=one.row.call, unless=list(one.row.unless), is_active=one.row.is_active, alarms=one.n,
                false_alarms=one.false,
            )
            for one in dispatch.told_words(timezone.now())
        ]
    )  # fmt: skip
