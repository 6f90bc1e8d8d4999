"""Enumerations of organisation; the values are stored and never renamed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganKind(TextChoices):
    """What sort of body an organ is."""

    DEPARTMENT = "department", _("部门")
    STREET_OFFICE = "street_office", _("街道办事处（镇政府）")
    COMMUNITY_COMMITTEE = "community_committee", _("社区（村）居委会")
    CENTRE = "centre", _("中心")
    SUPERVISION = "supervision", _("督查机构")
    INSTITUTION = "institution", _("企事业单位")


class DutyRole(TextChoices):
    """Whether an organ answers for a category itself or helps another organ."""

    LEAD = "lead", _("主办")
    CO = "co", _("协办")
