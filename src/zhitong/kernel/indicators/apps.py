from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "zhitong.kernel.indicators"
    label = "indicators"
    verbose_name = _("指标口径")

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
