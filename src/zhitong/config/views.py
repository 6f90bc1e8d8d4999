"""The few addresses that belong to the whole."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.kernel.events.public import COME_AGAIN


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 when this process answers and reaches its database, otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse(
            "no database\n", status=503, content_type="text/plain", headers={"Retry-After": str(COME_AGAIN)}
        )
    return HttpResponse("ok\n", content_type="text/plain")
