"""Enumerations of the register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactKind(TextChoices):
    PHONE = "phone", _("电话")
    EMAIL = "email", _("电子邮箱")


class Gender(TextChoices):
    """From the citizen id (GB 11643); empty when it is not known."""

    FEMALE = "female", _("女")
    MALE = "male", _("男")


class FirmKind(TextChoices):
    """What a market entity 市场主体 is (Regulations on the Registration of Market Entities, article 2)."""

    LIMITED = "limited", _("有限责任公司")
    SHARES = "shares", _("股份有限公司")
    SOLE = "sole", _("个人独资企业")
    PARTNERSHIP = "partnership", _("合伙企业")
    INDIVIDUAL = "individual", _("个体工商户")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    BRANCH = "branch", _("分支机构")


class FirmState(TextChoices):
    ACTIVE = "active", _("存续")
    SUSPENDED = "suspended", _("歇业")
    REVOKED = "revoked", pgettext_lazy("firm", "吊销")
    CANCELLED = "cancelled", _("注销")
    MOVED = "moved", _("迁出")


class HolderKind(TextChoices):
    """Who holds a share: a natural person, another firm, or somebody else (an institution, a foreign investor)."""

    PERSON = "person", _("自然人股东")
    FIRM = "firm", _("企业法人股东")
    OTHER = "other", _("其他投资者")


class Contribution(TextChoices):
    """How a share is paid (Company Law, article 48)."""

    MONEY = "money", _("货币")
    GOODS = "goods", _("实物")
    KNOW_HOW = "know_how", _("知识产权")
    LAND = "land", _("土地使用权")
    EQUITY = "equity", _("股权或债权")


class Duty(TextChoices):
    """What somebody does in a firm's bodies."""

    CHAIR = "chair", _("董事长")
    EXECUTIVE = "executive", _("执行公司事务的董事")
    DIRECTOR = "director", _("董事")
    SUPERVISOR = "supervisor", _("监事")
    MANAGER = "manager", _("经理")
