"""The words that put a matter onto the fast lane: how often each was right, and what the district makes of them."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as d
from zhitong.ui.public import RefusableForm

MOST_TRIED = 2000
BETWEEN = re.compile(r"[、,，;；\n]+")


class WordForm(RefusableForm):
    """A word, how urgent it makes what it stands in, and what it does not mean."""

    word = forms.CharField(label=gettext_lazy("词语"), max_length=30)
    group = forms.ChoiceField(label=gettext_lazy("险情类别"), choices=d.AlarmGroup.choices)
    level = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), choices=d.AlarmLevel.choices, widget=forms.RadioSelect, initial="urgent"
    )
    call = forms.ChoiceField(
        label=gettext_lazy("提示拨打"), choices=[("", gettext_lazy("不提示")), *d.AlarmCall.choices], required=False
    )
    unless = forms.CharField(
        label=gettext_lazy("例外说法"), max_length=700, required=False, widget=forms.Textarea({"rows": "2"}),
        help_text=gettext_lazy("包含这个词语但不紧急的说法，用顿号或换行分隔，如“儿童节、儿童公园”。"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def values(self) -> dict[str, Any]:
        """For the action."""
        got = dict(self.cleaned_data)
        return {**got, "unless": [one for one in BETWEEN.split(got["unless"]) if one.strip()]}


@requires(d.VIEW, d.MANAGE)
@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """Every word with its false alarms of the last 90 days."""
    found = d.told_words(timezone.now())
    groups = [(group.label, [one for one in found if one.row.group == group]) for group in d.AlarmGroup]
    context = {
        "groups": [(label, rows) for label, rows in groups if rows], "may_set": actor_of(request).may_everywhere(d.MANAGE),
        "n": sum(one.n for one in found), "false": sum(one.false for one in found),
    }  # fmt: skip
    return render(request, "portal/dispatch/alarms.html", context)


@requires(d.VIEW, d.MANAGE)
@require_POST
def alarms_try(request: HttpRequest) -> HttpResponse:
    """What a text would raise; nothing is kept."""
    text = clean(request.POST.get("text", "")[:MOST_TRIED])
    return render(request, "portal/dispatch/alarms_tried.html", {"text": text, "alarm": d.alarm(text)})


@requires(d.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alarm_word(request: HttpRequest, word_id: UUID | None = None) -> HttpResponse:
    """Add a word, or change one."""
    row = d.AlarmWord.objects.filter(pk=word_id).first() if word_id else None
    if word_id and row is None:
        raise NotFound("no_word", gettext_lazy("没有这个词语，可能已被删除。"))
    initial = {name: getattr(row, name) for name in WordForm.base_fields} if row else {}
    initial["unless"] = _("、").join(row.unless) if row else ""
    form = WordForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            d.set_word(**form.values(), word_id=word_id, by=actor_of(request), at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存。新到的诉求按新的词语判断。"))
            return redirect("portal:alarms")
    return render(
        request, "portal/dispatch/alarm_word.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@requires(d.MANAGE)
@require_POST
def alarms_load(request: HttpRequest) -> HttpResponse:
    """Put the supplied words that are not there yet."""
    n = d.put_supplied(by=actor_of(request), at=timezone.now())
    messages.success(request, _("已补充%(n)s个预置词语。") % {"n": n})
    return redirect("portal:alarms")


urlpatterns = [
    path("desk/alarms/", alarms, name="alarms"),
    path("desk/alarms/try", alarms_try, name="alarms_try"),
    path("desk/alarms/supplied", alarms_load, name="alarms_load"),
    path("desk/alarms/new", alarm_word, name="alarm_new"),
    path("desk/alarms/<uuid:word_id>/", alarm_word, name="alarm_word"),
]
