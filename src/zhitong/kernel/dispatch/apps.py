from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "zhitong.kernel.dispatch"
    label = "dispatch"
    verbose_name = _("智能转办")

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
