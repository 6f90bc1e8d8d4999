"""Forms of the desk that are no action on a matter."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Channel, Grade, Urgency, subkinds
from zhitong.kernel.organisation.public import Category, Organ, staff_of
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import CascadeSelect, DateInput, SearchSelect, named

from ..queries.listing import ENDED, LATE, OPEN, stage_choices

ANY = ("", _("全部"))
SEPARATOR = " / "


def _select(label: Any, choices: Any = (), widget: type[forms.Select] = forms.Select) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ANY, *choices], widget=widget)


class MatterFilter(forms.Form):
    """The filters of the list of matters.  A filter that makes no sense is left out and said so."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=100)
    stage = _select(_("环节"))
    grade = _select(_("时限"), [(LATE, _("超期（全部）")), *Grade.choices])
    urgency = _select(_("紧急程度"), Urgency.choices)
    subkind = _select(_("子类"))
    category = _select(_("类别"), widget=CascadeSelect)
    division = _select(_("区域"), widget=CascadeSelect)
    organ = _select(_("主办单位"), widget=SearchSelect)
    channel = _select(_("渠道"), Channel.choices)
    since = forms.DateField(label=_("提出日期自"), required=False, widget=DateInput())
    until = forms.DateField(label=_("至"), required=False, widget=DateInput())
    public = _select(_("公开"), [("yes", _("已公开")), ("no", _("未公开"))])

    FIRST = ("q", "stage", "grade", "division")
    LATER = ("category", "organ", "subkind", "urgency", "channel", "public", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("stage", [(OPEN, _("全部在办")), (ENDED, _("全部办结")), *stage_choices()])
        self._offer("subkind", [(str(s.pk), named(s)) for kind in KINDS for s in subkinds(kind)])
        self._offer("category", _categories())
        self._offer("division", _divisions())
        self._offer("organ", [(str(o.pk), str(o)) for o in Organ.objects.order_by("sort_key", "id")])
        for field in self.fields.values():
            field.error_messages.update(invalid_choice=_("没有这个选项，已忽略。"), invalid=_("日期无法识别，已忽略。"))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *choices]

    def wanted(self) -> dict[str, Any]:
        """The filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def words(self) -> list[tuple[str, str]]:
        """(field, "label: value") of each filter that is set."""
        found = []
        for name, value in self.wanted().items():
            field = self.fields[name]
            shown = _label(field, value)
            found.append(
                (name, _("%(label)s：%(value)s") % {"label": field.label, "value": str(shown).split(SEPARATOR)[-1]})
            )
        return found


def _label(field: forms.Field, value: Any) -> Any:
    """The words of a chosen value."""
    if not isinstance(field, forms.ChoiceField):
        return value
    return next((label for key, label in list(field.choices) if key == value), value)  # type: ignore[arg-type]


def _categories() -> list[tuple[str, str]]:
    """Every level may be chosen; a higher one stands for all below it."""
    rows = list(Category.objects.order_by("sort", "code"))
    names = {row.pk: named(row) for row in rows}
    return [(str(row.pk), SEPARATOR.join(names[i] for i in row.path if i in names)) for row in rows]


def _divisions() -> list[tuple[str, str]]:
    levels = (territory.Level.STREET, territory.Level.COMMUNITY)
    nodes = [node for level in levels for node in territory.of_level(level)]
    labels = territory.labels([node.id for node in nodes])
    return [(str(node.id), labels[node.id].replace(" · ", SEPARATOR)) for node in nodes]


class AssignForm(forms.Form):
    """To whom: the people of one's own organs."""

    staff = forms.TypedChoiceField(label=_("承办人"), widget=SearchSelect(), choices=[])

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("选择承办人")), *_colleagues(by)]
        field.error_messages.update(required=_("请选择承办人。"), invalid_choice=_("请从列表中选择。"))


def _colleagues(by: Actor) -> list[tuple[str, str]]:
    today = timezone.localdate()
    seats = (seat for organ in sorted(by.organ_ids) for seat in staff_of(organ, today))
    return list({str(seat.staff_id): f"{seat.staff.name}（{seat.post.title}）" for seat in seats}.items())


class RevealForm(forms.Form):
    """Why one needs the full number."""

    reason = forms.CharField(
        label=_("查看原因"), max_length=200, help_text=_("将与您的姓名、时间一起记录在案。"),
        error_messages={"required": _("请填写查看原因。")},
    )  # fmt: skip
