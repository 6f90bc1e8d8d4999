from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "zhitong.lines.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
