"""Addresses of the pages no single line owns."""

from . import maps, setup

app_name = "portal"
urlpatterns = [*maps.urlpatterns, *setup.urlpatterns]
