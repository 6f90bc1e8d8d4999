"""Addresses of Open311; the format stands at their end."""

from django.urls import path, re_path, register_converter

from . import views


class FormatConverter:
    """One of the two formats."""

    regex = "xml|json"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    to_url = to_python


class WordConverter(FormatConverter):
    """A code or a number: anything but a slash, the format left out."""

    regex = r"[^/]+?"


register_converter(FormatConverter, "format")
register_converter(WordConverter, "word")

app_name = "open311"

urlpatterns = [
    path("open311/discovery.<format:form>", views.discovery, name="discovery"),
    path("open311/v2/discovery.<format:form>", views.discovery, name="discovery_v2"),
    path("open311/v2/services.<format:form>", views.services, name="services"),
    path("open311/v2/services/<word:code>.<format:form>", views.service_definition, name="definition"),
    path("open311/v2/requests.<format:form>", views.requests, name="requests"),
    path("open311/v2/requests/<word:number>.<format:form>", views.one_request, name="request"),
    path("open311/v2/request/<word:number>.<format:form>", views.one_request, name="request_of_old"),
    path("open311/v2/tokens/<uuid:token>.<format:form>", views.token, name="token"),
    re_path(r"^open311/(?P<rest>.*)$", views.nothing, name="nothing"),
]
