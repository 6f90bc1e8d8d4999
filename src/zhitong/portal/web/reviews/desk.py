"""The desk's list of reviews, one of them with what is decided about it, and the export."""

from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL, on_disk, text_book
from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.events.public import describe, stream
from zhitong.kernel.matters.public import visible_matters
from zhitong.kernel.register.public import contacts_of, masked, reveal
from zhitong.kernel.reviews import public as r
from zhitong.ui.public import MOST_COUNTED

from ... import actions
from ...queries import reviews as reading
from ..forms import RevealForm
from .forms import ReviewFilter, WhyForm

SIZE, MOST_ROWS, MOST_EVENTS = 50, 10_000, 60
KEPT = ("q", "state", "mark", "organ", "area", "channel", "since", "until", "point", "item")


def _filters(params: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := params.get(name, "")[:200]:
            kept[name] = value
    return kept


@requires(r.VIEW)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    by, form = actor_of(request), ReviewFilter(request.GET)
    wanted = form.wanted()
    rows = r.listed(by, wanted)
    after, before = (uuid_of(request.GET.get(name)) for name in ("after", "before"))
    page, newer, older = r.page_of(rows, SIZE, after=after, before=before)
    context = {
        "form": form, "params": request.GET, "lines": reading.lines(page, by), "newer": newer, "older": older,
        "count": rows.order_by()[: MOST_COUNTED + 1].count(), "most_counted": MOST_COUNTED,
        "problems": [(form.fields[name].label, errors[0]) for name, errors in form.errors.items()],
        "is_open": any(name in wanted for name in form.LATER), "is_narrowed": bool(wanted),
        "query": _filters(request.GET).urlencode(), "may_export": by.may(r.EXPORT), "may_figures": by.may("figures.view"),
        "chosen": _chosen(wanted),
    }  # fmt: skip
    return render(request, "portal/reviews/list.html", context)


def _chosen(wanted: dict[str, Any]) -> list[tuple[str, str]]:
    """What a link from the figures brought along: (parameter, name)."""
    found = []
    if point := wanted.get("point"):
        found.append(("point", r.point_labels([point]).get(point, "")))
    if item := wanted.get("item"):
        found.append(("item", r.item_labels([item]).get(item, "")))
    return [(name, label) for name, label in found if label]


def _found(review_id: UUID, by: Actor) -> r.Review:
    rows = r.visible_reviews(by).select_related("service__matter", "point", "matter", "staff")
    row = rows.filter(pk=review_id).first()
    if row is None:
        raise NotFound("no_review", _("没有找到这条评价，或者您无权查看。"))
    return row


@requires(r.VIEW)
@never_cache
@require_safe
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review."""
    by = actor_of(request)
    return _shown(request, _found(review_id, by), by)


def _shown(request: HttpRequest, row: r.Review, by: Actor, why: WhyForm | None = None) -> HttpResponse:
    (line,) = reading.lines([row], by)
    exclusions = list(r.Exclusion.objects.filter(review=row).order_by("-pk"))
    open_ = next((one for one in exclusions if one.ended_at is None), None)
    may_decide = by.may(r.EXCLUDE) and row.organ_id not in by.organ_ids
    matter = row.matter if row.matter and visible_matters(by).filter(pk=row.matter.pk).exists() else None
    contacts = contacts_of([row.person_id]).get(row.person_id, []) if row.person_id and line.may_name else []
    context = {
        "line": line, "review": row, "matter": matter, "contacts": contacts, "person": masked(row.person).name if contacts and row.person else "",
        "exclusions": exclusions, "open": open_, "may_decide": may_decide, "why": why or WhyForm(),
        "is_first": bool(open_ and open_.first_account == by.account_id), "may_reveal": by.may("register.reveal"),
        "about": row.service.matter if line.may_name else None,
        "history": [{"at": e.at, "title": describe(e)[0], "by": e.by_label, "icon": describe(e)[1]}
                    for e in stream(row.pk).reverse()[:MOST_EVENTS] if e.kind not in ("review.taken_back", "review.put_back")],
    }  # fmt: skip
    return render(request, "portal/reviews/one.html", context, status=422 if why is not None else 200)


@requires(r.EXCLUDE)
@require_POST
def decide(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Say that a review should not count, or that it counts after all."""
    by, form = actor_of(request), WhyForm(request.POST)
    row = _found(review_id, by)
    if form.is_valid():
        act = r.keep if request.POST.get("do") == "keep" else r.exclude
        try:
            done = act(row.pk, reason=form.cleaned_data["reason"], by=by, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _said(done))
            return redirect("portal:review_one", review_id)
    return _shown(request, row, by, form)


def _said(done: r.Exclusion) -> str:
    if done.ended_at is not None:
        return _("这条评价计入统计。")
    return _("已认定不计入，统计已更新。") if done.second_at else _("已提出，须由另一人独立认定后生效。")


@requires(r.NAMES)
@never_cache
@require_http_methods(["GET", "POST"])
def reveal_contact(request: HttpRequest, review_id: UUID, caller_id: UUID) -> HttpResponse:
    """Ask for the reason, then show the number once."""
    by = actor_of(request)
    by.demand("register.reveal")
    row = _found(review_id, by)
    known = contacts_of([row.person_id]).get(row.person_id, []) if row.person_id and r.nameable(by, [row]) else []
    contact = next((one for one in known if one.pk == caller_id), None)
    if contact is None:
        raise NotFound("no_contact", _("没有找到这个联系方式，或者您无权查看。"))
    form, value = RevealForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal(
                contact, reason=form.cleaned_data["reason"], by=by, at=timezone.now(), matter_id=row.matter_id
            )
        except Refused as refused:
            form.add_error("reason" if refused.field == "reason" else None, str(refused))
    context = {"form": form, "value": value, "review": row, "is_part": bool(request.headers.get("HX-Request"))}
    template = "portal/parts/reveal.html" if context["is_part"] else "portal/reviews/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)


@requires(r.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a workbook, personal data masked; what was taken is written into the log."""
    by, now = actor_of(request), timezone.now()
    params = _filters(QueryDict(request.POST.get("query", "")[:2000]))
    rows = r.listed(by, ReviewFilter(params).wanted(), r.EXPORT)
    total = rows.order_by()[: MOST_ROWS + 1].count()
    if not 0 < total <= MOST_ROWS:
        none, many = _("没有可导出的评价，请调整筛选条件。"), _("一次最多导出1万条，请用筛选条件缩小范围后再导出。")
        messages.error(request, many if total else none)
        return redirect(f"{reverse('portal:reviews')}?{params.urlencode()}")
    actions.log_export(
        filters={name: str(params[name]) for name in params},
        rows=total,
        by=by,
        at=now,
        what=actions.REVIEWS_EXPORTED,
        needs=r.EXPORT,
    )
    found = list(rows.select_related("service", "point", "matter").order_by("-pk")[:MOST_ROWS])
    out = on_disk(text_book(_("好差评"), chain([_heads()], map(_cells, reading.lines(found, by)))))
    name = _("好差评%(at)s.xlsx") % {"at": timezone.localtime(now).strftime("%Y%m%d-%H%M")}
    return FileResponse(out, as_attachment=True, filename=name, content_type=EXCEL)


def _heads() -> list[str]:
    return [_("评价日期"), _("等级"), _("单位"), _("服务事项"), _("窗口或街道"), _("服务方式"), _("来源"), _("原因"), _("意见"),
            _("是否计入"), _("整改件编号")]  # fmt: skip


def _cells(line: reading.Line) -> list[str]:
    row = line.review
    return [
        f"{timezone.localtime(row.at):%Y-%m-%d}", str(row.get_mark_display()), line.organ, line.what, line.where,
        str(row.get_channel_display()), str(row.get_source_display()), "；".join(line.reasons), line.masked,
        _("否") if row.excluded_at or not row.is_counted else _("是"), row.matter.number if row.matter else "",
    ]  # fmt: skip


urlpatterns = [
    path("desk/reviews/", reviews, name="reviews"),
    path("desk/reviews/export", export, name="reviews_export"),
    path("desk/reviews/<uuid:review_id>/", review, name="review_one"),
    path("desk/reviews/<uuid:review_id>/decide", decide, name="review_decide"),
    path("desk/reviews/<uuid:review_id>/reveal/<uuid:caller_id>", reveal_contact, name="review_reveal"),
]
