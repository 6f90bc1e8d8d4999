"""Words that are stored."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Failure(TextChoices):
    """Why learning came to nothing."""

    TOO_FEW = "too_few", _("可学习的事项太少")
    FAULT = "fault", _("学习时出错")
