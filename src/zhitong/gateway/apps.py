from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "zhitong.gateway"
    label = "gateway"
