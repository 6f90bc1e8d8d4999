"""Enumerations of the register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactKind(TextChoices):
    PHONE = "phone", _("电话")
    EMAIL = "email", _("电子邮箱")


class Gender(TextChoices):
    """From the citizen id (GB 11643); empty when it is not known."""

    FEMALE = "female", _("女")
    MALE = "male", _("男")
