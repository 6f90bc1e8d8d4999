"""Where the duty list names nobody, or two: narrowed to a street or a heading, told in words, and as a workbook."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhitong.base.books import EXCEL, new_book, on_disk
from zhitong.kernel.accounts.public import requires
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.organisation.public import Gap
from zhitong.kernel.territory import public as territory

from .workbooks import add_rows

WHAT = (("", gettext_lazy("全部")), ("always", gettext_lazy("任何时间都没有")), ("hours", gettext_lazy("只在部分时段")))


class NarrowForm(forms.Form):
    """Which of the gaps to show; what cannot be read narrows nothing."""

    prefix = "gap"
    level = forms.ChoiceField(
        label=gettext_lazy("按"),
        required=False,
        choices=[("street", gettext_lazy("街道")), ("community", gettext_lazy("社区"))],
    )
    street = forms.ChoiceField(label=gettext_lazy("街道"), required=False)
    top = forms.ChoiceField(label=gettext_lazy("一级类别"), required=False)
    when = forms.ChoiceField(label=gettext_lazy("时间"), required=False, choices=WHAT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        streets = [(str(one.id), str(one)) for one in territory.of_level("street")]
        tops = [(str(one.id), str(one)) for one in organisation.headings() if one.level == 1]
        self.fields["street"].choices = [("", _("不限")), *streets]  # type: ignore[attr-defined]
        self.fields["top"].choices = [("", _("不限")), *tops]  # type: ignore[attr-defined]
        self.is_valid()

    def got(self, name: str) -> str:
        """What was asked for, as far as it could be read."""
        return str(self.cleaned_data.get(name) or "")

    def said(self, on: date) -> dict[str, str]:
        """The same again, for an address."""
        return {f"gap-{name}": self.got(name) for name in self.fields if self.got(name)} | {"on": on.isoformat()}

    def gaps(self, on: date) -> tuple[list[Gap], list[Gap]]:
        """Holes and conflicts of that day, as far as they are asked for."""
        holes, conflicts = organisation.gaps(on, level=self.got("level") or "street")
        return [gap for gap in holes if self._wants(gap)], [gap for gap in conflicts if self._wants(gap)]

    def _wants(self, gap: Gap) -> bool:
        street, top, when = self.got("street"), self.got("top"), self.got("when")
        if when and (when == "hours") != bool(gap.hours):
            return False
        if top and (gap.category_id is None or gap.category_id not in organisation.categories_within(UUID(top))):
            return False
        return not street or gap.division_id is None or _lies_in(gap.division_id, UUID(street))


def _lies_in(division_id: UUID, street_id: UUID) -> bool:
    node = territory.tree().nodes.get(division_id)
    return node is not None and street_id in node.path


def told_gaps(gaps: list[Gap]) -> list[dict[str, Any]]:
    """Gaps with names, one line for each category, its organs and hours."""
    labels = organisation.category_labels({gap.category_id for gap in gaps if gap.category_id})
    nodes = territory.tree().nodes
    organs = organisation.organ_names(pk for gap in gaps for pk in gap.organ_ids)
    found: dict[Any, dict[str, Any]] = {}
    for gap in gaps:
        line = found.setdefault((gap.category_id, gap.organ_ids, gap.hours), {
            "category": labels[gap.category_id] if gap.category_id else _("全部类别"), "category_id": gap.category_id or "",
            "division_id": gap.division_id or "", "divisions": [], "hours": gap.hours,
            "organs": [organs[pk] for pk in gap.organ_ids],
        })  # fmt: skip
        named = str(nodes[gap.division_id]) if gap.division_id in nodes else _("全区")
        line["divisions"].append(named)
        if len(line["divisions"]) > 1:
            line["division_id"] = ""
    return list(found.values())


@requires(organisation.MANAGE)
@require_safe
def gaps_export(request: HttpRequest) -> FileResponse:
    """All holes and conflicts that the page would show, one row for each category and hours."""
    narrow = NarrowForm(request.GET)
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = timezone.localdate()
    holes, conflicts = narrow.gaps(on)
    book = new_book()
    head = [_("类别"), _("辖区"), _("时段"), _("主办单位")]
    for title, gaps in ((_("无人主办"), holes), (_("重复主办"), conflicts)):
        lines = told_gaps(gaps)
        rows = (
            [x["category"], _("、").join(x["divisions"]), x["hours"] or _("全天"), _("、").join(x["organs"])]
            for x in lines
        )
        add_rows(book, title, head, rows)
    called = f"zhitong-duty-gaps-{on.isoformat()}.xlsx"
    return FileResponse(on_disk(book), as_attachment=True, filename=called, content_type=EXCEL)
