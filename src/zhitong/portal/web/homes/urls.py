"""Addresses of homes."""

from django.urls import path

from . import households, lists, people, places, tables, tags

_BUILDING = "desk/homes/buildings/<uuid:home_building_id>"
_IMPORT = "desk/homes/imports/<uuid:homes_import_id>"
_UNIT = "desk/homes/units/<uuid:home_unit_id>"
_HOUSEHOLD = "desk/homes/households/<uuid:household_id>"
_PERSON = "desk/homes/people/<uuid:resident_id>"
urlpatterns = [
    path("desk/homes/", lists.homes, name="homes"),
    path("desk/homes/import", tables.homes_import, name="homes_import"),
    path(f"{_IMPORT}/", tables.homes_import_run, name="homes_import_run"),
    path(f"{_IMPORT}/progress", tables.homes_import_progress, name="homes_import_progress"),
    path(f"{_IMPORT}/stop", tables.homes_import_stop, name="homes_import_stop"),
    path("desk/homes/template.xlsx", tables.homes_template, name="homes_template"),
    path("desk/homes/export", tables.homes_export, name="homes_export"),
    path("desk/homes/tags/<uuid:tag_kind_id>/", lists.home_tag, name="home_tag"),
    path("desk/homes/buildings/new", places.building_new, name="home_building_new"),
    path(f"{_BUILDING}/", places.building, name="home_building"),
    path(f"{_BUILDING}/edit", places.building_edit, name="home_building_edit"),
    path(f"{_BUILDING}/units/new", places.unit_new, name="home_unit_new"),
    path(f"{_UNIT}/edit", places.unit_edit, name="home_unit_edit"),
    path(f"{_UNIT}/households/new", households.household_new, name="household_new"),
    path(f"{_HOUSEHOLD}/", households.household, name="household"),
    path(f"{_HOUSEHOLD}/edit", households.household_edit, name="household_edit"),
    path(f"{_HOUSEHOLD}/join", households.household_join, name="household_join"),
    path(f"{_HOUSEHOLD}/end", households.household_end, name="household_end"),
    path(f"{_HOUSEHOLD}/merge", households.household_merge, name="household_merge"),
    path(f"{_HOUSEHOLD}/tag", tags.household_tag, name="household_tag"),
    path(f"{_HOUSEHOLD}/people/<uuid:resident_id>/edit", households.residence_edit, name="residence_edit"),
    path(f"{_HOUSEHOLD}/people/<uuid:resident_id>/end", households.residence_end, name="residence_end"),
    path(f"{_PERSON}/", people.person, name="resident"),
    path(f"{_PERSON}/edit", people.person_edit, name="resident_edit"),
    path(f"{_PERSON}/tag", tags.person_tag, name="resident_tag"),
    path(f"{_PERSON}/merge/<uuid:other_id>", people.person_merge, name="resident_merge"),
    path(f"{_PERSON}/reveal", people.person_reveal, name="resident_reveal"),
    path(f"{_PERSON}/reveal/<uuid:resident_contact_id>", people.person_reveal, name="resident_reveal_contact"),
    path("desk/homes/tags/off/<uuid:tag_id>", tags.tag_end, name="tag_end"),
    path("desk/homes/merges/<uuid:merge_id>/undo", people.merge_undo, name="merge_undo"),
    path("setup/tags/", tags.tag_kinds, name="tag_kinds"),
    path("setup/tags/<uuid:tag_kind_id>/", tags.tag_kind, name="tag_kind"),
]
