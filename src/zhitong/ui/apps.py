from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zhitong.ui"
    label = "ui"
