"""Every page says who may open it; a page that does not say so does not start (see ``web/checks.py``)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ..models import Account
from ..permissions import Actor
from ..queries import actor_for
from ..rules import client_address

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]

_TRACKED = "tracked"
_MOST_TRACKED = 50
_MARK = "zhitong_protection"


@dataclass(frozen=True, slots=True)
class Protection:
    """What a view asks of whoever opens it.  ``kind`` is public, signed_in, permission (any of ``permissions``) or token:
    each operation behind a machine's address asks for a scope and a permission of its own."""

    kind: str
    permissions: tuple[str, ...] = ()
    during_sign_in: bool = False


def protection_of(view: object) -> Protection | None:
    """The protection a view has declared, or None."""
    return cast("Protection | None", getattr(view, _MARK, None))


def protect_with(view: View, protection: Protection) -> View:
    """Say of a view that guards itself what it asks; pages use the decorators below."""
    setattr(view, _MARK, protection)
    return view


def public_page(view: View) -> View:
    """Anybody may open this page; what it shows is limited by ``queries.visible_*`` alone."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return protect_with(open_to_all, Protection("public"))


def signed_in(view: View) -> View:
    """Anybody who has signed in may open this page."""
    return protect_with(_guarded(view, ()), Protection("signed_in"))


def while_signing_in(view: View) -> View:
    """Like ``signed_in``, and open also while a new password or a second factor is still owed."""
    return protect_with(_guarded(view, ()), Protection("signed_in", during_sign_in=True))


def requires(*permissions: str) -> Callable[[View], View]:
    """Whoever holds any of ``permissions`` in any scope may open this page; the rows are limited by the queries."""
    if not permissions:
        raise ValueError("name at least one permission, or use signed_in")

    def decorate(view: View) -> View:
        return protect_with(_guarded(view, permissions), Protection("permission", permissions))

    return decorate


def _guarded(view: View, permissions: tuple[str, ...]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        actor = actor_of(request)
        if permissions and not any(actor.may(permission) for permission in permissions):
            raise PermissionDenied(_("您没有打开此页面的权限，请联系本单位管理员。"))
        return view(request, *args, **kwargs)

    return guarded


def to_sign_in(request: HttpRequest, wanted: str = "") -> HttpResponse:
    """Send the browser to the sign-in page and back afterwards; an HTMX request reloads the whole page instead."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = resolve_url("accounts:sign_in")
        return answer
    wanted = wanted or (request.get_full_path() if request.method in ("GET", "HEAD") else "/")
    return redirect(f"{resolve_url('accounts:sign_in')}?{urlencode({'next': wanted})}")


def own_address(request: HttpRequest, target: str) -> str:
    """``target`` when it is an address of this site as a browser sends it, from the root on; otherwise empty."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(target) if is_ours else None
    if parts is None or not parts.path.startswith("/") or not target.isprintable():
        return ""
    return target


def actor_of(request: HttpRequest) -> Actor:
    """Who is behind ``request``; worked out once per request.

    Staff act through the posts they hold today; anybody else is a resident with the matters this browser has tracked.
    """
    known = getattr(request, "_zhitong_actor", None)
    if known is None:
        user = getattr(request, "user", None)
        if isinstance(user, Account) or (user is not None and user.is_authenticated):
            known = actor_for(cast(Account, user), tracked=tracked(request))
        else:
            known = Actor.resident(tracked(request))
        request._zhitong_actor = known  # type: ignore[attr-defined]
    return cast(Actor, known)


def forget_actor(request: HttpRequest) -> None:
    """Work the actor out anew: after signing in or out."""
    request.__dict__.pop("_zhitong_actor", None)


def tracked(request: HttpRequest) -> frozenset[UUID]:
    """Ids of the matters whose number and tracking code this browser has shown."""
    session = getattr(request, "session", None)
    return frozenset(_uuids(session.get(_TRACKED, ()))) if session is not None else frozenset()


def track(request: HttpRequest, matter_id: UUID) -> None:
    """Remember in the session that this browser may see ``matter_id``; the newest fifty are kept."""
    if matter_id not in tracked(request):
        request.session.cycle_key()  # whoever knew the session from before does not see what it may see now
    kept = [text for text in request.session.get(_TRACKED, []) if text != str(matter_id)]
    request.session[_TRACKED] = [*kept, str(matter_id)][-_MOST_TRACKED:]
    forget_actor(request)


def address_of_client(request: HttpRequest) -> str:
    """The network address behind ``request``, looking through as many proxies as ``settings.TRUSTED_PROXIES`` says."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, getattr(settings, "TRUSTED_PROXIES", 0))


def _uuids(texts: Iterable[str]) -> list[UUID]:
    return [UUID(text) for text in texts]
