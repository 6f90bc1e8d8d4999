"""Addresses of appeals: for residents, for everybody, and for whoever registers one for somebody."""

from django.urls import path

from zhitong.ui import converters  # noqa: F401 - registers "number"

from . import views
from .views import orders

app_name = "appeals"

urlpatterns = [
    path("appeals/new", views.new, name="new"),
    path("appeals/new/hints", views.hints, name="hints"),
    path("appeals/receipt/<number:number>/", views.receipt, name="receipt"),
    path("appeals/receipt/<number:number>/slip.txt", views.receipt_text, name="receipt_text"),
    path("appeals/receipt/<number:number>/code.svg", views.receipt_code, name="receipt_code"),
    path("appeals/track", views.track, name="track"),
    path("appeals/public/", views.public_list, name="public"),
    path("appeals/public/map", views.public_map, name="public_map"),
    path("appeals/public/places.json", views.public_places, name="public_places"),
    path("appeals/public/<number:number>/", views.public_detail, name="public_detail"),
    path("appeals/public/<number:number>/join", views.join, name="join"),
    path("appeals/<number:number>/", views.tracked, name="tracked"),
    path("appeals/<number:number>/files/<uuid:file_id>", views.file, name="file"),
    path("appeals/<number:number>/<slug:action>/", views.act, name="act"),
    path("desk/dispatch/", views.board, name="board"),
    path("desk/dispatch/counts", views.board_counts, name="board_counts"),
    path("desk/dispatch/<uuid:matter_id>/", views.board_matter, name="board_matter"),
    path("desk/dispatch/<uuid:matter_id>/around", views.board_around, name="board_around"),
    path("desk/dispatch/<uuid:matter_id>/not-urgent", views.board_not_urgent, name="board_not_urgent"),
    path("desk/dispatch/<uuid:matter_id>/do/<slug:slug>/", views.board_do, name="board_do"),
    path("desk/appeals/new", views.register, name="register"),
    path("desk/appeals/new/hints", views.register_hints, name="register_hints"),
    path("desk/appeals/<number:number>/slip", views.slip, name="slip"),
    path("setup/orders/", orders.orders, name="orders"),
    path("setup/orders/<uuid:run_id>/", orders.order_import, name="order_import"),
    path("setup/orders/<uuid:run_id>/preview", orders.order_preview, name="order_preview"),
    path("setup/orders/<uuid:run_id>/progress", orders.order_progress, name="order_progress"),
    path("setup/orders/<uuid:run_id>/problems", orders.order_problems, name="order_problems"),
    path("setup/orders/<uuid:run_id>/stop", orders.order_stop, name="order_stop"),
    path("setup/orders/<uuid:run_id>/discard", orders.order_discard, name="order_discard"),
]
