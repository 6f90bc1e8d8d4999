from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "zhitong.kernel.events"
    label = "events"
    verbose_name = _("日志与通知用语")

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
