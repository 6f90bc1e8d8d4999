"""Forms in which a hall is set up."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.organisation.public import organs_on
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import RefusableForm, SearchSelect, SearchSelectMultiple

from ..choices import Topic
from ..models import Hall, Item, Queue, Window

TIMES: dict[str, Any] = {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


def as_uuid(text: Any) -> UUID:
    """What a choice of a row coerces to."""
    return UUID(str(text))


def places_of(*levels: str) -> list[tuple[str, str]]:
    """The divisions of these levels, as choices."""
    return [(str(node.id), territory.label(node.id)) for level in levels for node in territory.of_level(level)]


class RowForm(RefusableForm):
    """A form over a row that an action writes."""

    many: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, row: Any = None, hall: Hall | None = None) -> None:
        super().__init__(data, initial=self._initial(row) if row else None)

    def _initial(self, row: Any) -> dict[str, Any]:
        found = {name: getattr(row, name) for name in self.base_fields if name not in self.many}
        return found | {name: [one.pk for one in getattr(row, name).all()] for name in self.many}

    def fields_given(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


class HallForm(RowForm):
    """A hall."""

    name = forms.CharField(label=_("大厅名称"), max_length=60)
    organ_id = forms.TypedChoiceField(label=_("管理单位"), widget=SearchSelect)
    division_id = forms.TypedChoiceField(label=_("所在辖区"), widget=SearchSelect)
    address = forms.CharField(label=_("地址"), max_length=120)
    phone = forms.CharField(label=_("大厅电话"), max_length=40, required=False)
    opens = forms.TimeField(label=_("上班时间"), initial="09:00", **TIMES)
    closes = forms.TimeField(label=_("下班时间"), initial="17:00", **TIMES)
    rest_from = forms.TimeField(label=_("午休开始"), required=False, **TIMES)
    rest_until = forms.TimeField(label=_("午休结束"), required=False, **TIMES)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, data: Any = None, *, row: Any = None, hall: Hall | None = None) -> None:
        super().__init__(data, row=row, hall=hall)
        organs = [(str(organ.id), str(organ)) for organ in organs_on(timezone.localdate())]
        levels = territory.Level
        places = places_of(levels.DISTRICT, levels.STREET, levels.COMMUNITY)
        for name, choices in (("organ_id", organs), ("division_id", places)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices, field.coerce = [("", ""), *choices], as_uuid


class QueueForm(RowForm):
    """A queue of a hall."""

    many = ("items",)
    prefix = forms.CharField(  # type: ignore[assignment]
        label=_("号码前缀"), max_length=2, help_text=_("一至两个字母，印在号码前面，如A。")
    )
    name = forms.CharField(label=_("队列名称"), max_length=30)
    topics = forms.MultipleChoiceField(
        label=_("办理主题"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("主题和事项都不选，就是什么都办的综合队列。"),
    )  # fmt: skip
    items = forms.ModelMultipleChoiceField(
        label=_("限办事项"), queryset=Item.objects.order_by("code"), required=False, widget=SearchSelectMultiple
    )
    slot_minutes = forms.IntegerField(label=_("预约时段（分钟）"), min_value=5, max_value=240, initial=30)
    slot_places = forms.IntegerField(
        label=_("每个时段可预约人数"), min_value=0, max_value=999, initial=2, help_text=_("填0表示不开放预约。")
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)


class WindowForm(RowForm):
    """A window of a hall."""

    many = ("queues",)
    number = forms.IntegerField(label=_("窗口号"), min_value=1, max_value=999)
    name = forms.CharField(label=_("窗口名称"), max_length=30)
    organ_id = forms.TypedChoiceField(label=_("派驻单位"), widget=SearchSelect)
    queues = forms.ModelMultipleChoiceField(
        label=_("叫号队列"), queryset=Queue.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, data: Any = None, *, row: Window | None = None, hall: Hall | None = None) -> None:
        super().__init__(data, row=row, hall=hall)
        organ, queues = self.fields["organ_id"], self.fields["queues"]
        assert isinstance(organ, forms.TypedChoiceField)
        assert isinstance(queues, forms.ModelMultipleChoiceField)
        choices = [(str(one.id), str(one)) for one in organs_on(timezone.localdate())]
        organ.choices, organ.coerce = [("", ""), *choices], as_uuid
        queues.queryset = Queue.objects.filter(hall=hall).order_by("prefix")
