from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "zhitong.kernel.events"
    label = "events"

    def ready(self) -> None:
        from . import tasks  # noqa: F401
