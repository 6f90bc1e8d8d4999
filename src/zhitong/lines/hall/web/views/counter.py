"""One screen on which a clerk takes in an application, by keyboard alone; and its receipt."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, limit_rate, requires
from zhitong.kernel.events.public import one_view
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.papers.public import papers_of
from zhitong.kernel.reviews import public as reviews
from zhitong.ui import receipts
from zhitong.ui.public import paper_rows

from ...actions.agency import apply_for
from ...actions.cases import Given, Submission
from ...actions.counter import AT_ONCE, take_in
from ...choices import Delivery, MaterialState
from ...permissions import ACCEPT, AGENT
from ...queries import counter as reading
from ...queries import guide as finding
from ...queries import window as windows
from ...queries.bundles import bundles_for
from ...queries.cases import case_of, sheets
from ...queries.versions import version_on
from ..links import link_token
from ..questions import watched
from .guide import ways
from .queue import qr_of

looking = requires(ACCEPT, AGENT)
LOOKED_UP_AN_HOUR = 400


@looking
@never_cache
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """The screen; with ``?item=`` or for a ticket that names one, the item is chosen already."""
    by, now = actor_of(request), timezone.now()
    ticket = windows.ticket_of(by, now)
    item = uuid_of(request.GET.get("item")) or (ticket.item_id if ticket else None)
    context: dict[str, Any] = {
        "ticket": ticket, **_dressed(reading.sheet(item, timezone.localdate()) if item else None), "key": uuid4().hex,
        "reasons": m.reasons("not_accepted"), "errand": uuid_of(request.GET.get("errand")),
    }  # fmt: skip
    return render(request, "hall/counter/counter.html", context)


@looking
@never_cache
@require_POST
def who(request: HttpRequest) -> HttpResponse:
    """Who has that number, as a part of the screen.  Sent in the body, so that no log of addresses holds it."""
    by = actor_of(request)
    limit_rate(f"hall-counter:{by.account_id}", LOOKED_UP_AN_HOUR, 3600)
    number = clean(request.POST.get("who", ""))[:40]
    return render(request, "hall/counter/who.html", {"found": reading.who(number), "number": number})


@looking
@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Items by everyday words, as a part of the screen."""
    words = clean(request.GET.get("q", ""))[: finding.MOST_TYPED]
    found = reading.found_items(words, timezone.localdate()) if words else []
    whole = bundles_for(finding.Wanted(words=words)) if words else []
    return render(request, "hall/counter/items.html", {"found": found, "words": words, "bundles": whole})


@looking
@never_cache
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Questions and check-list of an item, as a part of the screen."""
    item = uuid_of(request.GET.get("item"))
    found = reading.sheet(item, timezone.localdate()) if item else None
    if found is None:
        return _wrong(request, Refused("not_offered", _("请先选择要办的事项。"), "q"))
    return render(request, "hall/counter/sheet.html", _dressed(found))


def _dressed(found: reading.CounterSheet | None) -> dict[str, Any]:
    """The sheet, and its conditions for the script that hides what the answers make needless."""
    form = found.one.version.form if found else ()
    return {"sheet": found, "when": lambda *conditions: watched(conditions, form)}


@looking
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take it in.  What is refused is said in a part of the screen, and the screen stays as it is, its files too."""
    verdict = request.POST.get("verdict", "")
    try:
        more = {"words": request.POST.get("words", ""), "taken": "taken" in request.POST}
        if reason := uuid_of(request.POST.get("reason")):
            more["reason"] = str(reason)
        by, now, errand = actor_of(request), timezone.now(), uuid_of(request.POST.get("errand"))
        with one_view():
            said = _said(request)
            done = apply_for(errand, said, by=by, at=now) if errand else take_in(said, verdict, more, by=by, at=now)
    except Refused as refused:
        return _wrong(request, refused)
    receipts.keep_code(request, number=done.number, code=done.tracking_code)
    place = reverse("hall:slip", args=[done.matter_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": place})
    return redirect(place)


def _said(request: HttpRequest) -> Submission:
    """What was filled in; Refused for what cannot be an application at all."""
    post = request.POST
    item = uuid_of(post.get("item"))
    if item is None:
        raise Refused("no_item_chosen", _("请先选择要办的事项。"), "q")
    number, handler = clean(post.get("who", "")), clean(post.get("citizen_id", ""))
    kind = reading.kind_of(number)
    if not kind:
        raise Refused("bad_number", _("号码不对：身份证号18位，统一社会信用代码18位，请核对证件后重新输入。"), "who")
    words = post.get("words", "") if post.get("verdict") == AT_ONCE else ""
    name = post.get("name", "") or reading.name_of(number)
    return Submission(
        item_id=item, key=clean(post.get("key", ""))[:64] or uuid4().hex, version_id=uuid_of(post.get("version")),
        credit_code=number if kind == "firm" else "", name=name, phone=post.get("phone", ""),
        citizen_id=handler if kind == "firm" else number,
        answers=_answers(request, item), materials=_materials(request), signed="signed" in post,
        is_another="is_another" in post, delivery=post.get("delivery", ""), deliver_to=post.get("deliver_to", ""), words=words,
    )  # fmt: skip


def _answers(request: HttpRequest, item: UUID) -> dict[str, Any]:
    version = version_on(item, timezone.localdate())
    questions = version.form if version else ()
    found: dict[str, Any] = {}
    for question in questions:
        name = f"answer_{question.slug}"
        found[question.slug] = request.POST.getlist(name) if question.kind == "choices" else request.POST.get(name, "")
    return found


def _materials(request: HttpRequest) -> dict[UUID, Given]:
    found = {}
    for name, state in request.POST.items():
        if name.startswith("material_") and (pk := uuid_of(name.removeprefix("material_"))):
            uploads = [m.check_upload(one.name or "", one.read()) for one in request.FILES.getlist(f"files_{pk}")]
            found[pk] = Given(state if state in MaterialState.values else "", uploads)
    return found


def _wrong(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence, and which field it is about; for a browser without scripts a page of its own."""
    field = refused.field or ""
    context = {
        "refused": refused, "field": field, "label": _label(request, field), "is_another": refused.code == "already_open",
    }  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "hall/counter/wrong.html" if is_part else "hall/counter/stopped.html", context, status=422)


def _label(request: HttpRequest, field: str) -> str:
    """What the question is called that a sentence such as "required" is about."""
    item = uuid_of(request.POST.get("item")) if field.startswith("answer_") else None
    version = version_on(item, timezone.localdate()) if item else None
    return next((q.label for q in version.form if f"answer_{q.slug}" == field), "") if version else ""


@looking
@never_cache
@require_safe
def slip(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The receipt to print: number, code, what came and what follows, until when."""
    by, now = actor_of(request), timezone.now()
    matter, is_seen = reading.taken_in(matter_id, by)
    case = case_of(matter)
    code, stage = receipts.code_of(request, matter.number), m.KINDS[matter.kind].by_slug[matter.stage].label
    context = {
        "matter": matter, "is_seen": is_seen, "case": case, "sheets": sheets(matter), "code": code, "stage": stage,
        "organ": known_organ(case.item.organ_id), "ticket": windows.ticket_of(by, now), "papers": paper_rows(papers_of(matter.pk, by)),
        "way": ways([case.delivery]) if case.delivery in Delivery.values else "", "judge": where_to_judge(request, matter.pk),
        "later": next((one.due_at for one in m.clocks_of(matter) if one.slug == "deferred"), None) if case.has_deferred else None,
    }  # fmt: skip
    return render(request, "hall/counter/slip.html", context)


def where_to_judge(request: HttpRequest, matter_id: UUID) -> str:
    """As a QR code: the ticket, which asks when the visit is over, or the review of somebody who came without one."""
    ticket = reading.ticket_with(matter_id)
    if ticket:
        return qr_of(request, "hall:ticket", link_token("ticket", ticket))
    service = reviews.service_of_matter(matter_id)
    code = reviews.code_of(service) if service else ""
    return qr_of(request, "portal:review", code) if code else ""
