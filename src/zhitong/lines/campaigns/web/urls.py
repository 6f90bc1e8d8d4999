"""Addresses of drives and inventories."""

from django.urls import path

from . import inventory_urls
from .views import drives, field, lists, plans, published, targets

app_name = "campaigns"
_DRIVE = "desk/drives/<uuid:drive_id>"
_TARGET = "desk/drives/targets/<uuid:drive_target_id>"

urlpatterns = [
    path("drives/", published.list_, name="open_list"),
    path("drives/<uuid:drive_id>/", published.drive, name="open_drive"),
    path("desk/drives/", drives.list_, name="list"),
    path("desk/drives/new", drives.new, name="new"),
    path("desk/drives/mine", field.mine, name="mine"),
    path(f"{_DRIVE}/", drives.drive, name="drive"),
    path(f"{_DRIVE}/edit", drives.edit, name="edit"),
    path(f"{_DRIVE}/end", drives.end, name="end"),
    path(f"{_DRIVE}/reopen", drives.reopen, name="reopen"),
    path(f"{_DRIVE}/publish", drives.publish, name="publish"),
    path(f"{_DRIVE}/plan", plans.plan, name="plan"),
    path(f"{_DRIVE}/plan/drop", plans.drop, name="plan_drop"),
    path(f"{_DRIVE}/targets/", lists.targets, name="targets"),
    path(f"{_DRIVE}/targets/add", lists.add, name="add"),
    path(f"{_DRIVE}/targets/fill", lists.fill, name="fill"),
    path(f"{_DRIVE}/targets/move", lists.move, name="move"),
    path(f"{_DRIVE}/targets.xlsx", lists.export, name="export"),
    path(f"{_DRIVE}/targets.csv", lists.template, {"sheet": "targets"}, name="targets_template"),
    path(f"{_DRIVE}/plan.csv", lists.template, {"sheet": "plan"}, name="plan_template"),
    path(f"{_DRIVE}/map", lists.map_, name="map"),
    path(f"{_DRIVE}/map.json", lists.points, name="points"),
    path(f"{_DRIVE}/find", field.find, name="find"),
    path(f"{_TARGET}/", targets.target, name="target"),
    path(f"{_TARGET}/edit", targets.edit, name="edit_target"),
    path(f"{_TARGET}/step", targets.step, name="step"),
    path(f"{_TARGET}/back", targets.back, name="back"),
    path(f"{_TARGET}/aside", targets.aside, name="aside"),
    path(f"{_TARGET}/take-up", targets.take_up, name="take_up"),
    path(f"{_TARGET}/link", targets.link, name="link"),
    path(f"{_TARGET}/raise", targets.raise_, name="raise"),
    path(f"{_TARGET}/photos/<uuid:drive_photo_id>", targets.photo, name="photo"),
    *inventory_urls.urlpatterns,
]
