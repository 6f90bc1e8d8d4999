"""Participation and satisfaction for leaders: by organ, window, item, street and month, each saying how it is counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.indicators.public import VIEW
from zhitong.lines.hall.public import seen_in_halls

from ...queries import periods
from ...queries import reviews as reading
from ..figures import OrganFigureFilter, problems_of

MOST_LINES = 30
HEADS = {
    "organ": gettext_lazy("单位"), "point": gettext_lazy("窗口"), "item": gettext_lazy("服务事项"), "area": gettext_lazy("街道"),
    "month": gettext_lazy("月份"),
}  # fmt: skip


@requires(VIEW)
@require_safe
@may_be_late
def review_figures(request: HttpRequest) -> HttpResponse:
    """The page."""
    form, by = OrganFigureFilter(request.GET or {"period": periods.YEAR}), seen_in_halls(actor_of(request))
    asked = form.asked()
    found = reading.answers(asked.period.start, asked.period.end, asked.filters, by)
    most = max((n for _label, n in found.marks), default=0)
    tables = [
        {"name": name, "head": HEADS[name], "rows": found.tables[name][:MOST_LINES], "more": len(found.tables[name]) - MOST_LINES}
        for name in reading.BROKEN_DOWN if found.tables[name]
    ]  # fmt: skip
    context = {
        "form": form, "asked": asked, "tiles": found.tiles, "marks": found.marks, "most": most, "tables": tables,
        "problems": problems_of(form),
        "has_any": any(n for _label, n in found.marks) or bool(found.tiles[0].value),
        "titles": {"organ": _("各单位"), "point": _("各窗口"), "item": _("各服务事项"), "area": _("各街道"), "month": _("各月")},
    }  # fmt: skip
    return render(request, "portal/reviews/figures.html", context)


urlpatterns = [path("desk/reviews/figures/", review_figures, name="review_figures")]
