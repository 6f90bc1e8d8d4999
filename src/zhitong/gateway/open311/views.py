"""The operations of the standard."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.territory.public import district_name

from . import reading
from .answers import Named, served
from .callers import reader
from .raising import raised
from .services import changeset, definition, service_seen
from .services import services as all_services

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@served("GET")
def discovery(request: HttpRequest) -> Named:
    """Where the interface is, in which formats, and whom to ask."""
    changed, district = changeset(), district_name() or _("本区")
    root = reverse("gateway:open311:services", args=["xml"]).removesuffix("/services.xml")
    return "discovery", {
        "changeset": changed,
        "contact": settings.OPEN311_CONTACT or _("请联系%(district)s社会治理服务中心。") % {"district": district},
        "key_service": _("api_key即访问令牌，由%(district)s管理员在“接口令牌”中发放。") % {"district": district},
        "endpoints": [{
            "specification": SPECIFICATION, "url": request.build_absolute_uri(root), "changeset": changed,
            "type": "test" if settings.DEMO else "production", "formats": ["text/xml", "application/json"],
        }],
    }  # fmt: skip


@served("GET")
def services(request: HttpRequest) -> Named:
    """What may be raised."""
    reader(request)
    return "services", [service_seen(one) for one in all_services()]


@served("GET")
def service_definition(request: HttpRequest, code: str) -> Named:
    """What one service asks besides."""
    reader(request)
    return "service_definition", definition(code)


@served("GET", "POST")
def requests(request: HttpRequest) -> Named:
    """GET: what was raised and may be seen.  POST: raise one, with a key, or without where the district allows it."""
    if request.method == "POST":
        return "service_requests", [raised(request)]
    by = reader(request)
    rows = reading.find(by, reading.wanted(request.GET, timezone.now()))
    return "service_requests", reading.seen(by, rows, request.build_absolute_uri)


@served("GET")
def one_request(request: HttpRequest, number: str) -> Named:
    """One of them."""
    by = reader(request)
    return "service_requests", reading.seen(by, [reading.one(by, number)], request.build_absolute_uri)


@served("GET")
def token(request: HttpRequest, token: UUID) -> Named:
    """The number of a request that is known by its id: from our own interface, or from a webhook.  What is raised here
    gets its number at once, so that nothing raised here needs this."""
    return "service_requests", [{"service_request_id": reading.number_of(reader(request), token), "token": str(token)}]


@served("GET", "POST", "PUT", "PATCH", "DELETE")
def nothing(request: HttpRequest, **_values: Any) -> Named:
    """Any other address below this root."""
    raise Http404
