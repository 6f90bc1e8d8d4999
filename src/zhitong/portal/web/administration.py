"""The administration site: its name, the way back to the desk, and its sections in the order in which a district is set up."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ORDER = ("organisation", "accounts", "matters", "events", "indicators", "territory", "register")


class Site(admin.AdminSite):
    """Django's own, with the sections in a useful order."""

    site_header = site_title = index_title = _("系统设置")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Where the desk is, besides."""
        return {**super().each_context(request), "site_url": reverse("portal:setup"), "desk_label": _("返回工作台")}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What ``request`` may see, by ``ORDER``."""
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))


class Config(AdminConfig):
    """Django's admin with this site."""

    default_site = "zhitong.portal.web.administration.Site"
