from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "zhitong.lines.hall"
    label = "hall"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
