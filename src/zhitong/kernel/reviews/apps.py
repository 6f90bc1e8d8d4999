from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "zhitong.kernel.reviews"
    label = "reviews"

    def ready(self) -> None:
        from . import declarations

        declarations.declare()
