from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "zhitong.kernel.territory"
    label = "territory"
