"""Checking a paper by its code: for anybody."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import TooMany, address_of_client, come_again, limit_rate, public_page
from zhitong.kernel.papers.public import checked, grouped, plain_code
from zhitong.ui.papers import TONES

from ..queries.papers import told

# A code has 31^12 = 7.9 × 10^17 values.  With a million papers in force one try in 7.9 × 10^11 meets one: at this limit an address
# that never stops needs half a million years.
TRIES, SECONDS = 30, 600
WRONG = _("没有查到这个校验码对应的文书，请核对文书上的12位校验码；仍查不到的，请向发证机关核实。")


class CodeForm(forms.Form):
    """The code as it is printed."""

    code = forms.CharField(
        label=_("校验码"), max_length=40, help_text=_("文书上印的12位字母和数字，不分大小写，短横线可以不填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        """Twelve letters and digits."""
        code = plain_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("校验码是12位字母和数字，请照文书上的填写。"), code="form")
        return code


@public_page
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("portal:checked", grouped(form.cleaned_data["code"]))
    return render(request, "portal/papers/verify.html", {"form": form}, status=422 if form.errors else 200)


@public_page
@never_cache
@require_safe
def shown(request: HttpRequest, paper_code: str) -> HttpResponse:
    """What the paper with that code is worth: kind, number, organ, masked holder, dates; nothing else of it."""
    form = CodeForm({"code": paper_code[:40]})
    try:
        limit_rate(f"check:{address_of_client(request)}", TRIES, SECONDS)
    except TooMany as refused:
        form.add_error(None, str(refused))
        return come_again(render(request, "portal/papers/verify.html", {"form": form}, status=refused.status), refused)
    found = checked(paper_code)
    if found is None:
        form.add_error(None, str(WRONG))
        return render(request, "portal/papers/verify.html", {"form": form}, status=404)
    seen = told(found)
    return render(request, "portal/papers/checked.html", seen | {"tone": TONES[seen["standing"]]})


urlpatterns = [path("check/", verify, name="verify"), path("check/<str:paper_code>", shown, name="checked")]
