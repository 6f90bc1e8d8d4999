"""Start-up of the territory."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoryConfig(AppConfig):
    name = "zhitong.kernel.territory"
    label = "territory"
    verbose_name = _("区划与网格")

    def ready(self) -> None:
        """Tell the log how to show what happens here."""
        from .declarations import declare

        declare()
