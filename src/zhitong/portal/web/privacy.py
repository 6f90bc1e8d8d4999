"""For whoever answers people about their data: requests, what is held, copies, erasing; single things taken out of a matter."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.privacy import public as privacy
from zhitong.ui.public import RefusableForm

from ..queries.copies import write_copy

answering = requires(privacy.ANSWER)
MOST_SHOWN = 100


class RequestForm(RefusableForm):
    """Who asks, for what, and how it was made sure that it is them."""

    given = forms.CharField(
        label=gettext_lazy("手机号、邮箱、身份证号或事项编号"), max_length=90,
        help_text=gettext_lazy("须完整填写；不能按姓名或号码的一部分查找。"),
    )  # fmt: skip
    wish = forms.ChoiceField(label=gettext_lazy("请求事项"), choices=privacy.Wish.choices, widget=forms.RadioSelect)
    verified = forms.CharField(
        label=gettext_lazy("身份核验方式"), max_length=200,
        help_text=gettext_lazy("如：当面核对身份证原件；回拨登记的手机号。请勿填写证件号码。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("请求说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AnswerForm(RefusableForm):
    """What the person was told."""

    answer = forms.CharField(
        label=gettext_lazy("答复内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("交付了什么、更正了什么，或者为什么不能办。"),
    )  # fmt: skip


class CorrectForm(RefusableForm):
    """What is right; what is empty stays."""

    name = forms.CharField(label=gettext_lazy("正确的姓名"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("正确的电话"), max_length=30, required=False)
    email = forms.CharField(label=gettext_lazy("正确的邮箱"), max_length=90, required=False)


class EraseForm(RefusableForm):
    """Why it is erased, and that it is meant."""

    field_of: ClassVar[dict[str, str]] = {"answer": "reason"}
    ground = forms.ChoiceField(
        label=gettext_lazy("删除依据（《个人信息保护法》第四十七条）"),
        choices=privacy.Ground.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("删除理由和答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_sure = forms.BooleanField(label=gettext_lazy("我已核对上面将删除和将保留的内容，删除后不能恢复"))


class PiecesForm(RefusableForm):
    """Which matter."""

    number = forms.CharField(label=gettext_lazy("事项编号"), max_length=30)


@answering
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All requests, those in hand first."""
    rows = list(privacy.requests(actor_of(request))[: MOST_SHOWN + 1])
    context = {"rows": rows[:MOST_SHOWN], "is_more": len(rows) > MOST_SHOWN, "now": timezone.now()}
    return render(request, "portal/privacy/requests.html", context)


@answering
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Find the person, and write down what they ask for."""
    form = RequestForm(request.POST if request.method == "POST" else None)
    people: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            made, people = _opened(request, form)
            if made is not None:
                return redirect("portal:data_request", made.pk)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(request, "portal/privacy/new.html", {"form": form, "people": people}, status=status)


def _opened(request: HttpRequest, form: RequestForm) -> tuple[privacy.DataRequest | None, list[Any]]:
    """The request; or, where several people are reached there, all of them to choose from."""
    got, by = form.cleaned_data, actor_of(request)
    people = privacy.find_people(got["given"], by)
    if not people:
        raise Refused("nobody", _("没有以此登记的个人信息：系统不持有此人的信息，可以据此答复。"), "given")
    chosen = people[0].id if len(people) == 1 else got["person"]
    if chosen not in {one.id for one in people}:
        return None, people
    made = privacy.open_request(
        chosen, wish=got["wish"], verified=got["verified"], note=got["note"], by=by, at=timezone.now()
    )
    return made, people


def _page(request: HttpRequest, one: privacy.DataRequest, status: int = 200, **context: Any) -> HttpResponse:
    base = {
        "one": one,
        "looks": None,
        "ground": "",
        "now": timezone.now(),
        "answer_form": AnswerForm(),
        "erase_form": None,
        "correct_form": CorrectForm(),
    }
    return render(request, "portal/privacy/request.html", {**base, **context}, status=status)


@answering
@never_cache
@require_safe
def data_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request; what is held is not shown yet."""
    return _page(request, privacy.request_of(request_id, actor_of(request)))


def _looks(one: privacy.DataRequest, ground: str) -> list[privacy.Look]:
    return privacy.look(one.person, timezone.now(), is_unlawful=ground == privacy.Ground.UNLAWFUL)


@answering
@never_cache
@require_POST
def look(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What is held, in clear, and what would become of it; that it was looked at is in the log."""
    by, ground = actor_of(request), request.POST.get("ground", "")
    one = privacy.request_of(request_id, by)
    privacy.log_look(one, by=by, at=timezone.now())
    given = ground if ground in privacy.Ground.values else privacy.Ground.DONE
    form = EraseForm(initial={"ground": given})
    return _page(request, one, looks=_looks(one, given), ground=given, erase_form=form)


@answering
@never_cache
@require_POST
def copy(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """A copy for the person: a page to read, the same as data, and the files."""
    by, now = actor_of(request), timezone.now()
    one = privacy.request_of(request_id, by)
    privacy.log_export(one, form="zip", by=by, at=now)
    file = write_copy(privacy.look(one.person, now), now)
    name = _("个人信息副本%(at)s.zip") % {"at": timezone.localtime(now).strftime("%Y%m%d-%H%M")}
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@answering
@never_cache
@require_POST
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Write down what was answered; that ends it."""
    by, form = actor_of(request), AnswerForm(request.POST)
    one = privacy.request_of(request_id, by)
    if form.is_valid():
        try:
            privacy.answer_request(one.pk, answer=form.cleaned_data["answer"], by=by, at=timezone.now())
            messages.success(request, _("已答复。"))
            return redirect("portal:data_request", one.pk)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, one, status=422, answer_form=form)


@answering
@never_cache
@require_POST
def correct(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Correct what they are registered with."""
    by, form = actor_of(request), CorrectForm(request.POST)
    one = privacy.request_of(request_id, by)
    if form.is_valid():
        try:
            changed = privacy.correct_person(one.pk, **form.cleaned_data, by=by, at=timezone.now())
            messages.success(request, _("已更正，请答复并办结。") if changed else _("与登记的相同，没有改动。"))
            return redirect("portal:data_request", one.pk)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, one, status=422, correct_form=form)


@answering
@never_cache
@require_POST
def erase(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Erase what may be erased."""
    by, form = actor_of(request), EraseForm(request.POST)
    one = privacy.request_of(request_id, by)
    ground = request.POST.get("ground", "")
    if form.is_valid():
        got = form.cleaned_data
        try:
            privacy.erase_person(one.pk, ground=got["ground"], answer=got["reason"], by=by, at=timezone.now())
            messages.success(request, _("已删除。备份中的副本将随备份到期失效。"))
            return redirect("portal:data_request", one.pk)
        except Refused as refused:
            form.refuse(refused)
    privacy.log_look(one, by=by, at=timezone.now())
    return _page(request, one, status=422, looks=_looks(one, ground), ground=ground, erase_form=form)


@answering
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pieces(request: HttpRequest) -> HttpResponse:
    """What stands in one matter, piece by piece; that it was looked at is in the log."""
    form = PiecesForm(request.POST if request.method == "POST" else None)
    found: list[privacy.Piece] = []
    matter, by = None, actor_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            matter, found = privacy.pieces_of(form.cleaned_data["number"], by)
            privacy.log_pieces(matter.pk, by=by, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "matter": matter, "pieces": found}
    return render(request, "portal/privacy/pieces.html", context, status=422 if form.errors else 200)


class PieceForm(forms.Form):
    """Which piece, and why."""

    number = forms.CharField(max_length=30)
    piece = forms.SlugField()
    key = forms.UUIDField(required=False)
    why = forms.CharField(max_length=200, required=False)


@answering
@never_cache
@require_POST
def erase_piece(request: HttpRequest) -> HttpResponse:
    """Take it out."""
    form = PieceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有这项内容。"))
        return redirect("portal:pieces")
    got = form.cleaned_data
    try:
        privacy.erase_piece(
            got["number"], got["piece"], got["key"], why=got["why"], by=actor_of(request), at=timezone.now()
        )
        messages.success(request, _("已清除。事项的经过仍然完整。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:pieces")


urlpatterns = [
    path("desk/privacy/", requests, name="requests"),
    path("desk/privacy/new", new, name="request_new"),
    path("desk/privacy/pieces/", pieces, name="pieces"),
    path("desk/privacy/pieces/erase", erase_piece, name="piece_erase"),
    path("desk/privacy/<uuid:request_id>/", data_request, name="data_request"),
    path("desk/privacy/<uuid:request_id>/look", look, name="request_look"),
    path("desk/privacy/<uuid:request_id>/copy", copy, name="request_copy"),
    path("desk/privacy/<uuid:request_id>/answer", answer, name="request_answer"),
    path("desk/privacy/<uuid:request_id>/correct", correct, name="request_correct"),
    path("desk/privacy/<uuid:request_id>/erase", erase, name="request_erase"),
]
