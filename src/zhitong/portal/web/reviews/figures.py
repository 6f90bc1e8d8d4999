"""Participation and satisfaction for leaders: by organ, window, item, street and month, each saying how it is counted."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.indicators.public import VIEW, Filters
from zhitong.ui.public import SearchSelect, in_language

from ...queries import periods
from ...queries import reviews as reading
from ..figures import FigureFilter, uuid_of

MOST_LINES = 30
HEADS = {
    "organ": gettext_lazy("单位"), "point": gettext_lazy("窗口"), "item": gettext_lazy("服务事项"), "area": gettext_lazy("街道"),
    "month": gettext_lazy("月份"),
}  # fmt: skip


class ReviewFigureFilter(FigureFilter):
    """Period, street, organ."""

    organ = forms.ChoiceField(label=gettext_lazy("单位"), required=False, widget=SearchSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from zhitong.kernel.organisation.public import organs

        super().__init__(*args, **kwargs)
        del self.fields["category"]
        choices = [(str(one.id), in_language(one.name, one.name_en)) for one in organs()]
        field = self.fields["organ"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext_lazy("全部")), *choices]


@requires(VIEW)
@require_safe
@may_be_late
def review_figures(request: HttpRequest) -> HttpResponse:
    """The page."""
    form, by = ReviewFigureFilter(request.GET or {"period": periods.YEAR}), actor_of(request)
    asked = form.asked()
    filters = Filters(division=asked.area, organ=uuid_of(form.cleaned_data.get("organ")))
    found = reading.answers(asked.period.start, asked.period.end, filters, by)
    most = max((n for _label, n in found.marks), default=0)
    tables = [
        {"name": name, "head": HEADS[name], "rows": found.tables[name][:MOST_LINES], "more": len(found.tables[name]) - MOST_LINES}
        for name in reading.BROKEN_DOWN if found.tables[name]
    ]  # fmt: skip
    context = {
        "form": form, "asked": asked, "tiles": found.tiles, "marks": found.marks, "most": most, "tables": tables,
        "problems": [(form.fields[name].label, errors[0]) for name, errors in form.errors.items() if name in form.fields],
        "has_any": any(n for _label, n in found.marks) or bool(found.tiles[0].value),
        "titles": {"organ": _("各单位"), "point": _("各窗口"), "item": _("各服务事项"), "area": _("各街道"), "month": _("各月")},
    }  # fmt: skip
    return render(request, "portal/reviews/figures.html", context)


urlpatterns = [path("desk/reviews/figures/", review_figures, name="review_figures")]
