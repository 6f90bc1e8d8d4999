"""My work: what waits, what my organ has, what is late; by deadline."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import actor_of, requires

from ...queries import listing, paging, waiting
from .place import ListPlace

SIZE = 30
LABELS = {
    "mine": _("待我办理"),
    "organ": _("本单位在办"),
    "co": _("协办"),
    "warning": _("将到期"),
    "late": _("超期"),
    "done": _("已办"),
}
EMPTY = {
    "mine": (_("没有等待您办理的事项"), _("新的事项派来时会出现在这里，并在消息中提醒。")),
    "organ": (_("本单位没有在办事项"), _("转办给本单位主办的事项会列在这里。")),
    "co": (_("没有协办事项"), _("请本单位协办的事项会列在这里。")),
    "warning": (_("没有将到期的事项"), _("用时超过五分之四的事项会列在这里。")),
    "late": (_("没有超期事项"), _("请继续保持。")),
    "done": (_("还没有办过的事项"), _("您或本单位办过的事项会列在这里。")),
}


@requires("matters.view")
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The tabs of one's work."""
    by = actor_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in waiting.TABS else "mine"
    after, before = (paging.read_key(request.GET.get(name, "")) for name in ("after", "before"))
    sort = paging.NEWEST if tab == "done" else paging.DUE
    rows, gathered = waiting.listed(by, tab)
    shown = rows.select_related("lead").defer("text", "tracking", "path")
    page = paging.page(shown, sort, SIZE, after=after, before=before, gathered=gathered)
    place = ListPlace("work", tab)
    context = {
        "tab": tab,
        "tabs": _tabs(waiting.work_counts(by)),
        "current_tab": f"?tab={tab}",
        "lines": listing.lines(page.rows, waiting.own_organs(by)),
        "page": page,
        "place": place,
        "empty": EMPTY[tab],
    }
    return render(request, "portal/work.html", context)


def _tabs(counts: dict[str, int]) -> list[tuple[object, str, int | None]]:
    return [(label, f"?tab={tab}", counts.get(tab)) for tab, label in LABELS.items()]
