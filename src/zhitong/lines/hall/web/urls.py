"""Addresses of the guide."""

from django.urls import path

from . import views

app_name = "hall"
urlpatterns = [
    path("hall/", views.guide, name="guide"),
    path("hall/items/<uuid:item_id>/", views.item, name="item"),
]
