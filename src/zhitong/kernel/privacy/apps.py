from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "zhitong.kernel.privacy"
    label = "privacy"
    verbose_name = _("个人信息与档案")

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
