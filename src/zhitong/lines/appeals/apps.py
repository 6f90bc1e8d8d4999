from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "zhitong.lines.appeals"
    label = "appeals"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
