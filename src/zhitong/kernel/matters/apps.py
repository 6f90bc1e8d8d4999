from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MattersConfig(AppConfig):
    name = "zhitong.kernel.matters"
    label = "matters"
    verbose_name = _("事项规则")

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
