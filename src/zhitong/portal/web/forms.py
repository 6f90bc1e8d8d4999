"""Forms of the desk that are no action on a matter."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import AGAIN, TOGETHER
from zhitong.kernel.matters.public import KINDS, LATE_GRADES, Channel, Grade, Urgency, subkinds
from zhitong.kernel.organisation.public import Staff, category_labels, headings, organ_names, organs, staff_of
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import CascadeSelect, DateInput, SearchSelect, matter_sets, named

from ..queries.listing import ENDED, LATE, NOBODY, OPEN, PRESSING, kind_choices, stage_choices

ANY = ("", _("全部"))
SEPARATOR = " / "
MORE = "more"
NO_CHOICE = _("没有这个选项，已忽略。")
DUE = (("today", _("今天到期")), ("week", _("本周到期")), ("later", _("下周及以后")))


class PickedField(forms.CharField):
    """An id that a link brings along, or ``none``; ``name_of`` says what it is called."""

    def __init__(self, label: Any, name_of: Callable[[UUID], str | None], nobody: Any) -> None:
        super().__init__(label=label, required=False, max_length=40)
        self.name_of, self.nobody = name_of, nobody

    def clean(self, value: Any) -> str:
        """The id as text; what is none is said so."""
        typed = super().clean(value)
        if typed in ("", NOBODY):
            return str(typed)
        try:
            return str(UUID(typed))
        except ValueError:
            raise forms.ValidationError(NO_CHOICE, code="invalid_choice") from None

    def named(self, value: str) -> str:
        """What it is called."""
        return str(self.nobody) if value == NOBODY else self.name_of(UUID(value)) or value


def _organ_name(pk: UUID) -> str | None:
    return organ_names([pk]).get(pk)


def _staff_name(pk: UUID) -> str | None:
    return Staff.objects.filter(pk=pk).values_list("name", flat=True).first()


def _select(label: Any, choices: Any = (), widget: type[forms.Select] = forms.Select) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[ANY, *choices], widget=widget)


class MatterFilter(forms.Form):
    """The filters of the list of matters.  A filter that makes no sense is left out and said so."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=100)
    kind = _select(_("业务"))
    stage = _select(_("环节"))
    grade = _select(_("时限"), [(LATE, _("超期（全部）")), (PRESSING, _("临期和超期")), *Grade.choices])
    due = _select(_("到期"), DUE)
    urgency = _select(_("紧急程度"), Urgency.choices)
    subkind = _select(_("子类"))
    category = _select(_("类别"), widget=CascadeSelect)
    division = _select(_("区域"), widget=CascadeSelect)
    organ = _select(_("主办单位"), widget=SearchSelect)
    channel = _select(_("渠道"), Channel.choices)
    company = _select(_("重复、联名"), [(AGAIN, _("同一人重复反映")), (TOGETHER, _("联名（5人以上）"))])
    who = forms.CharField(
        label=_("申请人"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"placeholder": _("全名、手机、企业代码")}),
    )
    since = forms.DateField(label=_("提出日期自"), required=False, widget=DateInput())
    until = forms.DateField(label=_("至"), required=False, widget=DateInput())
    public = _select(_("公开"), [("yes", _("已公开")), ("no", _("未公开"))])

    set = _select(_("范围"))
    holder = PickedField(_("当前承办"), _organ_name, _("尚无承办单位"))
    assignee = PickedField(_("承办人"), _staff_name, _("尚未分派到人"))

    FIRST: ClassVar[tuple[str, ...]] = ("q", "kind", "stage", "grade", "division")
    LATER: ClassVar[tuple[str, ...]] = (
        "who",
        "category",
        "organ",
        "subkind",
        "urgency",
        "due",
        "channel",
        "company",
        "public",
        "since",
        "until",
    )
    CARRIED = ("set", "holder", "assignee")
    IS_FOLDED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("kind", kind_choices())
        self._offer("stage", [(OPEN, _("全部在办")), (ENDED, _("全部办结")), *stage_choices()])
        self._offer("subkind", [(str(s.pk), named(s)) for kind in KINDS for s in subkinds(kind)])
        self._offer("division", _divisions(self.data.get("division", "")))
        if self.is_open:
            self._offer("category", _categories())
            self._offer("organ", [(str(o.id), str(o)) for o in organs()])
        self._offer("set", [(one.slug, one.label) for one in matter_sets().values()])
        for field in self.fields.values():
            field.error_messages.update(invalid_choice=NO_CHOICE, invalid=_("日期无法识别，已忽略。"))

    @property
    def is_open(self) -> bool:
        """Whether the later filters are shown: they were asked for, or one of them is set."""
        return not self.IS_FOLDED or MORE in self.data or any(self.data.get(name) for name in self.LATER)

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
    if isinstance(field, PickedField):
        return field.named(value)
    if not isinstance(field, forms.ChoiceField):
        return value
    return next((label for key, label in list(field.choices) if key == value), value)  # type: ignore[arg-type]


def _categories() -> list[tuple[str, str]]:
    """Every level may be chosen; a higher one stands for all below it."""
    ids = [one.id for one in headings(with_inactive=True)]
    labels = category_labels(ids)
    return [(str(i), labels[i]) for i in ids]


MOST_DIVISIONS = 1_000  # offered at once: half a megabyte of choices is no page


def _divisions(chosen: str) -> list[tuple[str, str]]:
    """Streets, and communities under their street; where they are too many, only those of the street that is chosen."""
    streets = {node.id: str(node) for node in territory.of_level(territory.Level.STREET)}
    communities = territory.of_level(territory.Level.COMMUNITY)
    if len(communities) > MOST_DIVISIONS:
        near = {pk for pk in streets if str(pk) == chosen}
        near |= {node.parent_id for node in communities if str(node.id) == chosen and node.parent_id}
        communities = [node for node in communities if node.parent_id in near]
    found = [(str(pk), name) for pk, name in streets.items()]
    for node in communities:
        if node.parent_id in streets:
            found.append((str(node.id), f"{streets[node.parent_id]}{SEPARATOR}{node}"))
    return found


class LateFilter(MatterFilter):
    """The filters of the late list: only what is late or soon will be."""

    IS_FOLDED = False
    FIRST = ("q", "grade", "division")
    LATER = ("category", "subkind", "urgency", "channel")
    KEPT = (*FIRST, *LATER, *MatterFilter.CARRIED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.KEPT):
            del self.fields[name]
        shown = [(LATE, _("超期（全部）")), *((g, Grade(g).label) for g in (Grade.WARNING, *LATE_GRADES))]
        self.fields["grade"].choices = [("", _("临期和超期")), *shown]  # type: ignore[attr-defined]


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
        label=_("查看原因"), max_length=200, help_text=_("将与您的姓名、时间一起记录在案，请勿填写姓名、号码等个人信息。"),
        error_messages={"required": _("请填写查看原因。")},
    )  # fmt: skip
