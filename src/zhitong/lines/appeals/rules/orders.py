"""Work orders of a hotline: which column means what, and how its cells are read."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.moments import moment_of
from zhitong.base.text import clean

LONGEST_NUMBER, LONGEST_SOURCE = 60, 30


@dataclass(frozen=True, slots=True)
class Field:
    """What a column may mean.  ``headings`` are what hotlines call it.  Where several columns mean the same, their cells are
    put together with ``between``; without it the first that is filled counts."""

    slug: str
    label: Any
    headings: tuple[str, ...]
    between: str | None = None


FIELDS = (
    Field("number", _("工单编号"), ("工单编号", "工单号", "工单流水号", "诉求编号", "受理编号", "受理单号", "任务编号", "案件编号",
        "业务编号", "流水号", "单号", "编号", "number", "order number", "order no", "id")),
    Field("text", _("诉求内容"), ("诉求内容", "工单内容", "问题描述", "诉求描述", "事件描述", "反映内容", "来电内容", "主要内容",
        "问题内容", "受理内容", "内容", "描述", "body", "text", "description"), "\n"),
    Field("title", _("标题"), ("工单标题", "诉求标题", "事件标题", "标题", "主题", "title", "subject")),
    Field("raised_at", _("受理时间"), ("受理时间", "来电时间", "登记时间", "诉求时间", "反映时间", "提交时间", "创建时间", "接单时间",
        "派单时间", "时间", "raised at", "submitted at", "created at", "time")),
    Field("subkind", _("诉求类型"), ("诉求类型", "工单类型", "事项类型", "业务类型", "来电类型", "诉求性质", "类型", "kind", "type")),
    Field("category", _("问题类别"), ("一级分类", "二级分类", "三级分类", "四级分类", "一级类别", "二级类别", "三级类别", "四级类别",
        "问题分类", "问题类别", "诉求分类", "诉求类别", "内容分类", "事项分类", "归口类别", "类别", "分类", "category"), "/"),
    Field("urgency", _("紧急程度"), ("紧急程度", "缓急程度", "紧急级别", "是否紧急", "urgency", "priority")),
    Field("channel", _("来源"), ("诉求来源", "受理渠道", "来源渠道", "受理方式", "工单来源", "渠道", "来源", "channel")),
    Field("name", _("反映人"), ("来电人", "来电人姓名", "诉求人", "诉求人姓名", "反映人", "反映人姓名", "投诉人", "市民姓名", "群众姓名",
        "联系人", "联系人姓名", "姓名", "name")),
    Field("phone", _("联系电话"), ("联系电话", "来电号码", "主叫号码", "回访电话", "联系方式", "手机号码", "手机号", "手机", "电话号码",
        "电话", "phone", "telephone", "mobile")),
    Field("address", _("地址"), ("事发地址", "事发地点", "问题地址", "诉求地址", "详细地址", "问题地点", "发生地址", "发生地点", "地址",
        "地点", "位置", "address", "location"), " "),
    Field("division", _("区域"), ("所属街道", "所属街镇", "所属镇街", "街道", "街镇", "镇街", "乡镇街道", "所属社区", "社区", "村居",
        "所属网格", "网格", "所属区域", "事发区域", "区域", "辖区", "行政区划", "division", "district"), "，"),
    Field("lon", _("经度"), ("经度", "lon", "lng", "longitude")),
    Field("lat", _("纬度"), ("纬度", "lat", "latitude")),
    Field("is_public", _("是否公开"), ("是否公开", "是否同意公开", "public")),
)  # fmt: skip
BY_SLUG = {field.slug: field for field in FIELDS}
REQUIRED = ("number", "text")
Columns = Sequence[tuple[int, str]]  # position of the column, slug of the field


def _bare(heading: str) -> str:
    return re.sub(r"[\s*＊:：_()（）【】\[\]]|必填", "", heading).casefold()


_GUESSES = {_bare(heading): field.slug for field in FIELDS for heading in field.headings}


def guess(headings: Iterable[str]) -> dict[str, str]:
    """What each heading is likely to mean; the usual ones only, and each meaning once where its cells are not put together."""
    found: dict[str, str] = {}
    for heading in headings:
        slug = _GUESSES.get(_bare(heading))
        if slug and (BY_SLUG[slug].between is not None or slug not in found.values()):
            found.setdefault(heading, slug)
    return found


def placed(headings: Sequence[str], meant: Mapping[str, str]) -> list[tuple[int, str]]:
    """Where in the row each field is read, in the order of the headings; Refused when a column is missing that must be there."""
    if unknown := sorted({slug for slug in meant.values() if slug not in BY_SLUG}):
        raise Refused("unknown_field", _("没有“%(fields)s”这个字段。") % {"fields": "、".join(unknown)}, "columns")
    if missing := [heading for heading in meant if heading not in headings]:
        raise Refused("no_column", _("文件中没有这些列：%(columns)s。") % {"columns": "、".join(missing)}, "columns")
    if not {"text", "title"} & set(meant.values()) or "number" not in meant.values():
        raise Refused("no_column", _("请至少指明“工单编号”和“诉求内容”两列。"), "columns")
    return [
        (headings.index(heading), slug) for heading, slug in sorted(meant.items(), key=lambda p: headings.index(p[0]))
    ]


def gathered(row: Sequence[str], columns: Columns) -> dict[str, str]:
    """What the row says, by field."""
    found: dict[str, str] = {}
    for position, slug in columns:
        cell = row[position]
        if not cell:
            continue
        between = BY_SLUG[slug].between
        if slug not in found:
            found[slug] = cell
        elif between is not None and cell not in found[slug]:
            found[slug] += between + cell
    return found


@dataclass(slots=True)
class Order:
    """One work order as its row says it, in the spelling that is stored."""

    number: str
    text: str
    title: str
    raised_at: datetime | None
    subkind: str
    category: str
    urgency: str
    channel: str
    name: str
    phone: str
    address: str
    division: str
    point: tuple[float, float] | None
    is_public: bool


def read_order(said: Mapping[str, str], longest_text: int) -> Order:
    """Refused names the field that is wrong and says what to mend."""
    get = said.get
    number, title = clean(get("number", "")), clean(get("title", ""))
    text = clean(get("text", "")) or title
    if not number:
        raise Refused("no_number", _("缺少工单编号。"), "number")
    if len(number) > LONGEST_NUMBER:
        raise Refused("number_too_long", _("工单编号过长，最多60个字符。"), "number")
    if not text:
        raise Refused("no_text", _("缺少诉求内容。"), "text")
    if len(text) > longest_text:
        raise Refused("too_long", _("诉求内容过长，最多%(most)d字。") % {"most": longest_text}, "text")
    return Order(
        number, text, title, _moment(get("raised_at", "")), get("subkind", ""), get("category", ""),
        word(get("urgency", ""), URGENCIES, "normal"), word(get("channel", ""), CHANNELS, "hotline"),
        given(get("name", "")), given(get("phone", "")), get("address", ""), get("division", ""),
        _point(get("lon", ""), get("lat", "")), get("is_public", "") in YES,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = moment_of(text)
    if found is None:
        raise Refused(
            "bad_moment", _("受理时间“%(text)s”无法识别，请写成 2026-09-01 10:00。") % {"text": text[:40]}, "raised_at"
        )
    return found


def _point(lon: str, lat: str) -> tuple[float, float] | None:
    """Nothing, or nought, is no point."""
    try:
        point = (float(lon or 0), float(lat or 0))
    except ValueError:
        point = (999.0, 999.0)
    if point == (0.0, 0.0):
        return None
    if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90 and all(point)):
        raise Refused("bad_point", _("经纬度无法识别，请填写十进制度数，或两格都留空。"), "lon")
    return point


YES = frozenset({"是", "公开", "同意", "同意公开", "y", "yes", "true", "1"})
# What is written where nothing was said.
NOTHING = frozenset(
    {
        "无",
        "没有",
        "匿名",
        "不详",
        "未知",
        "保密",
        "不愿透露",
        "未留",
        "无名氏",
        "/",
        "-",
        "--",
        "—",
        "0",
        "null",
        "none",
    }
)
URGENCIES = {
    "danger": ("特急", "特别紧急", "危及生命", "危急", "danger"),
    "urgent": ("紧急", "加急", "急件", "急", "是", "urgent"),
}
CHANNELS = {
    "portal": ("网", "微信", "小程序", "app", "公众号", "portal"),
    "visit": ("来访", "上门", "visit"),
    "letter": ("来信", "信件", "letter"),
    "grid": ("网格", "grid"),
}
SUBKINDS = {
    "inquiry": ("咨询",),
    "request": ("求助",),
    "complaint": ("投诉", "举报"),
    "suggestion": ("建议", "意见"),
    "petition": ("信访",),
    "dispute": ("纠纷", "矛盾"),
    "report": ("反映", "诉求", "报修"),
}


def given(text: str) -> str:
    """The text, or nothing where it only says that nothing was given."""
    return "" if text.casefold() in NOTHING else text


def word(text: str, words: Mapping[str, Collection[str]], otherwise: str) -> str:
    """The slug one of whose words is, or stands in, the text; the longest word that does."""
    lower = text.casefold()
    found = [(len(word), slug) for slug, ones in words.items() for word in ones if word in lower] if lower else []
    return max(found)[1] if found else otherwise


def parts(category: str) -> list[str]:
    """The levels of a category that is written as a path; the whole first, as a name may hold a stroke."""
    return [
        category,
        *(part for part in re.split(r"\s*[/\\|>＞→]\s*|\s+-\s*|\s*-\s+", category) if part and part != category),
    ]
