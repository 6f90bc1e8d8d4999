"""The app of grid workers: its shell, what it keeps for the day, and what it sends."""

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from zhitong.base.errors import Overtaken, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, limit_rate, public_page, requires, signed_in, stay_signed_in
from zhitong.kernel.matters.public import MOST_BYTES, Upload, check_upload
from zhitong.ui.public import Entry, entry_kinds, phone_lists, with_engine

from ...actions import phones as do
from ...actions import sending
from ...models import Phone
from ...permissions import TEAM, WALK
from ...queries import lists
from ...queries.day import day as day_of
from ...queries.day import notes
from ...queries.homes import homes as homes_of
from ...queries.phones import at_work, own_phone, reachable
from ..entries import ListenForm, ReportForm, ResolveForm, fields_of

WORKER = Path(__file__).parents[1] / "static" / "fieldwork" / "worker.js"
SENT_AN_HOUR, SHIFTS_AN_HOUR = 600, 30
SESSION = "phone"
AT_THE_DOOR = ("household", "resident", "building", "unit", "new_unit")
walking = requires(WALK)


@walking
@with_engine
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The shell: every screen, nothing of anybody in it, so that it may be kept on the phone."""
    forms: dict[str, Any] = {
        "report": ReportForm(prefix=""),
        "listen": ListenForm(auto_id="listen_%s"),
        "resolve": ResolveForm(auto_id="resolve_%s"),
    }
    kinds, shown = entry_kinds(), phone_lists()
    forms |= {kind: kinds[kind].form(auto_id=f"{kind}_%s") for kind in (*AT_THE_DOOR, *(one.kind for one in shown))}
    labels = {f"kind_{kind.slug}": str(kind.label) for kind in kinds.values()}
    labels |= {f"field_{bound.name}": str(bound.label) for one in shown for bound in forms[one.kind].visible_fields()}
    return render(request, "fieldwork/app.html", {"forms": forms, "lists": shown, "labels": labels})


@public_page
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at an address below which it may act."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@public_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the app."""
    icons = [
        {
            "src": static(f"fieldwork/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    start = reverse("fieldwork:app")
    told = {
        "name": _("直通网格员"), "short_name": _("网格员"), "start_url": start, "scope": start, "id": start, "display": "standalone",
        "orientation": "portrait", "background_color": "#ffffff", "theme_color": "#0f3d5d", "icons": icons,
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _phone(request: HttpRequest) -> Phone | None:
    by = actor_of(request)
    return own_phone(str(request.session.get(SESSION, "")), by.account_id, timezone.now())


@public_page
@never_cache
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """What has become of this phone, the time, and what a form needs: asked at every contact, also without being signed in."""
    at = timezone.now()
    state = do.standing(request.headers.get("X-Phone", "")[:200], at)
    if state == "ok" and _phone(request) is None:
        state = "signed_out"
    if state in ("revoked", "ended") and request.user.is_authenticated and request.session.get(SESSION):
        logout(request)
    return JsonResponse({"state": state, "now": at.isoformat(), "csrf": get_token(request)})


@walking
@require_POST
def shift(request: HttpRequest) -> HttpResponse:
    """This phone works for a shift; its session stays signed in as long."""
    by, at = actor_of(request), timezone.now()
    try:
        limit_rate(f"field-shift:{by.account_id}", SHIFTS_AN_HOUR, 3600)
        begun = do.begin(name=request.POST.get("name", ""), session=request.session.session_key or "", by=by, at=at)
    except Refused as refused:
        return _refused(refused)
    request.session[SESSION] = str(begun.phone.pk)
    stay_signed_in(request, int(do.SHIFT.total_seconds()))
    told = {
        "phone": f"{begun.phone.pk}.{begun.secret}", "owner": str(by.account_id), "keys": begun.keys,
        "ends_at": begun.phone.ends_at.isoformat(), "now": at.isoformat(),
    }  # fmt: skip
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The shift is over: the phone is signed out."""
    phone = _phone(request)
    if phone is not None:
        do.end(phone, by=actor_of(request), at=timezone.now())
        logout(request)
    return JsonResponse({"state": "ended"})


@walking
@never_cache
@gzip_page
@conditional_page
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What is to be done today."""
    by, at = actor_of(request), timezone.now()
    told = day_of(by, at)
    wanted = set(told["notes"])
    told["notes"] = [
        {"id": str(one.pk), "text": sending.content(one)["text"], "at": one.noted_at.isoformat()}
        for one in notes(by)[: len(wanted)]
    ]
    told["todo"] = lists.stamps(lists.walker(by, at))
    return JsonResponse(told)


@walking
@never_cache
@gzip_page
@conditional_page
@require_safe
def todo(request: HttpRequest, slug: str) -> HttpResponse:
    """A part of a list of what is to do."""
    one = next((one for one in phone_lists() if one.kind == slug), None)
    first = request.GET.get("first", "0")
    if one is None or not (first.isascii() and first.isdigit() and len(first) < 6):
        raise Http404
    return JsonResponse(asdict(lists.part(one, lists.walker(actor_of(request), timezone.now()), int(first))))


@walking
@never_cache
@gzip_page
@conditional_page
@require_safe
def homes(request: HttpRequest) -> HttpResponse:
    """Buildings, doors and households of the own grids."""
    return JsonResponse({"homes": homes_of(actor_of(request), timezone.now())})


@walking
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """One entry of the queue; sent again, it is answered as the first time."""
    by, at = actor_of(request), timezone.now()
    phone = _phone(request)
    if phone is None:
        return JsonResponse({"code": "no_shift", "message": _("请先开始上班。")}, status=401)
    try:
        limit_rate(f"field:{by.account_id}", SENT_AN_HOUR, 3600)
        entry = _entry(request, at)
        entry = replace(entry, worked_at=at_work(by.account_id, entry.happened_at, at))
        do.seen(phone, session=request.session.session_key or "", clock_off=entry.clock_off, at=at)
        answer = sending.take(entry, by=by, at=at)
    except Refused as refused:
        return _refused(refused)
    return JsonResponse(answer.told | {"was_known": answer.was_known}, status=200 if answer.was_known else 201)


def _refused(refused: Refused) -> JsonResponse:
    told: dict[str, Any] = {"code": refused.code, "message": str(refused), "field": refused.field or ""}
    if isinstance(refused, Overtaken):
        told |= {"version": refused.version, "theirs": refused.fields}
    answer = JsonResponse(told, status=refused.status)
    if retry := getattr(refused, "retry_after", None):
        answer["Retry-After"] = str(retry)
    return answer


def _entry(request: HttpRequest, at: datetime) -> Entry:
    """What was sent, checked; Refused where it is none."""
    kind = request.POST.get("kind", "")
    said_at, sent_at = (_moment(request.POST.get(name, "")) for name in ("said_at", "sent_at"))
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise Refused("bad_entry", _("这一条的编号不对，请重新填写。")) from None
    if kind not in entry_kinds() or said_at is None or sent_at is None:
        raise Refused("bad_entry", _("这一条的格式不对，请更新手机端后重新填写。"))
    given = fields_of(request.POST.get("fields", ""))
    form = entry_kinds()[kind].form(given)
    if not form.is_valid():
        name, problems = next(iter(form.errors.items()))
        raise Refused("invalid", str(next(iter(problems))), name if name != "__all__" else None)
    files = {
        name: [(one.name or "", _read(one)) for one in request.FILES.getlist(name)] for name in ("photos", "after")
    }
    largest = entry_kinds()[kind].largest
    more = {one.name or "": _read(one, largest) for one in request.FILES.getlist("files")} if largest else {}
    contents = [*(content for many in files.values() for _name, content in many), *more.values()]
    digest = sending.digest_of(kind, given, contents)
    uploads: dict[str, list[Upload]] = {name: [check_upload(*one) for one in many] for name, many in files.items()}
    fields: dict[str, Any] = {n: clean(v) if isinstance(v, str) else v for n, v in form.cleaned_data.items()}
    return Entry(
        key=key, kind=kind, fields=fields, said_at=said_at, clock_off=round((sent_at - at).total_seconds()), digest=digest,
        photos=uploads["photos"], after=uploads["after"], files=more,
    )  # fmt: skip


def _read(file: Any, most: int = MOST_BYTES) -> bytes:
    if file.size > most:
        raise Refused("file_too_big", _("照片太大，请重新拍摄。"), "photos")
    content: bytes = file.read()
    return content


def _moment(said: str) -> datetime | None:
    try:
        found = parse_datetime(said)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 2000 < found.year < 2200 else None


@requires(WALK, TEAM)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: HttpRequest) -> HttpResponse:
    """Phones in use: one's own, and those of the own streets; a lost one is taken out of use."""
    by, at = actor_of(request), timezone.now()
    if request.method == "POST":
        try:
            do.revoke(UUID(request.POST.get("phone", "")), by=by, at=at)
            messages.success(request, _("该手机已停用，其中的数据将在下次联网时清除。"))
        except ValueError:
            messages.error(request, _("没有这部手机，或不在您管理的范围内。"))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("fieldwork:phones")
    rows = list(reachable(by, at)[:200])
    return render(request, "fieldwork/phones.html", {"rows": rows, "own": request.session.get(SESSION, "")})
