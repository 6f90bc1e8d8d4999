"""How matters, and what belongs to them, are sent out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from zhitong.apikit.schemas import Asked, Day, Moment, Named, Said, Sent
from zhitong.kernel.matters.public import MOST_FILES, Channel, ClockState, Grade, Purpose, TaskRole, TaskState, Urgency


class MatterFilter(Asked):
    """What a list of matters is narrowed to; every filter must fit."""

    q: Annotated[str, Field(max_length=100), Said(_("编号、反映人手机号或关键字"))] = ""
    kind: Annotated[str, Field(max_length=40), Said(_("业务代号，如appeal"))] = ""
    stage: Annotated[str, Field(max_length=40), Said(_("环节代号，如passed"))] = ""
    state: Annotated[Literal["", "open", "ended"], Said(_("在办open，已结束ended"))] = ""
    subkind: Annotated[str, Field(max_length=40), Said(_("子类代号"))] = ""
    organ: Annotated[UUID | None, Said(_("主办单位"))] = None
    division: Annotated[UUID | None, Said(_("区划，含下级"))] = None
    category: Annotated[UUID | None, Said(_("类别，含下级"))] = None
    channel: Annotated[Channel | None, Said(_("来源渠道"))] = None
    urgency: Annotated[Urgency | None, Said(_("紧急程度"))] = None
    grade: Annotated[Grade | None, Said(_("时限状态"))] = None
    company: Annotated[
        Literal["", "again", "joint"], Said(_("重复again：同一人就同一件事再次反映；联名joint：5人以上共同反映"))
    ] = ""
    since: Annotated[Day | None, Said(_("提出日期自（含）"))] = None
    until: Annotated[Day | None, Said(_("提出日期至（含）"))] = None
    changed_since: Annotated[Moment | None, Said(_("在此时间之后有过变化的；请比上次读取的时间早一分钟"))] = None


class MatterLine(BaseModel):
    """A matter as a list shows it."""

    id: UUID
    number: Annotated[str, Said(_("编号"))]
    kind: Annotated[str, Said(_("业务代号，如appeal"))]
    subkind: Annotated[str, Said(_("子类代号"))]
    stage: Annotated[str, Said(_("环节代号，如passed"))]
    stage_label: Annotated[str, Said(_("环节名称"))]
    title: Annotated[str, Said(_("标题，个人信息已隐去"))]
    category: Annotated[Named | None, Said(_("类别"))]
    area: Annotated[Named | None, Said(_("所在街道"))]
    lead: Annotated[Named | None, Said(_("主办单位"))]
    division: Annotated[UUID | None, Said(_("所在最小区划"))]
    channel: Annotated[Channel, Said(_("来源渠道"))]
    urgency: Annotated[Urgency, Said(_("紧急程度"))]
    grade: Annotated[Grade, Said(_("时限状态"))]
    is_public: Annotated[bool, Said(_("是否对外公开"))]
    is_paused: Annotated[bool, Said(_("是否暂停计时"))]
    lon: Annotated[float | None, Said(_("经度（WGS-84）"))]
    lat: Annotated[float | None, Said(_("纬度（WGS-84）"))]
    opened_at: Annotated[datetime, Said(_("提出时间"))]
    stage_at: Annotated[datetime, Said(_("进入本环节的时间"))]
    due_at: Annotated[datetime | None, Said(_("最近的到期时间"))]
    closed_at: Annotated[datetime | None, Said(_("结束时间"))]
    version: Annotated[int, Said(_("版本，每次变化加一"))]


class ClockSeen(BaseModel):
    """A running limit."""

    slug: str
    label: str
    state: ClockState
    grade: Grade
    started_at: datetime
    due_at: datetime
    why: Annotated[str, Said(_("到期日是怎样算出的"))]


class TaskSeen(BaseModel):
    """An organ's share."""

    organ: Named
    role: TaskRole
    state: TaskState
    assignee: str
    sent_at: datetime
    ended_at: datetime | None


class FileSeen(BaseModel):
    """A file of a matter; its bytes are at ``/files/{id}``."""

    id: UUID
    name: str
    media_type: str
    size: Annotated[int, Said(_("字节数"))]
    purpose: Purpose
    added_at: datetime


class PersonSeen(BaseModel):
    """Somebody of a matter, masked."""

    name: Annotated[str, Said(_("姓名，已隐去部分"))]
    part: str


class AnswerSeen(BaseModel):
    """A question and what was answered."""

    label: str
    value: str


class RecordSeen(BaseModel):
    """What was written down in one action."""

    action: str
    label: str
    organ: str
    at: datetime
    by: str
    answers: list[AnswerSeen]
    files: list[FileSeen]


class TieSeen(BaseModel):
    """Another matter this one hangs together with."""

    label: str
    id: UUID
    number: str
    stage_label: str


class MatterSeen(MatterLine):
    """Everything of a matter that its page shows."""

    text: Annotated[str, Said(_("内容；无权查看完整信息时已隐去个人信息"))]
    address: Annotated[str, Said(_("地址；无权查看完整信息时已隐去门牌"))]
    round: Annotated[int, Said(_("第几次办理"))]
    outcome: Annotated[str, Said(_("办理结果代号"))]
    satisfaction: Annotated[int | None, Said(_("满意度，1至5"))]
    clocks: list[ClockSeen]
    tasks: list[TaskSeen]
    people: list[PersonSeen]
    files: Annotated[list[FileSeen], Said(_("提出时的附件"))]
    records: Annotated[list[RecordSeen], Said(_("各项操作的记录，新的在前"))]
    ties: Annotated[list[TieSeen], Said(_("相关事项"))]


class HappenedSeen(BaseModel):
    """One event of a matter."""

    seq: Annotated[int, Said(_("序号，从1开始不间断"))]
    kind: Annotated[str, Said(_("事件代号，如appeal.passed"))]
    label: str
    at: datetime
    by: str
    text: str
    is_public: Annotated[bool, Said(_("反映人是否可见"))]


class OfferSeen(BaseModel):
    """An action that may be taken now."""

    slug: str
    label: str
    takes_files: Annotated[list[str], Said(_("附件可用的purpose；空表示不收附件"))]
    payload: Annotated[dict[str, Any], Said(_("data应符合的JSON Schema"))]


class Offers(BaseModel):
    """What may be done now, on the version that was seen."""

    version: int
    actions: list[OfferSeen]


class FileGiven(Sent):
    """A file that was uploaded before."""

    ticket: Annotated[str, Field(max_length=2000), Said(_("上传附件得到的ticket"))]
    purpose: Annotated[Literal["", "before", "after"], Said(_("办理前before，办理后after；其他操作不填"))] = ""


class Act(Sent):
    """One action."""

    data: Annotated[dict[str, Any], Field(default_factory=dict), Said(_("该操作要求的内容，见可办操作"))]
    version: Annotated[
        int | None, Field(ge=1, le=2**31 - 1), Said(_("看到的版本；事项已有变化时返回409，不会误办"))
    ] = None
    files: Annotated[list[FileGiven], Field(default_factory=list, max_length=MOST_FILES)]


class Acted(BaseModel):
    """Where the matter stands after an action."""

    id: UUID
    number: str
    stage: str
    stage_label: str
    version: int
    is_repeated: Annotated[bool, Said(_("用同一Idempotency-Key办理过，没有重复办理"))]
    is_visible: Annotated[bool, Said(_("办理后此令牌是否仍可查看"))]


class Ticket(BaseModel):
    """A file that was taken in and looked at."""

    ticket: Annotated[str, Said(_("提出或办理时放入files，一天内有效"))]
    name: str
    media_type: str
    size: Annotated[int, Said(_("字节数；照片已重新编码并去除拍摄位置"))]


class Wanted(BaseModel):
    """Which rendition of a file."""

    preview: Annotated[bool, Said(_("只要缩略图"))] = False
