from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "zhitong.kernel.matters"
    label = "matters"

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
