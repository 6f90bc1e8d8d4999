"""The dispatcher's board: the queue on the left, one appeal on the right, its form under the hands."""

from dataclasses import dataclass, field
from datetime import datetime
from json import dumps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.dispatch.public import Routed, Suggestions, company_in, past_cases, route
from zhitong.kernel.events.public import describe
from zhitong.kernel.matters.public import KINDS, Action, Ask, Choose, Matter, act
from zhitong.ui.action_forms import ActionForm, MatterChoices, action_form
from zhitong.ui.public import desk_rows

from ...queries import board as reading
from ...queries.similar import alike
from .showing import marked

MAIN = ("pass", "arbitrate")
ASIDE = {"merge": "m", "transfer": "x", "reroute": "c", "split": "s", "expedite": "u"}
TABS = (
    ("new", gettext_lazy("新到")), ("returned", gettext_lazy("退单")), ("arbitrate", gettext_lazy("待裁定")),
    ("urgent", gettext_lazy("紧急")),
)  # fmt: skip
RANK = ("normal", "urgent", "danger")
NOTHING, NOWHERE = Suggestions((), is_learned=False), Routed([])
may_dispatch = requires("appeals.pass", "appeals.arbitrate")


@dataclass
class Pane:
    """The appeal that is chosen, and the form that sends it on."""

    seen: reading.Chosen
    action: Action | None = None
    form: ActionForm | None = None
    suggestions: Suggestions = NOTHING
    labels: dict[UUID, str] = field(default_factory=dict)
    routed: Routed = NOWHERE
    others: list[tuple[Any, str]] = field(default_factory=list)
    happened: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What the forms of the board offer; the lists of categories and of organs are read once each."""

    general: MatterChoices
    categories: dict[UUID, str]
    organs: list[Any] = field(default_factory=list)

    def __call__(self, name: str, ask: Ask) -> Any:
        if ask.choose is Choose.CATEGORY:
            return self.categories.items()
        if ask.choose is Choose.ORGAN:
            if not self.organs:
                self.organs.extend(self.general(name, ask))
            return self.organs
        return self.general(name, ask)

    def find_matter(self, number: str) -> UUID | None:
        """The id of another visible appeal by its number."""
        return self.general.find_matter(number)


def _tab(request: HttpRequest) -> str:
    asked = request.GET.get("tab") or request.POST.get("tab") or ""
    return asked if asked in reading.TABS else "new"


def _href(tab: str, matter_id: UUID | None = None) -> str:
    page = reverse("appeals:board_matter", args=[matter_id]) if matter_id else reverse("appeals:board")
    return page if tab == "new" else f"{page}?tab={tab}"


def _tabs(tab: str, by: Actor, at: datetime) -> list[tuple[str, Any, str, int]]:
    counted = reading.tab_counts(by, at)
    return [(slug, label, _href(slug), counted[slug]) for slug, label in TABS]


def _frame(tab: str, by: Actor, at: datetime) -> dict[str, Any]:
    """The tabs and the queue."""
    tabs = _tabs(tab, by, at)
    queue = reading.queue(by, tab, at)
    total = next(n for slug, _label, _address, n in tabs if slug == tab)
    last = max((m.pk for m in queue), default="")
    return {"tab": tab, "tabs": tabs, "queue": queue, "total": total, "href": _href, "last": last}


@may_dispatch
@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """The board with the first of its queue."""
    by, now, tab = actor_of(request), timezone.now(), _tab(request)
    frame = _frame(tab, by, now)
    first = frame["queue"][0].pk if frame["queue"] else None
    pane = _pane(first, request, now) if first else None
    return render(request, "appeals/board.html", {**frame, **_of(pane), "is_chosen": False})


@may_dispatch
@require_safe
@never_cache
def board_matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One appeal on the board: the whole page, or its part alone."""
    now = timezone.now()
    pane = _pane(matter_id, request, now)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "appeals/board/pane.html", {**_of(pane), "tab": _tab(request), "href": _href})
    frame = _frame(_tab(request), actor_of(request), now)
    return render(request, "appeals/board.html", {**frame, **_of(pane), "is_chosen": True})


def _of(pane: Pane | None) -> dict[str, Any]:
    """What the right half needs."""
    if pane is None:
        return {"pane": None, "chosen": None}
    seen = reading.look_into(pane.seen)
    return {
        "pane": pane, "chosen": seen.matter.pk, "seen": seen, "matter": seen.matter, "marked": marked,
        "files": desk_rows(seen.files), "main": pane.action, "company": company_in(seen.matter),
    }  # fmt: skip


def _pane(matter_id: UUID, request: HttpRequest, at: datetime) -> Pane:
    seen = reading.choose(matter_id, actor_of(request), at)
    offered = {offer.slug: offer for offer in seen.offers()}
    slug = next((slug for slug in MAIN if slug in offered), None)
    pane = Pane(seen, others=[(offered[slug], key) for slug, key in ASIDE.items() if slug in offered])
    if slug is None:
        pane.happened = _happened(seen)
        return pane
    pane.action = offered[slug].action
    _prepare(pane, request)
    return pane


def _happened(seen: reading.Chosen) -> str:
    """What somebody else did with it, in one sentence."""
    event = reading.last_event(seen.matter)
    if event is None:
        return ""
    return _("%(who)s：%(what)s") % {"who": event.by_label, "what": describe(event)[0]}


def _prepare(pane: Pane, request: HttpRequest) -> None:
    """The form, filled with what is known, suggested and typed already."""
    assert pane.action is not None
    form_class, pane.suggestions, pane.labels = _form_class(pane.seen, pane.action)
    initial: dict[str, Any] = {"urgency": _urgency(pane.seen)}
    category = request.GET.get("category") or pane.seen.matter.category_id
    if not category and pane.suggestions.found:
        category = pane.suggestions.found[0].category_id
    initial["category"] = str(category or "")
    is_asked = "suggest" in request.GET
    if is_asked:
        initial |= {n: v[0] if n != "co" else v for n in form_class.base_fields if (v := request.GET.getlist(n))}
    pane.routed = route(pane.seen.matter, uuid_of(initial["category"]), pane.seen.at)
    _suggest(initial, pane.routed, pane.seen.returned)
    pane.form = form_class(initial=initial)


def _form_class(seen: reading.Chosen, action: Action) -> tuple[type[ActionForm], Suggestions, dict[UUID, str]]:
    matter = seen.matter
    suggestions, labels = reading.categories(matter)
    choices = Choices(MatterChoices(matter, seen.tasks, seen.clocks, seen.by, seen.at), labels)
    return action_form(action.payload, choices_for=choices), suggestions, labels


def _urgency(seen: reading.Chosen) -> str:
    """The more urgent of what it was taken for and what its words say."""
    return max(seen.alarm.urgency, seen.matter.urgency, key=RANK.index)


def _suggest(initial: dict[str, Any], routed: Routed, returned: list[reading.Returned]) -> None:
    """Whoever a rule names, or answers for it by the duty list; after a return whom that organ named, and never the organ itself."""
    refused = {one.organ.id for one in returned if one.organ}
    instead = next((one.suggested for one in returned if one.suggested and one.suggested.id not in refused), None)
    if instead:
        initial |= {"lead": str(instead.id), "reason": _("%(organ)s退单时建议") % {"organ": returned[0].organ}}
    elif routed.lead_id and routed.lead_id not in refused:
        initial["lead"], initial["co"] = str(routed.lead_id), [str(pk) for pk in routed.co_ids]
        initial["reason"] = routed.why
    if routed.rule and routed.rule.urgency:
        initial["urgency"] = max(routed.rule.urgency, initial["urgency"], key=RANK.index)


@may_dispatch
@require_safe
@never_cache
def board_counts(request: HttpRequest) -> HttpResponse:
    """The numbers on the tabs, and whether something has come in since: asked for every half minute."""
    by, now, tab = actor_of(request), timezone.now(), _tab(request)
    newest, last = reading.newest(by, tab, now), uuid_of(request.GET.get("last", ""))
    context = {
        "tab": tab,
        "tabs": _tabs(tab, by, now),
        "has_new": bool(newest and (last is None or newest > last)),
        "href": _href,
    }
    return render(request, "appeals/board/counts.html", context)


@may_dispatch
@require_safe
@never_cache
def board_around(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """What the same people raised before, and what is much the same."""
    by, now = actor_of(request), timezone.now()
    seen = reading.choose(matter_id, by, now)
    earlier, total = reading.earlier(seen.matter, by)
    may_merge = any(offer.slug == "merge" for offer in seen.offers())
    suggested, labels = reading.categories(seen.matter)
    past = [(labels[one.category_id], past_cases(seen.matter, one.category_id, by)) for one in suggested.found]
    context = {
        "matter": seen.matter, "earlier": earlier, "earlier_total": total, "alike": alike(seen.matter, by, now), "tab": _tab(request),
        "may_merge": may_merge, "past": past if any(cases for _label, cases in past) else [],
    }  # fmt: skip
    return render(request, "appeals/board/around.html", context)


@may_dispatch
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def board_do(request: HttpRequest, matter_id: UUID, slug: str) -> HttpResponse:
    """The form of one move; once it is taken, the next appeal of the queue."""
    if slug not in (*MAIN, *ASIDE):
        raise NotFound("no_action", gettext_lazy("没有这项操作。"))
    now = timezone.now()
    if request.method != "POST":
        return _form_part(request, matter_id, slug, now)
    seen = reading.choose(matter_id, actor_of(request), now)
    action = _action(seen, slug)
    form_class, suggestions, labels = _form_class(seen, action)
    form = form_class(request.POST)
    order = [m.pk for m in reading.queue(seen.by, _tab(request), now)]
    pane = Pane(seen, action, form, suggestions, labels)
    if form.is_valid() and _acted(pane, request):
        return _next(request, seen.matter, order, now)
    if slug == MAIN[0]:
        pane.routed = route(seen.matter, uuid_of(request.POST.get("category")), now)
    return _show_form(request, pane, 422)


def _action(seen: reading.Chosen, slug: str) -> Action:
    return KINDS[seen.matter.kind].moves[slug]


def _acted(pane: Pane, request: HttpRequest) -> bool:
    """Whether it was done; if not, the form says why and nothing that was typed is lost."""
    assert pane.action is not None
    assert pane.form is not None
    version = request.POST.get("version", "")
    try:
        act(
            pane.seen.matter.pk, pane.action.slug, pane.form.payload(), by=pane.seen.by, at=pane.seen.at,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )  # fmt: skip
    except NotFound:
        raise
    except Conflict as conflict:
        pane.form.refuse(conflict)
        pane.seen = reading.choose(pane.seen.matter.pk, pane.seen.by, pane.seen.at)
        pane.happened = _happened(pane.seen)
        pane.is_over = all(offer.slug != pane.action.slug for offer in pane.seen.offers())
    except Refused as refused:
        pane.form.refuse(refused)
    else:
        return True
    return False


def _form_part(request: HttpRequest, matter_id: UUID, slug: str, at: datetime) -> HttpResponse:
    """One form: the main one anew after another category was chosen, or a move aside."""
    seen = reading.choose(matter_id, actor_of(request), at)
    action = _action(seen, slug)
    is_offered = any(offer.slug == slug for offer in seen.offers())
    pane = Pane(seen, action, happened="" if is_offered else _happened(seen))
    if slug in MAIN:
        _prepare(pane, request)
    else:
        form_class, pane.suggestions, pane.labels = _form_class(seen, action)
        initial = {"category": str(seen.matter.category_id or ""), "urgency": seen.matter.urgency}
        pane.form = form_class(initial={**initial, "division": str(seen.matter.division_id or "")})
    return _show_form(request, pane, 200)


def _show_form(request: HttpRequest, pane: Pane, status: int) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "pane": pane,
        "matter": pane.seen.matter,
        "tab": _tab(request),
        "href": _href,
        "main": pane.action,
        "is_part": is_part,
    }
    return render(request, "appeals/board/form.html" if is_part else "appeals/board/act.html", context, status=status)


def _next(request: HttpRequest, done: Matter, order: list[UUID], at: datetime) -> HttpResponse:
    """The board with the appeal that came after the one just done."""
    tab, by = _tab(request), actor_of(request)
    said = _("已处理：%(number)s") % {"number": done.number}
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        rest = [m.pk for m in reading.queue(by, tab, at)]
        return redirect(_href(tab, _after(done.pk, order, rest)))
    frame = _frame(tab, by, at)
    chosen = _after(done.pk, order, [m.pk for m in frame["queue"]])
    pane = _pane(chosen, request, at) if chosen else None
    answer = render(request, "appeals/board/main.html", {**frame, **_of(pane), "is_chosen": bool(chosen)})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#board", "outerHTML show:window:top"
    answer["HX-Push-Url"] = _href(tab, chosen)
    answer["HX-Trigger"] = dumps({"toast": {"text": said}})
    return answer


def _after(done: UUID, order: list[UUID], rest: list[UUID]) -> UUID | None:
    """Whichever of the rest came right after it in the old order; the last one where it was the last."""
    if not rest:
        return None
    at = order.index(done) if done in order else 0
    return next((pk for pk in order[at + 1 :] if pk in rest), rest[min(at, len(rest) - 1)])
