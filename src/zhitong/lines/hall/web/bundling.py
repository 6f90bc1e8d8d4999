"""Forms of bundles: applying with one form for several items, and editing what belongs together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import organs
from zhitong.ui.public import RefusableForm, SearchSelect

from ..actions.bundles import BundleSubmission, look_at
from ..choices import Delivery, MaterialState, Topic
from ..models import BundleVersion, Item
from ..permissions import may_edit_organ
from ..queries.bundles import MergedMaterial, Whole
from ..rules.bundles import MOST_PARTS
from ..rules.questions import Question
from .applying import SAYS, ApplyForm
from .questions import answers_in
from .rows import Rows


@dataclass(frozen=True, slots=True)
class _Item:
    for_firms: bool


@dataclass(frozen=True, slots=True)
class OneVersion:
    """Several items as the form for one sees them."""

    version: BundleVersion
    one: Whole

    @property
    def item(self) -> _Item:
        """For whom it is."""
        return _Item(self.one.for_firms)

    @property
    def pk(self) -> UUID:
        """What was shown."""
        return self.version.pk

    @property
    def form(self) -> Sequence[Question]:
        """Every fact once."""
        return self.one.form.questions

    @property
    def delivery(self) -> list[str]:
        """How any of the results may come."""
        ways = {way for version in self.one.versions.values() for way in version.delivery}
        return [way for way in Delivery.values if way in ways]

    @property
    def materials(self) -> "OneVersion":
        """Stands for the rows of a version."""
        return self

    def all(self) -> list[MergedMaterial]:
        """Every material once."""
        return self.one.materials


class BundleApplyForm(ApplyForm):
    """Who applies, every fact once, every material once."""

    def __init__(self, version: BundleVersion, one: Whole, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(OneVersion(version, one), now, *args, **kwargs)  # type: ignore[arg-type]
        self.version_shown, self.one = version, one
        del self.fields["is_simulated"]

    def look_at_all(self) -> None:
        """Say everything that keeps it from being submitted."""
        for problem in look_at(self.said_of_all(), self.one, self.now).problems:
            if problem.field not in self.errors:
                self.refuse(problem)

    def said_of_all(self) -> BundleSubmission:
        """What was filled in, for the action."""
        got = self.cleaned_data
        given = {one.name: self.given(one.pk) for one in self.one.materials if not one.held_by}
        return BundleSubmission(
            bundle_id=self.version_shown.bundle_id, version_id=self.version_shown.pk, key=self.key_sent(),
            name=self._got("name"), phone=self._got("phone"), citizen_id=self._got("citizen_id"),
            credit_code=self._got("credit_code"), delivery=self._got("delivery"),
            deliver_to=self._got("deliver_to"), facts=answers_in(got), materials=given, signed=bool(got.get("signed")),
            channel=self.channel, is_another=bool(got.get("is_another")),
        )  # fmt: skip


class DeskBundleForm(BundleApplyForm):
    """The same as a clerk fills it in for whoever is at the window: originals are seen there, and need not be scanned."""

    channel = m.Channel.WINDOW
    says = SAYS | {MaterialState.HANDED: _("已收到或已核对原件"), MaterialState.MISSING: _("没有带来")}


class BundleForm(RefusableForm):
    """What a bundle is called, and how it is found."""

    name = forms.CharField(label=_("一件事名称"), max_length=120)
    topic = forms.ChoiceField(label=_("主题"), choices=Topic.choices)
    everyday = forms.CharField(
        label=_("通俗叫法"),
        max_length=300,
        required=False,
        help_text=_("群众常用的说法，用空格分隔，如“开饭店 卫生许可”。"),
    )
    lead = forms.CharField(label=_("一句话说明"), max_length=200, required=False)


class NewBundleForm(BundleForm):
    """A new bundle."""

    code = forms.SlugField(
        label=pgettext_lazy("bundle", "编码"),
        max_length=40,
        help_text=_("用在网址里，只能用字母、数字和连字符；以后不能改。"),
    )
    organ = forms.ChoiceField(label=_("牵头单位"), widget=SearchSelect)
    field_order = ("code", "name", "organ")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [(str(o.id), o.name) for o in organs() if may_edit_organ(by, o.id)]
        self.fields["organ"].choices = [("", _("请选择")), *mine]  # type: ignore[attr-defined]


class PartForm(RefusableForm):
    """One item of a bundle."""

    TYPED: ClassVar[tuple[str, ...]] = ("slug", "item", "after", "gives")

    slug = forms.CharField(label=_("环节简称"), max_length=40, help_text=_("如“刻章”，其他环节用它指这一环节。"))
    item = forms.CharField(
        label=_("事项编码"), max_length=40, widget=forms.TextInput({"list": "items", "autocomplete": "off"})
    )
    after = forms.CharField(
        label=_("先办好哪些环节"), max_length=300, required=False,
        widget=forms.TextInput({"list": "parts", "autocomplete": "off"}), help_text=_("填环节简称，多个用顿号隔开；不用等的留空。"),
    )  # fmt: skip
    gives = forms.CharField(
        label=_("办好后产生的字段"),
        max_length=40,
        required=False,
        help_text=_("结果编号填入这个字段，不再向申请人询问，如“统一社会信用代码”。"),
    )


class SameForm(RefusableForm):
    """A question that asks for a fact of another name."""

    TYPED: ClassVar[tuple[str, ...]] = ("part", "question", "fact")

    part = forms.CharField(
        label=_("环节简称"), max_length=40, widget=forms.TextInput({"list": "parts", "autocomplete": "off"})
    )
    question = forms.CharField(label=_("该环节的字段名"), max_length=40)
    fact = forms.CharField(label=_("与哪个字段是一回事"), max_length=40)


PARTS = Rows(PartForm, "p", MOST_PARTS)
SAME = Rows(SameForm, "s", 60)


def labels_of(items: Sequence[Item]) -> list[tuple[str, str]]:
    """Codes with names, for the list that opens while one types."""
    return [(item.code, item.name) for item in items]
