from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "zhitong.lines.surveys"
    label = "surveys"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
