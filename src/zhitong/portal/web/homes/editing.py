"""One form page for everything of homes: shown, done, or told why not; and what somebody else changed meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import RefusableForm

from .forms import VersionForm

Crumbs = Sequence[tuple[str, str | None]]


def edit(
    request: HttpRequest, form: RefusableForm, act: Callable[[dict[str, Any]], Any], *, title: str, back: str, crumbs: Crumbs,
    button: str = "", lead: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of ``form``; sent and right, ``act`` is done with what was cleaned, and ``back`` or the address it gives is next.

    ``Stale`` shows what stands there now beside what was typed, and the next attempt rests on that.
    """
    stale: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            there = act(dict(form.cleaned_data))
        except (NotFound, NotAllowed):
            raise
        except register.Stale as refused:
            form.refuse(refused)
            stale = [(_label(form, name), _shown(form, name, value)) for name, value in refused.fields.items()]
            if isinstance(form, VersionForm):
                form.rest_on(refused.version)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect(there if isinstance(there, str) else back)
    context = {
        "form": form, "title": title, "crumbs": crumbs, "back": back, "button": button or _("保存"), "lead": lead, "stale": stale,
        "likely": (), "tag_kinds": (), **more,
    }  # fmt: skip
    return render(request, "portal/homes/form.html", context, status=422 if form.errors else 200)


def _label(form: RefusableForm, name: str) -> str:
    field = form.fields.get(form.field_of.get(name, name))
    return str(field.label) if field else name


def _shown(form: RefusableForm, name: str, value: Any) -> str:
    if name == "division_id":
        return territory.label(value)
    field = form.fields.get(name)
    choices = dict(getattr(field, "choices", ()) or ())
    return str(choices.get(value, "—" if value in (None, "") else value))


def sent(request: HttpRequest) -> Any:
    """What was posted, or nothing."""
    return request.POST if request.method == "POST" else None
