"""Signing in through the provider, and out of it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.base.errors import Refused

from ... import actions
from ...queries import account_of_provider
from .. import provider
from ..middleware import home_of
from ..protection import address_of_client, own_address, public_page
from .sign_in import WAY_OUT, enter

_TARGET = "provider_target"
STARTS, SECONDS = 600, 600  # from one address, which may be a whole office


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("accounts:provider_back"))


@public_page
@never_cache
@require_safe
def provider_start(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if not provider.is_set_up():
        raise Http404
    if request.user.is_authenticated:
        return redirect(home_of(request))
    request.session[_TARGET] = own_address(request, request.GET.get("next", ""))
    try:
        actions.limit_rate(f"sign-in-there:{address_of_client(request)}", STARTS, SECONDS)
        return provider.send_there(request, _back(request))
    except Refused as refused:
        return _not_in(request, refused)


@public_page
@never_cache
@require_safe
def provider_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: signed in as the account that is there already, or told why not."""
    if not provider.is_set_up():
        raise Http404
    if request.user.is_authenticated:
        return redirect(home_of(request))
    try:
        actions.count_sign_in(address_of_client(request))
        identity = provider.read(request)
        account = account_of_provider(identity.name, by=settings.OIDC_MATCH)
        if account is None:
            sentence = _("“%(name)s”在本系统没有可用的账号，请联系本单位管理员开通。") % {"name": identity.name}
            raise provider.Unknown("oidc_no_account", sentence)
    except Refused as refused:
        return _not_in(request, refused)
    actions.forgive_sign_in(address_of_client(request))
    target = request.session.pop(_TARGET, "")
    return enter(request, account, identity, target)


def _not_in(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return redirect("accounts:sign_in")


@public_page
@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Signed out here, perhaps not yet at the provider."""
    way = request.session.get(WAY_OUT, "")
    if not way:
        return redirect("accounts:sign_in")
    return render(request, "accounts/signed_out.html", {"way": way, "name": provider.name()})
