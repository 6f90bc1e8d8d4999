"""Addresses of the guide, of applications, and of the pages on which the catalogue is edited."""

from django.urls import path

from zhitong.ui import converters  # noqa: F401 - registers "number"

from . import views
from .views import agency, bundles, bundling, counter, halls, missed, queue, screens, smart, together, window

app_name = "hall"
_ITEM = "setup/hall/<uuid:item_id>"
_VERSION = f"{_ITEM}/versions/<uuid:version_id>"
_HALL = "hall/halls/<uuid:hall_id>"
_DAY = "desk/hall/<uuid:hall_id>"
_SETUP = "setup/halls/<uuid:hall_id>"
_WINDOW = [
    path("hall/halls/", queue.halls, name="halls"),
    path(f"{_HALL}/", queue.hall, name="hall"),
    path(f"{_HALL}/ticket", queue.take, name="take"),
    path(f"{_HALL}/book", queue.book, name="book"),
    path("hall/tickets/<str:ticket>/", queue.ticket, name="ticket"),
    path("hall/tickets/<str:ticket>/give-up", queue.give_up, name="give_up"),
    path("hall/bookings/<str:booking>/", queue.booking, name="booking"),
    path("hall/bookings/<str:booking>/call-off", queue.call_off, name="call_off"),
    path("hall/machine/<str:kiosk>/", screens.kiosk, name="kiosk"),
    path("hall/screen/<str:screen>/", screens.screen, name="screen"),
    path("hall/display/<str:display>/", screens.display, name="display"),
    path("desk/window/", window.desk, name="desk"),
    path("desk/window/counter", counter.counter, name="counter"),
    path("desk/window/counter/who", counter.who, name="counter_who"),
    path("desk/window/counter/items", counter.items, name="counter_items"),
    path("desk/window/counter/sheet", counter.sheet, name="counter_sheet"),
    path("desk/window/counter/send", counter.send, name="counter_send"),
    path("desk/window/slips/<uuid:matter_id>", counter.slip, name="slip"),
    path("desk/window/<slug:move>", window.move, name="move"),
    path("hall/agent", agency.ask, name="ask_agent"),
    path("hall/errands/<number:number>/", agency.errand, name="errand"),
    path("hall/errands/<number:number>/<slug:action>", agency.errand_act, name="errand_act"),
    path("desk/agency/", agency.pool, name="pool"),
    path("desk/agency/take", agency.take, name="take_errand"),
    path("setup/agents/", agency.agents, name="agents"),
    path("setup/agents/dismiss", agency.dismiss, name="dismiss_agent"),
    path("desk/hall/", halls.day, name="day"),
    path(f"{_DAY}/", halls.hall_day, name="hall_day"),
    path(f"{_DAY}/windows/<uuid:window_id>/relieve", halls.relieve, name="relieve"),
    path("setup/halls/", halls.setup, name="setup"),
    path("setup/halls/new", halls.hall_new, name="hall_new"),
    path(f"{_SETUP}/", halls.hall_edit, name="hall_edit"),
    path(f"{_SETUP}/links", halls.renew_links, name="renew_links"),
    path(f"{_SETUP}/queues/new", halls.queue_edit, name="queue_new"),
    path(f"{_SETUP}/queues/<uuid:queue_id>/", halls.queue_edit, name="queue_edit"),
    path(f"{_SETUP}/windows/new", halls.window_edit, name="window_new"),
    path(f"{_SETUP}/windows/<uuid:window_id>/", halls.window_edit, name="window_edit"),
]
_DRAFT = "firm/changes/<uuid:draft_id>"
_FIRM = [
    path("firm/", smart.firm, name="firm"),
    path("firm/applications/<uuid:matter_id>/", smart.firm_application, name="firm_application"),
    path("firm/changes/new", smart.smart_new, name="smart_new"),
    path(f"{_DRAFT}/", smart.smart_draft, name="smart_draft"),
    path(f"{_DRAFT}/kinds", smart.smart_new, name="smart_kinds"),
    path(f"{_DRAFT}/documents/", smart.smart_documents, name="smart_documents"),
    path(f"{_DRAFT}/documents/<int:number>.<slug:ending>", smart.smart_file, name="smart_file"),
    path(f"{_DRAFT}/documents.zip", smart.smart_zip, name="smart_zip"),
    path(f"{_DRAFT}/submit", smart.smart_submit, name="smart_submit"),
    path(f"{_DRAFT}/discard", smart.smart_discard, name="smart_discard"),
]
_BUNDLE = "setup/hall/bundles/<uuid:bundle_id>"
_BUNDLES = [
    path("hall/bundles/<slug:code>/", bundles.bundle, name="bundle"),
    path("hall/bundles/<slug:code>/apply", bundles.bundle_apply, name="bundle_apply"),
    path("hall/together/<number:number>/", bundles.bundle_followed, name="bundle_followed"),
    path("hall/together/<number:number>/<uuid:part_id>/", bundles.bundle_part, name="bundle_part"),
    path("hall/together/<number:number>/results.pdf", bundles.bundle_pack, name="bundle_pack"),
    path("hall/together/<number:number>/<slug:action>/", bundles.bundle_act, name="bundle_act"),
    path("desk/together/", together.bundle_cases, name="bundle_cases"),
    path("desk/together/new/<slug:code>/", together.bundle_take_in, name="bundle_take_in"),
    path("desk/together/slips/<number:number>/", together.bundle_slip, name="bundle_slip"),
    path("desk/together/<uuid:case_id>/", together.bundle_case, name="bundle_case"),
    path("desk/together/<uuid:case_id>/results.pdf", together.bundle_case_pack, name="bundle_case_pack"),
    path("setup/hall/bundles/", bundling.bundles, name="bundles"),
    path("setup/hall/bundles/new", bundling.bundle_new, name="bundle_new"),
    path(f"{_BUNDLE}/", bundling.bundle_edit, name="bundle_edit"),
    path(f"{_BUNDLE}/preview", bundling.bundle_preview, name="bundle_preview"),
    path(f"{_BUNDLE}/publish", bundling.bundle_publish, name="bundle_publish"),
    path(f"{_BUNDLE}/withdraw", bundling.bundle_withdraw, name="bundle_withdraw"),
]
urlpatterns = [
    *_WINDOW,
    *_FIRM,
    *_BUNDLES,
    path("hall/", views.guide, name="guide"),
    path("hall/items/<uuid:item_id>/", views.item, name="item"),
    path("hall/items/<uuid:item_id>/apply", views.apply, name="apply"),
    path("hall/missed", missed.note, name="note_missed"),
    path("desk/hall/missed/", missed.missed, name="missed"),
    path("desk/hall/missed/<uuid:missed_id>/", missed.missed_one, name="missed_one"),
    path("desk/hall/missed/<uuid:missed_id>/settle", missed.missed_settle, name="missed_settle"),
    path("hall/receipt/<number:number>/", views.receipt, name="receipt"),
    path("hall/receipt/<number:number>/code.svg", views.receipt_code, name="receipt_code"),
    path("hall/applications/<number:number>/", views.tracked, name="tracked"),
    path("hall/applications/<number:number>/files/<uuid:file_id>", views.file, name="file"),
    path("hall/applications/<number:number>/<slug:action>/", views.act, name="act"),
    path("desk/hall/moving/", views.moving, name="moving"),
    path("desk/hall/moving/preview", views.moving_preview, name="moving_preview"),
    path("desk/hall/moving/move", views.move, name="move"),
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
    path(f"{_VERSION}/basis", views.basis, name="basis"),
    path(f"{_VERSION}/publish", views.publish, name="publish"),
    path(f"{_VERSION}/withdraw", views.withdraw, name="withdraw"),
    path(f"{_VERSION}/discard", views.discard, name="discard"),
]
