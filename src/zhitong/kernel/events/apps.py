from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "zhitong.kernel.events"
    label = "events"

    def ready(self) -> None:
        from . import declarations, tasks  # noqa: F401

        declarations.declare()
