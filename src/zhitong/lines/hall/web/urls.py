"""Addresses of the guide, and of the pages on which the catalogue is edited."""

from django.urls import path

from . import views

app_name = "hall"
_ITEM = "setup/hall/<uuid:item_id>"
_VERSION = f"{_ITEM}/versions/<uuid:version_id>"
urlpatterns = [
    path("hall/", views.guide, name="guide"),
    path("hall/items/<uuid:item_id>/", views.item, name="item"),
    path("setup/hall/", views.catalogue, name="catalogue"),
    path("setup/hall/import", views.upload, name="upload"),
    path("setup/hall/export.xlsx", views.export, name="export"),
    path("setup/hall/bases/", views.bases, name="bases"),
    path("setup/hall/bases/new", views.new_base, name="new_base"),
    path("setup/hall/bases/<uuid:base_id>/", views.change_base, name="change_base"),
    path("setup/hall/bases/<uuid:base_id>/items/new", views.new_item, name="new_item"),
    path(f"{_ITEM}/", views.edit, name="edit"),
    path(f"{_ITEM}/found", views.change_item, name="change_item"),
    path(f"{_ITEM}/draft", views.draft, name="draft"),
    path(f"{_ITEM}/draft/start", views.start, name="start"),
    path(f"{_VERSION}/preview", views.preview, name="preview"),
    path(f"{_VERSION}/publish", views.publish, name="publish"),
    path(f"{_VERSION}/withdraw", views.withdraw, name="withdraw"),
    path(f"{_VERSION}/discard", views.discard, name="discard"),
]
