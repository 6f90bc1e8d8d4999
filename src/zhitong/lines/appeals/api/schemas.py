"""What is sent to raise an appeal, and what comes back.

The one place that knows how an appeal is raised by a machine: ``Raise`` checks a body, ``said`` makes of it what the
action takes, ``Receipt`` is the answer.
"""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from zhitong.apikit.schemas import Said as Means
from zhitong.apikit.schemas import Sent
from zhitong.base import citizen
from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import MOST_FILES, Channel, Urgency

from ..actions import Raised, Said

MOST_TEXT = 10_000


class Raise(Sent):
    """An appeal as another system raises it for somebody."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT), Means(_("反映的情况"))]
    subkind: Annotated[str, Field(max_length=40), Means(_("子类代号，见“业务与环节”"))] = "report"
    title: Annotated[str, Field(max_length=120), Means(_("标题；不填则取内容的第一句"))] = ""
    address: Annotated[str, Field(max_length=200), Means(_("地址或附近标志"))] = ""
    lon: Annotated[float | None, Field(ge=-180, le=180), Means(_("经度（WGS-84），与纬度同时填写"))] = None
    lat: Annotated[float | None, Field(ge=-90, le=90), Means(_("纬度（WGS-84）"))] = None
    division: Annotated[UUID | None, Means(_("区划标识；有坐标时以坐标所在为准"))] = None
    category: Annotated[UUID | None, Means(_("类别标识；不填由转办员选择"))] = None
    urgency: Annotated[Urgency, Means(_("紧急程度；内容涉及危险时会自动提高"))] = Urgency.NORMAL
    channel: Annotated[Channel, Means(_("来源渠道"))] = Channel.SYSTEM
    is_public: Annotated[bool, Means(_("反映人同意隐去个人信息后公开"))] = False
    has_public_files: Annotated[bool, Means(_("附件也一并公开"))] = False
    name: Annotated[str, Field(max_length=30), Means(_("反映人姓名或称呼"))] = ""
    phone: Annotated[str, Field(max_length=30), Means(_("反映人电话；不填则无法回访"))] = ""
    files: Annotated[list[str], Field(default_factory=list, max_length=MOST_FILES), Means(_("上传附件得到的ticket"))]


class Receipt(BaseModel):
    """What whoever raised it keeps."""

    id: Annotated[UUID, Means(_("事项标识"))]
    number: Annotated[str, Means(_("编号"))]
    tracking_code: Annotated[str, Means(_("查询码，请转告反映人；我们只保存校验值"))]
    urgency: Annotated[Urgency, Means(_("受理时的紧急程度"))]
    is_repeated: Annotated[bool, Means(_("用同一Idempotency-Key提交过，这是当时的回执"))]


def said(raised: Raise, key: str) -> Said:
    """What was sent, for the action; ``key`` makes sending it again harmless.  Refused where a person must mend it."""
    if raised.phone and citizen.phone(raised.phone) is None:
        raise Refused("bad_phone", _("电话号码不正确，请填写11位手机号，或带区号的固定电话。"), "phone")
    return Said(
        subkind=raised.subkind, text=raised.text, key=key, channel=raised.channel.value, title=raised.title,
        address=raised.address, lon=raised.lon, lat=raised.lat, division_id=raised.division, category_id=raised.category,
        urgency=raised.urgency.value, is_public=raised.is_public, has_public_photos=raised.has_public_files,
        name=raised.name, phone=raised.phone,
    )  # fmt: skip


def receipt(raised: Raised) -> Receipt:
    """The answer."""
    return Receipt(
        id=raised.matter_id, number=raised.number, tracking_code=raised.tracking_code, urgency=Urgency(raised.urgency),
        is_repeated=raised.was_known,
    )  # fmt: skip
