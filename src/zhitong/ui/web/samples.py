"""Invented data for the gallery: pairs of Chinese and English, shown in the language of the page."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..formats import in_language as said

FACES = [
    ("very_good", _("非常满意")),
    ("good", _("满意")),
    ("fair", _("基本满意")),
    ("bad", _("不满意")),
    ("very_bad", _("非常不满意")),
]
ORGANS = [
    ("槐荫巷街道办事处", "Huaiyin Lane Street Office"),
    ("柳园街道办事处", "Liuyuan Street Office"),
    ("区城市管理局", "District City Management Bureau"),
    ("区住房和城乡建设局", "District Housing and Construction Bureau"),
    ("区生态环境分局", "District Ecology and Environment Office"),
    ("区教育和体育局", "District Education and Sports Bureau"),
    ("区市场监督管理局", "District Market Supervision Bureau"),
    ("区社会治安综合治理中心", "District Governance Centre"),
    ("区水务局", "District Water Bureau"),
    ("区人力资源和社会保障局", "District Human Resources and Social Security Bureau"),
]
CATEGORIES = [
    ("城市管理 / 市政设施 / 路灯照明", "City management / Public works / Street lighting"),
    ("城市管理 / 市政设施 / 道路破损", "City management / Public works / Damaged roads"),
    ("城市管理 / 市政设施 / 井盖缺失", "City management / Public works / Missing manhole covers"),
    ("城市管理 / 环境卫生 / 垃圾清运", "City management / Sanitation / Waste collection"),
    ("城市管理 / 环境卫生 / 公厕管理", "City management / Sanitation / Public toilets"),
    ("住房保障 / 物业服务 / 电梯维修", "Housing / Property management / Lift repairs"),
    ("住房保障 / 物业服务 / 停车管理", "Housing / Property management / Parking"),
    ("住房保障 / 房屋安全 / 漏水渗水", "Housing / Building safety / Leaks"),
    ("劳动就业 / 工资支付 / 拖欠工资", "Employment / Wages / Unpaid wages"),
    ("教育文体 / 义务教育 / 入学报名", "Education and culture / Compulsory education / Enrolment"),
]
TITLES = [
    (
        "巷口两盏路灯不亮，老人夜间出行不便",
        "Two street lights out at the lane entrance; hard for elderly people at night",
    ),
    ("小区三号楼电梯多次停运", "Lift in building 3 keeps stopping"),
    ("早市占道经营影响通行", "Morning market blocks the road"),
    ("工地夜间施工噪声扰民", "Night-time noise from a building site"),
    ("雨后路面积水无法通行", "Road impassable after rain"),
    ("垃圾桶满溢多日未清运", "Overflowing bins not emptied for days"),
]
GRADES = ["severe", "overdue", "moderate", "warning", "on_time", "on_time"]
HOURS_LEFT = [-170, -3, -40, 5, 31, 98]


def rows() -> list[dict[str, Any]]:
    """Six matters by deadline."""
    now = timezone.now()
    return [
        {
            "number": f"20261122{4 + n * 37:06}{n}",
            "title": said(*TITLES[n]),
            "organ": said(*ORGANS[n]),
            "place": said(f"柳园街道 · 和平社区 · 第{n + 3}网格", f"Liuyuan · Heping · Grid {n + 3}"),
            "grade": GRADES[n],
            "due_at": now + timedelta(hours=HOURS_LEFT[n]),
            "urgency": ["danger", "normal", "normal", "urgent", "normal", "normal"][n],
            "opened_at": now - timedelta(hours=30 + 26 * n),
        }
        for n in range(6)
    ]


def why() -> list[str]:
    """Sentences that answer "why this date?"."""
    return [
        said(
            "自派单之日（11月19日）次日起算，5个工作日。",
            "5 working days, counted from the day after dispatch (19 Nov).",
        ),
        said("跳过周末：11月21日、22日。", "Weekend skipped: 21 and 22 Nov."),
        said(
            "暂停1天（等待施工许可），相应顺延。",
            "Paused for 1 day (waiting for a works permit), extended accordingly.",
        ),
    ]


def steps(done: int, *, is_back: bool = False) -> list[dict[str, Any]]:
    """The six stages, ``done`` of them over."""
    start = timezone.now() - timedelta(days=9)
    names = [
        ("受理", "Received"),
        ("转办", "Passed"),
        ("见面", "Met"),
        ("办理", "Handled"),
        ("办结", "Concluded"),
        ("回访", "Visited"),
    ]
    steps_: list[dict[str, Any]] = []
    for n, (mark, names_) in enumerate(zip("接转见办结访", names, strict=True)):
        state = "done" if n < done else ("back" if is_back else "current") if n == done else "waiting"
        at: datetime | None = start + timedelta(days=n * 1.7) if n < done else None
        steps_.append({"label": said(*names_), "mark": mark, "state": state, "at": at, "note": ""})
    return steps_


def timeline() -> list[dict[str, Any]]:
    """What happened to a street light."""
    now = timezone.now()
    lamp = said("巷口", "Lane entrance")
    return [
        {
            "at": now - timedelta(hours=2),
            "title": said("回访：不满意", "Visit: dissatisfied"),
            "by": said("区综治中心 · 周晓岚", "District centre · Zhou X."),
            "text": said(
                "反映人表示只修好一盏，另一盏仍不亮。", "The reporter says only one of the two lights was repaired."
            ),
            "icon": "mood-sad",
            "tone": "warn",
        },
        {
            "at": now - timedelta(days=2),
            "title": said("办结，已答复", "Concluded and answered"),
            "by": said("柳园街道办事处 · 孟凡", "Liuyuan Street Office · Meng F."),
            "text": said(
                "已更换灯具并恢复供电，感谢您的反映。",
                "The fitting was replaced and power restored. Thank you for telling us.",
            ),
            "icon": "flag-check",
            "tone": "good",
            "facts": [
                (said("结果", "Outcome"), said("已解决", "Solved")),
                (said("审批", "Approved by"), said("街道主任", "Head of the street")),
            ],
        },
        {
            "at": now - timedelta(days=4),
            "title": said("申请延期2个工作日", "Two more working days asked for"),
            "by": said("柳园街道办事处 · 孟凡", "Liuyuan Street Office · Meng F."),
            "text": said("备件到货晚于预期。", "Spare part arrived later than expected."),
            "icon": "calendar-plus",
            "is_private": True,
        },
        {
            "at": now - timedelta(days=6),
            "title": said("已与反映人见面", "Met the reporter"),
            "by": said("柳园街道办事处 · 孟凡", "Liuyuan Street Office · Meng F."),
            "icon": "users",
            "tone": "info",
            "facts": [(said("地点", "Place"), lamp), (said("方式", "How"), said("上门", "At the door"))],
        },
        {
            "at": now - timedelta(days=7),
            "title": said("受理", "Received"),
            "by": said("网上", "Web"),
            "icon": "inbox",
            "tone": "info",
        },
    ]


def files() -> list[dict[str, Any]]:
    """A picture twice, and one of each other kind."""
    picture = static("ui/gallery_photo.svg")
    shown = [
        {"name": f"{n}.jpg", "url": picture, "preview": picture, "type": "image/jpeg", "size": 182_300, "note": note}
        for n, note in enumerate((said("办理前", "Before"), said("办理后", "After")))
    ]
    other = [
        ("application/pdf", said("施工许可.pdf", "permit.pdf"), 1_482_000),
        ("audio/mpeg", said("来电录音.mp3", "call.mp3"), 640_000),
    ]
    return shown + [
        {"name": name, "url": picture, "preview": None, "type": kind, "size": size, "note": ""}
        for kind, name, size in other
    ]


def chart() -> dict[str, Any]:
    """A year of months."""
    random = Random(8)
    months = [
        said(f"{m}月", name)
        for m, name in enumerate(
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
        )
    ]
    opened = [random.randint(620, 1150) for _ in months]
    return {"months": months, "opened": opened, "closed": [round(n * random.uniform(0.86, 1.02)) for n in opened]}


def places() -> dict[str, Any]:
    """Sixty points around the centre of an invented district."""
    random = Random(3)
    tones = ["on_time", "on_time", "on_time", "warning", "overdue", "severe"]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [116.9 + random.gauss(0.1, 0.04), 36.6 + random.gauss(0.05, 0.02)],
                },
                "properties": {"title": said(*TITLES[n % 6]), "href": "#", "grade": tones[n % 6]},
            }
            for n in range(60)
        ],
    }


def shapes() -> dict[str, Any]:
    """Twelve fields of a plain grid."""
    west, south, step = 116.9, 36.6, 0.05
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [_field(west + step * (n % 4), south + step * (n // 4) * 0.7, step)],
                },
                "properties": {"title": str(n + 1)},
            }
            for n in range(12)
        ],
    }


def _field(x: float, y: float, step: float) -> list[list[float]]:
    return [[x, y], [x + step, y], [x + step, y + step * 0.7], [x, y + step * 0.7], [x, y]]
