"""Who saw numbers of people in full: for whoever answers for the accounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register


@requires("accounts.manage")
@never_cache
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """The looks of everybody, or of one account."""
    by, account = actor_of(request), uuid_of(request.GET.get("who"))
    found, after = register.looks(by, account=account, after=uuid_of(request.GET.get("after")))
    context = {
        "looks": found, "after": after, "account": account, "params": request.GET, "may_see": by.may(register.VIEW_HOMES),
    }  # fmt: skip
    return render(request, "portal/looks.html", context)


urlpatterns = [path("setup/looks/", looks, name="looks")]
