"""Forms of base items and of how items are found."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import organs_on
from zhitong.ui.public import RefusableForm, SearchSelect

from ..choices import ItemKind, OfferedAt, Topic
from ..models import Item
from ..permissions import may_edit_organ


class BaseForm(RefusableForm):
    """What may be changed of a base item."""

    name = forms.CharField(label=_("基本目录名称"), max_length=120)
    kind = forms.ChoiceField(label=_("事项类型"), choices=ItemKind.choices)


class NewBaseForm(BaseForm):
    """A new base item."""

    code = forms.CharField(label=_("基本编码"), max_length=40, help_text=_("国家或省下发的编码；编码以后不能改。"))
    field_order = ("code", "name", "kind")


class ItemForm(RefusableForm):
    """How an item is called and found."""

    name = forms.CharField(label=_("事项名称"), max_length=120)
    everyday = forms.CharField(
        label=_("通俗叫法"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("群众常用的说法，用空格分隔，如“开饭店 卫生许可”。"),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("主题"), choices=Topic.choices)
    offered_at = forms.ChoiceField(label=_("行使层级"), choices=OfferedAt.choices)
    audience = forms.MultipleChoiceField(
        label=_("服务对象"), choices=(("persons", _("个人")), ("firms", _("企业"))), widget=forms.CheckboxSelectMultiple
    )

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        """The item as the form shows it."""
        audience = [name for name, wanted in (("persons", item.for_persons), ("firms", item.for_firms)) if wanted]
        return {name: getattr(item, name) for name in ("name", "everyday", "topic", "offered_at")} | {
            "audience": audience
        }

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        got = dict(self.cleaned_data)
        audience = got.pop("audience")
        return got | {"for_persons": "persons" in audience, "for_firms": "firms" in audience}


class NewItemForm(ItemForm):
    """A new item."""

    code = forms.CharField(label=_("实施编码"), max_length=40, help_text=_("编码以后不能改。"))
    organ = forms.ChoiceField(label=_("实施单位"), widget=SearchSelect)
    field_order = ("code", "name", "organ")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [(str(o.id), o.name) for o in organs_on(timezone.localdate()) if may_edit_organ(by, o.id)]
        self.fields["organ"].choices = [("", _("请选择")), *mine]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        got = super().values()
        return got | {"organ_id": UUID(got.pop("organ"))}
