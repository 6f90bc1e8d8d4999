from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "zhitong.kernel.events"
    label = "events"
