"""Tables of homes on their way in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import ImportState


class HomesImport(models.Model):
    """One table of homes on its way into the register, or tried without keeping anything.

    ``position`` is the row up to which it is done, written in the transaction of those rows: whoever goes on after a crash goes on
    behind it.  ``stored`` is the file, while it is needed.  ``errors`` are the first rows that were left out, as row, column and message:
    nothing of what stood in them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("文件"), max_length=200)
    stored = models.CharField(max_length=300, blank=True)
    digest = models.BinaryField()
    language = models.CharField(max_length=10, blank=True)
    is_dry_run = models.BooleanField(default=True)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    position = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(_("上传人"), max_length=120)
    created_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "by_label": "staff", "errors": "none", "failure": "none", "stored": "none",
    }  # fmt: skip

    class Meta:
        verbose_name = _("人房导入")
        verbose_name_plural = _("人房导入")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="homes_import_state")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"], name="homes_import_waiting", condition=models.Q(state__in=["waiting", "running"])
            ),
            models.Index(fields=["created_at"], name="homes_import_kept", condition=~models.Q(stored="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it is, or will be, worked on."""
        return self.state in (ImportState.WAITING, ImportState.RUNNING)

    @property
    def can_be_begun(self) -> bool:
        """Whether there is a file that nobody is at work on."""
        return bool(self.stored) and not self.is_live
