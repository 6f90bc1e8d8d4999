"""Enumerations of the hall."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemKind(TextChoices):
    """What sort of power or service an item is; the first four as the law on administrative acts names them."""

    PERMIT = "permit", _("行政许可")
    CONFIRMATION = "confirmation", _("行政确认")
    REWARD = "reward", _("行政奖励")
    PAYMENT = "payment", _("行政给付")
    OTHER_POWER = "other_power", _("其他行政权力")
    PUBLIC_SERVICE = "public_service", _("公共服务")


class OfferedAt(TextChoices):
    """The level at which an item is handled."""

    DISTRICT = "district", pgettext_lazy("offered", "区级")
    STREET = "street", pgettext_lazy("offered", "街镇")
    COMMUNITY = "community", pgettext_lazy("offered", "村居")


class Topic(TextChoices):
    """What in life an item is about, as a guide is arranged."""

    BUSINESS = "business", _("开办企业")
    FOOD = "food", _("餐饮食品")
    BUILDING = "building", _("工程建设")
    CITY = "city", _("市容城管")
    TRANSPORT = "transport", _("交通出行")
    HEALTH = "health", _("医疗卫生")
    INSURANCE = "insurance", _("社会保障")
    WORK = "work", _("就业创业")
    SCHOOL = "school", _("教育入学")
    RESIDENCE = "residence", _("户籍身份")
    FAMILY = "family", _("婚姻生育")
    HELP = "help", _("救助优抚")
    HOUSING = "housing", _("住房保障")
    CULTURE = "culture", _("文化旅游")
    OTHER = "other", pgettext_lazy("topic", "其他")


class VersionState(TextChoices):
    """Where a version of an item stands."""

    DRAFT = "draft", pgettext_lazy("version", "草稿")
    PUBLISHED = "published", pgettext_lazy("version", "已发布")
    WITHDRAWN = "withdrawn", pgettext_lazy("version", "已停用")


class Visits(TextChoices):
    """How often somebody has to come."""

    NONE = "none", _("零跑腿")
    ONE = "one", _("只跑一次")
    AGENT = "agent", _("帮办代办")


class Delivery(TextChoices):
    """How the result reaches the applicant."""

    PICK_UP = "pick_up", _("窗口领取")
    MAIL = "mail", _("邮寄送达")
    ELECTRONIC = "electronic", _("电子证照")


class Form(TextChoices):
    """In which form a material is wanted."""

    ORIGINAL = "original", _("原件")
    COPY = "copy", _("复印件")
    BOTH = "both", _("原件及复印件")
    ELECTRONIC = "electronic_copy", _("电子件")


class QuestionKind(TextChoices):
    """How a question of an item's form is answered."""

    TEXT = "text", _("单行文字")
    LONG = "long_text", _("多行文字")
    NUMBER = "number", pgettext_lazy("question", "数字")
    MONEY = "money", _("金额（元）")
    DATE = "date", pgettext_lazy("question", "日期")
    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    YES_NO = "yes_no", _("是或否")
    NAME = "name", pgettext_lazy("question", "姓名")
    CITIZEN_ID = "citizen_id", pgettext_lazy("question", "身份证号")
    CREDIT_CODE = "credit_code", pgettext_lazy("question", "统一社会信用代码")
    PHONE = "phone", pgettext_lazy("question", "联系电话")
    DIVISION = "division", pgettext_lazy("question", "所在辖区")
    ADDRESS = "address", pgettext_lazy("question", "详细地址")


class Outcome(TextChoices):
    """What was decided on an application."""

    APPROVED = "approved", pgettext_lazy("decision", "准予")
    REFUSED = "refused", pgettext_lazy("decision", "不予")


class MaterialState(TextChoices):
    """How it stands with one material of an application."""

    HANDED = "handed", pgettext_lazy("material", "已提交")
    HELD = "held", pgettext_lazy("material", "免提交")
    DEFERRED = "deferred", pgettext_lazy("material", "容缺后补")
    PROMISED = "promised", pgettext_lazy("material", "告知承诺")
    MISSING = "missing", pgettext_lazy("material", "缺少")
    NOT_NEEDED = "not_needed", pgettext_lazy("material", "不需要")


class BreachSort(TextChoices):
    """What an applicant did not keep."""

    DEFERRAL = "deferral", _("容缺材料逾期未补")
    COMMITMENT = "commitment", _("未履行告知承诺")


class Source(TextChoices):
    """By which way somebody took a queue ticket."""

    KIOSK = "kiosk", _("取号机")
    PHONE = "phone", _("手机取号")
    GUIDE = "guide", _("指南页取号")
    CLERK = "desk", _("工作人员代取")
    BOOKED = "booked", _("预约到场")


class Priority(TextChoices):
    """Why somebody is served before others."""

    ELDERLY = "elderly", _("老年人")
    DISABLED = "disabled", _("残疾人")
    PREGNANT = "pregnant", _("孕妇或携带婴幼儿")
    VETERAN = "veteran", _("现役军人、退役军人")
    OTHER = "other_priority", _("其他优先情形")


class TicketState(TextChoices):
    """Where a queue ticket stands."""

    WAITING = "waiting", pgettext_lazy("ticket", "等候")
    CALLED = "called", pgettext_lazy("ticket", "已叫号")
    SERVING = "serving", pgettext_lazy("ticket", "办理中")
    SERVED = "served", pgettext_lazy("ticket", "已办理")
    MISSED = "passed_over", pgettext_lazy("ticket", "已过号")
    CANCELLED = "given_up", pgettext_lazy("ticket", "已取消")
    LEFT = "day_over", pgettext_lazy("ticket", "当日未办")


class BookingState(TextChoices):
    """Where an appointment at a hall stands."""

    BOOKED = "booked", pgettext_lazy("booking", "已预约")
    ARRIVED = "arrived", pgettext_lazy("booking", "已到场")
    CANCELLED = "called_off", pgettext_lazy("booking", "已取消")
    MISSED = "no_show", pgettext_lazy("booking", "未到场")


class PartState(TextChoices):
    """Where a part of an application over several items stands."""

    WAITING = "waiting", pgettext_lazy("part", "等待前面的环节")
    OPEN = "open", pgettext_lazy("part", "办理中")
    DONE = "done", pgettext_lazy("part", "已办好")
    FAILED = "failed", pgettext_lazy("part", "未办成")
    STOPPED = "stopped", pgettext_lazy("part", "不再办理")
    STUCK = "stuck", pgettext_lazy("part", "待牵头单位处理")


class AgentSort(TextChoices):
    """What somebody who acts for others is besides."""

    SPECIALIST = "specialist", _("服务专员")
    APPROVER = "approver", _("审批专员")
    GRID = "grid_agent", pgettext_lazy("agent", "网格员")
    PARK = "park_agent", _("园区帮办员")


class MandateWay(TextChoices):
    """How an applicant has signed that somebody may act for them."""

    CODE = "by_code", _("申请人报查询码确认")
    PAPER = "on_paper", _("纸质委托书（须上传扫描件）")
