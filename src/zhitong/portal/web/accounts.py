"""Accounts for everybody who has a post and none: chosen from a list, opened together, first passwords shown once."""

from base64 import b64encode
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhitong.base.books import EXCEL, text_book
from zhitong.base.errors import Refused
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Role, Scope, Welcome, actor_of, requires
from zhitong.kernel.organisation.public import organs_on
from zhitong.ui.public import RefusableForm, SearchSelect

from ..queries.newcomers import MOST_LETTERS, newcomers


class WhoForm(forms.Form):
    """Which of them are listed."""

    q = forms.CharField(label=gettext_lazy("姓名、工号或岗位"), required=False, max_length=MOST_LETTERS)
    organ = forms.ChoiceField(label=gettext_lazy("单位"), required=False, widget=SearchSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = [(str(organ.id), str(organ)) for organ in organs_on(timezone.localdate())]
        self.fields["organ"].choices = [("", _("不限")), *organs]  # type: ignore[attr-defined]


class OpenForm(RefusableForm):
    """For whom, and what their posts may do from now on."""

    person = forms.MultipleChoiceField(required=False)
    role = forms.ChoiceField(label=gettext_lazy("同时授予角色"), required=False)
    scope = forms.ChoiceField(label=gettext_lazy("范围"), choices=Scope.choices, initial=Scope.ORGAN)

    def __init__(self, people: list[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.slug, str(role)) for role in Role.objects.order_by("sort", "slug")]
        self.fields["role"].choices = [("", _("不授予角色")), *roles]  # type: ignore[attr-defined]
        self.fields["person"].choices = [(str(pk), "") for pk in people]  # type: ignore[attr-defined]


@requires("accounts.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newcomers_page(request: HttpRequest) -> HttpResponse:
    """The list; sent, it opens accounts for those ticked and shows how they sign in."""
    who = WhoForm(request.GET)
    asked = who.cleaned_data if who.is_valid() else {}
    organ = UUID(asked["organ"]) if asked.get("organ") else None
    on = timezone.localdate()
    people, count = newcomers(on, organ=organ, words=asked.get("q", ""), most=accounts.MOST_PEOPLE)
    form = OpenForm([one.staff.pk for one in people], request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        try:
            opened = accounts.open_for_people(
                [UUID(pk) for pk in got["person"]], role=got["role"], scope=got["scope"], by=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
            return _shown(request, opened)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "who": who, "form": form, "people": people, "count": count, "ticked": set(form["person"].value() or []),
        "most": accounts.MOST_PEOPLE, "is_narrowed": bool(organ or asked.get("q")),
    }  # fmt: skip
    return render(request, "portal/setup/newcomers.html", context, status=422 if form.is_bound else 200)


def _shown(request: HttpRequest, opened: list[Welcome]) -> HttpResponse:
    """The first passwords, on this answer and nowhere else; the workbook travels inside it, so that it is stored nowhere."""
    rows = [
        (one.seats[0].post.organ.name if one.seats else "", str(one.account.staff), one.account.username, one.password)
        for one in opened
    ]
    heads = [_("单位"), _("姓名"), _("登录名"), _("初始密码")]
    book = BytesIO()
    text_book(_("账号"), [heads, *rows], widths=(24, 12, 20, 20)).save(book)
    context = {"rows": rows, "book": f"data:{EXCEL};base64,{b64encode(book.getvalue()).decode()}"}
    return render(request, "portal/setup/newcomers_opened.html", context)


urlpatterns = [path("setup/accounts/", newcomers_page, name="setup_accounts")]
