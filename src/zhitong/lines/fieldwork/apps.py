from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "zhitong.lines.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
