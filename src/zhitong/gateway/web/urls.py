"""Addresses for machines."""

from django.urls import include, path

from ..assembly import root
from . import views, webhooks

app_name = "gateway"

urlpatterns = [
    path("interface/", views.docs, name="docs"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", include((root().patterns(), "api"))),
    path("", include("zhitong.gateway.open311.urls")),
    *webhooks.urlpatterns,
]
