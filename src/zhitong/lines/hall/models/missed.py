"""What was looked for in the guide and not found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7


class Missed(models.Model):
    """Words that found nothing in the guide, and how often: nobody's name, address or device stands with them.  Gone once an item has
    them, once somebody leaves them out, or when nobody has looked for them for half a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    words = models.CharField(_("搜索词"), max_length=20, unique=True)
    times = models.PositiveIntegerField(_("搜索次数"), default=1)
    last_at = models.DateTimeField(_("最近一次"), db_index=True)

    personal: ClassVar[dict[str, str]] = {"words": "none"}

    class Meta:
        verbose_name = _("没有搜到的说法")
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-times", "words"]

    def __str__(self) -> str:
        return self.words
