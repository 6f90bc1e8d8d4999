"""Every address: each component brings its own ``web/urls.py``."""

from importlib import import_module

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from zhitong.kernel.accounts.public import public_page, set_language

from .views import healthz

# Where a component's pages hang; a component that is not named here hangs under its own name.
PREFIXES = dict.fromkeys(
    ("portal", "ui", "appeals", "hall", "gateway", "register", "surveys", "fieldwork", "campaigns"), ""
)


def _components() -> list[URLResolver]:
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("zhitong."):
            continue
        web = f"{config.name}.web" if module_has_submodule(import_module(config.name), "web") else config.name
        if module_has_submodule(import_module(web), "urls"):
            found.append(path(PREFIXES.get(config.label, f"{config.label}/"), include(f"{web}.urls")))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", public_page(healthz), name="healthz"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    *_components(),
]

handler400 = "zhitong.ui.web.errors.bad_request"
handler403 = "zhitong.ui.web.errors.forbidden"
handler404 = "zhitong.ui.web.errors.not_found"
handler500 = "zhitong.ui.web.errors.server_error"
