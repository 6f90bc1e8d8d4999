from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "zhitong.kernel.organisation"
    label = "organisation"
    verbose_name = _("组织与职责")

    def ready(self) -> None:
        """Declare how events read."""
        from .declarations import declare

        declare()
