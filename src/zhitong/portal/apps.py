from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zhitong.portal"
    label = "portal"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
