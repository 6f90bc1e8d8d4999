"""Addresses of the desk, of files, of what maps draw, and of the pages that set a district up."""

from django.urls import path

from . import (
    accounts,
    figures,
    firms,
    hall,
    maps,
    papers,
    privacy,
    resident,
    retention,
    reviews,
    setup,
    tokens,
    verifying,
)
from .views import acting, desk_map, export, files, home, late, matter, matters, notices, work

app_name = "portal"
_PERSON = "desk/matters/<uuid:matter_id>/people/<uuid:participant_id>"
urlpatterns = [
    path("desk/", work.work, name="work"),
    path("desk/home/", home.home, name="desk"),
    path("desk/check/<slug:slug>/", home.check, name="check"),
    path("desk/check/failed-notices/retry", home.retry_notices, name="retry_notices"),
    path("desk/late/", late.late, name="late"),
    path("desk/late/urge", late.urge, name="urge"),
    path("desk/map/", desk_map.desk_map, name="map"),
    path("desk/map/places.json", desk_map.places, name="map_places"),
    path("desk/map/areas.json", desk_map.areas, name="map_areas"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/count", notices.notice_count, name="notice_count"),
    path("desk/notices/read", notices.notices_read, name="notices_read"),
    path("desk/notices/<uuid:notice_id>/open", notices.notice_open, name="notice_open"),
    path("desk/search", matters.search, name="search"),
    path("desk/matters/", matters.matters, name="matters"),
    path("desk/matters/assign", matters.assign, name="assign"),
    path("desk/matters/export", export.export, name="export"),
    path("desk/views/save", matters.save_view, name="save_view"),
    path("desk/views/<uuid:view_id>/rename", matters.rename_view, name="rename_view"),
    path("desk/views/<uuid:view_id>/delete", matters.delete_view, name="delete_view"),
    path("desk/matters/<uuid:matter_id>/", matter.matter, name="matter"),
    path("desk/matters/<uuid:matter_id>/do/<slug:slug>/", acting.do, name="act"),
    path(f"{_PERSON}/reveal", matter.reveal, name="reveal"),
    path(f"{_PERSON}/reveal/<uuid:contact_id>", matter.reveal, name="reveal_contact"),
    path("files/<uuid:attachment_id>", files.file, name="file"),
    path("files/<uuid:attachment_id>/preview", files.preview, name="file_preview"),
    *resident.urlpatterns,
    *figures.urlpatterns,
    *hall.urlpatterns,
    *maps.urlpatterns,
    *setup.urlpatterns,
    *firms.urlpatterns,
    *accounts.urlpatterns,
    *tokens.urlpatterns,
    *privacy.urlpatterns,
    *retention.urlpatterns,
    *reviews.urlpatterns,
    *papers.urlpatterns,
    *verifying.urlpatterns,
]
