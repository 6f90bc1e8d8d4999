"""The root of the machine interface: every component's operations under one address."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from zhitong.apikit.api import Api
from zhitong.apikit.lane import Lane
from zhitong.apikit.routes import Routes

ROOT, VERSION = "/api/v1", "1.0"


def _interfaces() -> Iterator[ModuleType]:
    """The ``api`` of every component that has one, in the order of the components."""
    for config in apps.get_app_configs():
        if config.name.startswith("zhitong.") and module_has_submodule(import_module(config.name), "api"):
            yield import_module(f"{config.name}.api")


def found_routes() -> Iterator[Routes]:
    """``ROUTES`` of ``<component>.api.routes``."""
    for interface in _interfaces():
        yield from import_module(f"{interface.__name__}.routes").ROUTES


def found_lanes() -> Iterator[Lane]:
    """``LANES`` of ``<component>.api.lane``, where there is one."""
    for interface in _interfaces():
        if module_has_submodule(interface, "lane"):
            yield from import_module(f"{interface.__name__}.lane").LANES


@cache
def root() -> Api:
    """Everything under ``/api/v1``; put together when it is first asked for."""
    api = Api(title=_("直通开放接口"), version=VERSION, description=_ABOUT)
    tags = []
    for routes in found_routes():
        api.add_router("", routes)
        tags.append({"name": routes.slug, "x-displayName": routes.label})
    api.openapi_extra["tags"] = tags
    return api


_ABOUT = _(
    "其他系统通过访问令牌读取、提出、办理事项。令牌由本区管理员在“接口令牌”中发放，放在请求头Authorization: Bearer中。"
    "每个令牌经一个岗位办事：能看到、能办理的范围与该岗位相同。"
    "出错时一律返回code、message，必要时附fields和ref；code不会变动。"
    "列表按键翻页：把next作为after再次请求。提出和办理的请求可带Idempotency-Key，重发只办理一次。"
)
