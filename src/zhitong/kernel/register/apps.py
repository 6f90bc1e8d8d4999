from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "zhitong.kernel.register"
    label = "register"
    verbose_name = _("人员登记")

    def ready(self) -> None:
        """Tell the kernel of permissions and events."""
        from .declarations import declare

        declare()
