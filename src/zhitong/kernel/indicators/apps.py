from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "zhitong.kernel.indicators"
    label = "indicators"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
