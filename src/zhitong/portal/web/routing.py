"""Routing rules: drafted, tried on the last month, switched on, put into an order."""

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
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.events.public import describe, stream
from zhitong.kernel.matters.public import KINDS, Channel
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import RefusableForm, SearchSelect, SearchSelectMultiple

from .alarms import BETWEEN

KIND = "appeal"
MOST_EVENTS = 50
NOBODY = gettext_lazy("尚未转办")


class RuleForm(RefusableForm):
    """A condition, and where what fulfils it goes."""

    name = forms.CharField(label=gettext_lazy("规则名称"), max_length=60)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("类别"),
        required=False,
        widget=SearchSelectMultiple,
        help_text=gettext_lazy("含下级类别；不选表示不限。"),
    )
    divisions = forms.MultipleChoiceField(
        label=gettext_lazy("辖区"),
        required=False,
        widget=SearchSelectMultiple,
        help_text=gettext_lazy("含下级区划；不选表示不限。"),
    )
    words = forms.CharField(
        label=gettext_lazy("写到其中任一词语"), required=False, max_length=1000, widget=forms.Textarea({"rows": "2"}),
        help_text=gettext_lazy("用顿号或换行分隔。"),
    )  # fmt: skip
    without = forms.CharField(
        label=gettext_lazy("没有写到这些词语"), required=False, max_length=1000, widget=forms.Textarea({"rows": "2"})
    )
    hours = forms.CharField(
        label=gettext_lazy("到达时段"), required=False, max_length=40,
        help_text=gettext_lazy("如“周一至周五 8:30-17:30”“22:00-6:00”；不填表示全天。"),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("来源"), required=False, choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("反映人"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            (d.ANONYMOUS, gettext_lazy("匿名")), (d.NAMED, gettext_lazy("留了姓名或电话")),
            (d.REPEAT, gettext_lazy("同一人重复反映")),
        ],
    )  # fmt: skip
    least = forms.IntegerField(
        label=gettext_lazy("联名不少于（人）"), required=False, min_value=2, max_value=1000,
        help_text=gettext_lazy("同一件事反映、附议和并入的人合计；不填表示不限。"),
    )  # fmt: skip
    organ = forms.ChoiceField(label=gettext_lazy("转给单位"), required=False, widget=SearchSelect)
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急通道"), required=False,
        choices=[("", gettext_lazy("不改变")), ("urgent", gettext_lazy("紧急")), ("danger", gettext_lazy("危及生命"))],
    )  # fmt: skip
    to_person = forms.BooleanField(label=gettext_lazy("须由人转办，不自动转"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = organisation.category_labels(one.id for one in organisation.headings())
        places = [(one.id, str(one)) for level in ("street", "community") for one in territory.of_level(level)]
        organs = [(one.id, str(one)) for one in organisation.organs_on(timezone.localdate())]
        self.set_choices("categories", labels.items())
        self.set_choices("divisions", places)
        self.set_choices("organ", [("", _("不指定，按职责清单")), *organs])

    def values(self) -> dict[str, Any]:
        """For the action."""
        got = self.cleaned_data
        words = {name: tuple(one for one in BETWEEN.split(got[name]) if one.strip()) for name in ("words", "without")}
        chosen = {name: tuple(got[name]) for name in ("categories", "divisions", "channels", "people")}
        return {
            "name": got["name"], "when": d.When(**chosen, **words, hours=got["hours"], least=got["least"] or 0),
            "organ_id": UUID(got["organ"]) if got["organ"] else None, "urgency": got["urgency"], "to_person": got["to_person"],
        }  # fmt: skip


def _initial(row: d.RoutingRule) -> dict[str, Any]:
    when = d.when_from(row.when)
    return {
        "name": row.name, "categories": when.categories, "divisions": when.divisions, "words": _("、").join(when.words),
        "without": _("、").join(when.without), "hours": when.hours, "channels": when.channels, "people": when.people, "least": when.least or None,
        "organ": str(row.organ_id or ""), "urgency": row.urgency, "to_person": row.to_person,
    }  # fmt: skip


def told(row: d.RoutingRule) -> list[tuple[str, str]]:
    """The condition of a rule in words: what is asked, and of what."""
    when = d.when_from(row.when)
    categories = organisation.category_names(UUID(pk) for pk in when.categories)
    places = territory.labels({UUID(pk) for pk in when.divisions})
    channels, people = dict(Channel.choices), dict(RuleForm.base_fields["people"].choices)  # type: ignore[attr-defined]
    parts = [
        (_("类别"), list(categories.values())), (_("辖区"), list(places.values())), (_("写到"), when.words),
        (_("没有写到"), when.without), (_("时段"), [when.hours] if when.hours else []),
        (_("来源"), [str(channels[one]) for one in when.channels if one in channels]),
        (_("反映人"), [str(people[one]) for one in when.people if one in people]),
        (_("联名"), [_("%(n)s人以上") % {"n": when.least}] if when.least else []),
    ]  # fmt: skip
    return [(label, _("、").join(values)) for label, values in parts if values]


@requires(d.VIEW, d.MANAGE)
@require_safe
def routing(request: HttpRequest) -> HttpResponse:
    """The rules in their order, each with its uses of the last 30 days."""
    by = actor_of(request)
    lines = [(line, told(line.row)) for line in d.rule_lines(KIND, timezone.now())]
    return render(request, "portal/dispatch/rules.html", {"lines": lines, "may_set": by.may_everywhere(d.MANAGE)})


@requires(d.VIEW, d.MANAGE)
@never_cache
@require_safe
def rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One rule: what it says, what it would have changed in the last month, its uses and its history."""
    row, by, now = d.rule_of(rule_id), actor_of(request), timezone.now()
    tried = d.dry_run(row, now, by)
    organs = organisation.organ_names(pk for pair in tried.moves for pk in pair)
    moves = [
        (organs.get(old, NOBODY) if old else NOBODY, organs.get(new, "") if new else "", n)
        for (old, new), n in tried.moves.most_common()
    ]
    matters = [(m, mask_inline(m.title), KINDS[m.kind].by_slug[m.stage].label) for m in tried.listed]
    history = [(event, *describe(event)) for event in stream(row.pk).order_by("-seq")[:MOST_EVENTS]]
    context = {
        "row": row, "told": told(row), "tried": tried, "moves": moves, "matters": matters, "uses": d.uses_of(row),
        "history": history, "may_set": by.may_everywhere(d.MANAGE),
    }  # fmt: skip
    return render(request, "portal/dispatch/rule.html", context)


@requires(d.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: HttpRequest, rule_id: UUID | None = None) -> HttpResponse:
    """Draft a rule, or change one."""
    row = d.rule_of(rule_id) if rule_id else None
    form = RuleForm(request.POST if request.method == "POST" else None, initial=_initial(row) if row else {})
    if request.method == "POST" and form.is_valid():
        try:
            saved = d.save_rule(KIND, **form.values(), rule_id=rule_id, by=actor_of(request), at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已存为草稿。请先看试算结果，再启用。"))
            return redirect("portal:rule", saved.pk)
    return render(
        request, "portal/dispatch/rule_edit.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@requires(d.MANAGE)
@require_POST
def rule_switch(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """On or off."""
    is_on = request.POST.get("to") == "on"
    row = d.switch_rule(rule_id, is_on=is_on, by=actor_of(request), at=timezone.now())
    messages.success(request, _("规则已启用，从现在起按它推荐。") if is_on else _("规则已停用。"))
    return redirect("portal:rule", row.pk)


@requires(d.MANAGE)
@require_POST
def rule_move(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One place up or down."""
    d.move_rule(rule_id, is_up=request.POST.get("to") == "up", by=actor_of(request), at=timezone.now())
    return redirect("portal:routing")


urlpatterns = [
    path("desk/routing/", routing, name="routing"),
    path("desk/routing/new", rule_edit, name="rule_new"),
    path("desk/routing/<uuid:rule_id>/", rule, name="rule"),
    path("desk/routing/<uuid:rule_id>/edit", rule_edit, name="rule_edit"),
    path("desk/routing/<uuid:rule_id>/switch", rule_switch, name="rule_switch"),
    path("desk/routing/<uuid:rule_id>/move", rule_move, name="rule_move"),
]
