"""What is sent to take in an application, what comes back, and an item as another system needs it for that."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from zhitong.apikit.schemas import Said as Means
from zhitong.apikit.schemas import Sent

from ..actions.cases import Given, Submission, Submitted
from ..choices import MaterialState
from ..models import Version
from ..queries.counter import CounterSheet, Line
from ..rules.questions import MOST_QUESTIONS, Question

MOST_MATERIALS, MOST_TEXT = 100, 4_000
Text = Annotated[str, Field(max_length=MOST_TEXT)]
Answer = Text | Annotated[list[Text], Field(max_length=MOST_QUESTIONS)]


class Take(Sent):
    """An application that was brought to a counter and is complete: the originals were seen there."""

    item: Annotated[UUID, Means(_("事项标识，见“服务事项”"))]
    version: Annotated[UUID | None, Means(_("录入时所见的版本；已换新版的不受理，返回409"))] = None
    name: Annotated[str, Field(max_length=60), Means(_("申请人姓名；为企业申请的，填经办人"))]
    citizen_id: Annotated[str, Field(max_length=40), Means(_("申请人身份证号；为企业申请的，填经办人的"))]
    phone: Annotated[str, Field(max_length=30), Means(_("手机号；不填则用已登记的"))] = ""
    credit_code: Annotated[str, Field(max_length=40), Means(_("统一社会信用代码；个人申请的不填"))] = ""
    answers: Annotated[
        dict[str, Answer],
        Field(default_factory=dict, max_length=MOST_QUESTIONS),
        Means(_("填报内容，按字段名；多选的为数组")),
    ]
    materials: Annotated[
        dict[UUID, MaterialState],
        Field(default_factory=dict, max_length=MOST_MATERIALS),
        Means(_("各材料的情况，按材料标识；不填的按未交处理")),
    ]
    signed: Annotated[bool, Means(_("容缺、告知承诺的，申请人已签署承诺书"))] = False
    delivery: Annotated[str, Field(max_length=20), Means(_("送达方式，须为该事项提供的"))] = ""
    deliver_to: Annotated[str, Field(max_length=200), Means(_("邮寄送达的收件地址"))] = ""
    is_another: Annotated[bool, Means(_("申请人同一事项正在办理，这是另一件"))] = False


class Taken(BaseModel):
    """What the applicant keeps."""

    id: Annotated[UUID, Means(_("事项标识"))]
    number: Annotated[str, Means(_("办件编号"))]
    tracking_code: Annotated[str, Means(_("查询码，请转告申请人；我们只保存校验值"))]
    is_repeated: Annotated[bool, Means(_("用同一Idempotency-Key提交过，这是当时的回执"))]


class ItemSeen(BaseModel):
    """An item that is offered today."""

    id: Annotated[UUID, Means(_("事项标识"))]
    code: Annotated[str, Means(_("实施编码"))]
    name: str
    organ: Annotated[UUID, Means(_("实施机关"))]
    for_persons: Annotated[bool, Means(_("个人可以申请"))]
    for_firms: Annotated[bool, Means(_("企业可以申请"))]
    promised_days: Annotated[int | None, Means(_("承诺时限（工作日），即办为0"))]
    is_instant: Annotated[bool, Means(_("即办"))]


class QuestionSeen(BaseModel):
    """A question of the form."""

    slug: Annotated[str, Means(_("字段名"))]
    label: str
    kind: Annotated[str, Means(_("怎样回答"))]
    required: bool
    choices: Annotated[list[str], Means(_("可选的值"))]
    when: Annotated[str, Means(_("何时填写：对前面回答的条件，空为总要填写"))]


class MaterialSeen(BaseModel):
    """A material of the check-list."""

    id: Annotated[UUID, Means(_("材料标识"))]
    name: str
    copies: int
    states: Annotated[list[MaterialState], Means(_("可以是哪些情况，第一个是未说明时的"))]
    when: Annotated[str, Means(_("何时需要，空为总要提交"))]


class ItemWhole(ItemSeen):
    """An item with what it asks for today."""

    version: Annotated[UUID, Means(_("当前版本标识"))]
    since: Annotated[date | None, Means(_("本版施行日期"))]
    delivery: Annotated[list[str], Means(_("可选的送达方式"))]
    questions: list[QuestionSeen]
    materials: list[MaterialSeen]


def said(taken: Take, key: str) -> Submission:
    """What was sent, for the action; ``key`` makes sending it again harmless."""
    return Submission(
        item_id=taken.item, version_id=taken.version, key=key, name=taken.name, phone=taken.phone, citizen_id=taken.citizen_id,
        credit_code=taken.credit_code, answers=taken.answers, signed=taken.signed, delivery=taken.delivery,
        materials={pk: Given(state) for pk, state in taken.materials.items()}, deliver_to=taken.deliver_to,
        is_another=taken.is_another,
    )  # fmt: skip


def receipt(done: Submitted) -> Taken:
    """The answer."""
    return Taken(
        id=done.matter_id, number=done.number, tracking_code=done.tracking_code, is_repeated=done.was_known
    )  # fmt: skip


def brief(version: Version) -> ItemSeen:
    """A line of the list."""
    return ItemSeen(**_brief(version))


def whole(sheet: CounterSheet) -> ItemWhole:
    """Everything that is asked for."""
    version = sheet.one.version
    return ItemWhole(
        **_brief(version), version=version.pk, since=version.effective_on, delivery=list(version.delivery),
        questions=[_question(one) for one in version.form], materials=[_material(line) for line in sheet.lines],
    )  # fmt: skip


def _brief(version: Version) -> dict[str, Any]:
    item = version.item
    return {
        "id": item.pk, "code": item.code, "name": item.name, "organ": item.organ_id, "for_persons": item.for_persons,
        "for_firms": item.for_firms, "promised_days": version.promised_days, "is_instant": version.is_instant,
    }  # fmt: skip


def _question(one: Question) -> QuestionSeen:
    return QuestionSeen(
        slug=one.slug, label=one.label, kind=one.kind, required=one.required, choices=list(one.choices), when=one.when
    )  # fmt: skip


def _material(line: Line) -> MaterialSeen:
    one = line.material
    return MaterialSeen(
        id=one.pk, name=one.name, copies=one.copies, states=[MaterialState(state) for state in line.states],
        when=one.needed_when or one.condition,
    )  # fmt: skip
