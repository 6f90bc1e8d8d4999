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


class BuildingKind(TextChoices):
    RESIDENTIAL = "residential", _("住宅楼")
    MIXED = "mixed", _("商住楼")
    COMMERCIAL = "commercial", _("商业楼")
    OFFICE = "office", _("办公楼")
    INDUSTRIAL = "industrial", _("厂房仓库")
    PUBLIC = "public", _("公共建筑")
    FARMHOUSE = "farmhouse", _("农村住宅")
    COURTYARD = "courtyard", _("平房院落")
    OTHER = "other", pgettext_lazy("building", "其他建筑")


class UnitUse(TextChoices):
    LIVING = "living", _("自住")
    RENTED = "rented", _("出租")
    SHARED = "shared", _("群租")
    SHOP = "shop", _("商铺")
    OFFICE = "office", _("办公")
    STORE = "store", _("仓储")
    EMPTY = "empty", _("空置")
    OTHER = "other", _("其他用途")


class HouseholdKind(TextChoices):
    """Family 家庭户, or collective 集体户 as in a dormitory (household registration rules)."""

    FAMILY = "family", _("家庭户")
    COLLECTIVE = "collective", _("集体户")
    TENANTS = "tenants", _("承租户")


class ResidenceKind(TextChoices):
    """Whether somebody is registered at the place, lives there, or both."""

    REGISTERED = "registered", _("户籍在此")
    LIVING = "living", _("居住在此")
    BOTH = "both", _("人户一致")


class Role(TextChoices):
    """What somebody is to the head of the household (after GB/T 4761)."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    CHILD_IN_LAW = "in_law", _("儿媳女婿")
    PARENT = "parent", _("父母")
    GRANDPARENT = "grandpar", _("祖父母")
    GRANDCHILD = "grandchild", _("孙子女")
    SIBLING = "sibling", _("兄弟姐妹")
    TENANT = "tenant", _("租客")
    OTHER = "other", _("其他关系")


class TagSubject(TextChoices):
    """What a tag is put on."""

    PERSON = "person", _("人员")
    HOUSEHOLD = "household", _("住户")
    UNIT = "unit", _("房屋")
    FIRM = "firm", _("市场主体")


class ImportState(TextChoices):
    """Where a table on its way in stands."""

    WAITING = "waiting", pgettext_lazy("import", "排队中")
    RUNNING = "running", pgettext_lazy("import", "进行中")
    DONE = "done", pgettext_lazy("import", "已完成")
    FAILED = "failed", pgettext_lazy("import", "未能完成")
    STOPPED = "stopped", pgettext_lazy("import", "已停止")
