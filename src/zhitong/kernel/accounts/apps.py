from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "zhitong.kernel.accounts"
    label = "accounts"
    verbose_name = _("账号与权限")

    def ready(self) -> None:
        """Declare permissions, roles and events; from here on every route must say who may open it."""
        from .declarations import declare
        from .web.checks import check_grants, check_routes

        declare()
        register(check_routes, Tags.urls)
        register(check_grants, Tags.security)
