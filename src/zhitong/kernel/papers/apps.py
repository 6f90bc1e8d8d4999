from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "zhitong.kernel.papers"
    label = "papers"
    verbose_name = _("文书")

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
