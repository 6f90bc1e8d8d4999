"""Addresses of inventories; they hang under the same name as those of drives."""

from django.urls import path

from .views import entries, inventories, inventories_open

_INVENTORY = "desk/inventories/<uuid:inventory_id>"
_ENTRY = "desk/inventories/entries/<uuid:entry_id>"

urlpatterns = [
    path("inventories/", inventories_open.list_, name="open_inventories"),
    path("inventories/<uuid:inventory_id>/", inventories_open.inventory, name="open_inventory"),
    path("inventories/<uuid:inventory_id>/points.json", inventories_open.points, name="open_inventory_points"),
    path("desk/inventories/", inventories.list_, name="inventories"),
    path("desk/inventories/new", inventories.new, name="new_inventory"),
    path(f"{_INVENTORY}/", inventories.inventory, name="inventory"),
    path(f"{_INVENTORY}/edit", inventories.edit, name="edit_inventory"),
    path(f"{_INVENTORY}/publish", inventories.publish, name="publish_inventory"),
    path(f"{_INVENTORY}/add", inventories.add, name="add_entry"),
    path(f"{_INVENTORY}/fill", inventories.fill, name="fill_inventory"),
    path(f"{_INVENTORY}/entries.xlsx", inventories.export, name="inventory_export"),
    path(f"{_INVENTORY}/template.csv", inventories.template, name="inventory_template"),
    path(f"{_INVENTORY}/map", inventories.map_, name="inventory_map"),
    path(f"{_INVENTORY}/map.json", inventories.points, name="inventory_points"),
    path(f"{_ENTRY}/", entries.entry, name="entry"),
    path(f"{_ENTRY}/edit", entries.edit, name="edit_entry"),
    path(f"{_ENTRY}/inspect", entries.inspect, name="inspect_entry"),
    path(f"{_ENTRY}/inspections/<uuid:inspection_id>/settle", entries.settle, name="settle_fault"),
    path(f"{_ENTRY}/photos/<uuid:inspection_photo_id>", entries.photo, name="inspection_photo"),
    path(f"{_ENTRY}/stalls", entries.let, name="let_stall"),
    path(f"{_ENTRY}/stalls/<uuid:stall_id>/back", entries.give_back, name="stall_back"),
    path(f"{_ENTRY}/gone", entries.take_away, name="take_entry_away"),
    path(f"{_ENTRY}/back", entries.back, name="entry_back"),
]
