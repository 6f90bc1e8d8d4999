from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "zhitong.gateway"
    label = "gateway"

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
