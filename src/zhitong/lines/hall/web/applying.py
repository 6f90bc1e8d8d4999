"""The form by which somebody applies for an item on the portal."""

import contextlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.matters import public as m
from zhitong.ui.action_forms import TextField
from zhitong.ui.public import FilesField, PhotosInput, RefusableForm

from ..actions.cases import Given, Submission
from ..actions.cases.submitting import look
from ..choices import Delivery, MaterialState
from ..models import Material, Version
from .questions import PREFIX, AskedQuestion, answers_in, in_words, question_fields, watched

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
MOST_A_MATERIAL = 5
SAYS = {
    MaterialState.HANDED: _("现在上传"),
    MaterialState.DEFERRED: _("以后补交（容缺）"),
    MaterialState.PROMISED: _("签承诺书代替（告知承诺）"),
    MaterialState.NOT_NEEDED: _("我的情况不需要"),
    MaterialState.MISSING: _("暂时没有"),
}


def new_key() -> str:
    """The key of a form that was not sent yet."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Asked:
    """A material as the page asks for it."""

    material: Material
    says: BoundField | None
    files: BoundField | None
    kept: BoundField | None
    drop: BoundField | None
    names: list[str]
    when: str = ""
    """Conditions of which one must hold, for the script that hides what is not needed; "" where it is always asked about."""


class ApplyForm(RefusableForm):
    """Who applies, what the item asks, each material, and how the result is to come."""

    channel = m.Channel.PORTAL
    says: ClassVar[Mapping[MaterialState, Any]] = SAYS

    name = TextField(
        label=_("申请人姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("请填写申请人姓名。")},
    )  # fmt: skip
    citizen_id = TextField(
        label=_("身份证号"), max_length=30, widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages={"required": _("请填写申请人身份证号。")},
    )  # fmt: skip
    phone = TextField(
        label=_("手机号"), max_length=30, widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("请填写手机号，以便告知办理结果。")},
    )  # fmt: skip
    credit_code = TextField(
        label=_("统一社会信用代码"), max_length=30, required=False,
        help_text=_("以企业名义申请的填写；上面填经办人。"), widget=forms.TextInput({"autocapitalize": "characters"}),
    )  # fmt: skip
    delivery = forms.ChoiceField(label=_("结果怎样给您"), required=False, widget=forms.RadioSelect)
    deliver_to = TextField(
        label=_("收件地址（邮寄时填写）"), max_length=200, required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )  # fmt: skip
    is_simulated = forms.BooleanField(
        label=_("模拟审批：先试着走一遍"), required=False,
        help_text=_("材料还不齐也能提交，提前知道能不能批；结论没有法律效力，条件具备后可转为正式办理。"),
    )  # fmt: skip
    signed = forms.BooleanField(label=_("我已阅读并签署承诺书"), required=False)
    is_another = forms.BooleanField(label=_("这是另一件"), required=False)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, item_version: Version, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item_version, self.now = item_version, now
        self.materials = list(item_version.materials.all())
        self.uploads: dict[str, list[m.Upload]] = {}
        self.fields.update(question_fields(item_version))
        ways = [(way, Delivery(way).label) for way in item_version.delivery]
        self.fields["delivery"].choices = ways  # type: ignore[attr-defined]
        for one in self.materials:
            self._ask_for(one)
        if Delivery.MAIL not in item_version.delivery:
            del self.fields["deliver_to"]
        if not item_version.item.for_firms:
            del self.fields["credit_code"]
        if not self.is_bound:
            first = ways[0][0] if ways else ""
            self.initial = {**self.initial, "key": new_key(), "version": str(item_version.pk), "delivery": first}

    def _ask_for(self, one: Material) -> None:
        if one.held_by:
            return
        states = [MaterialState.HANDED]
        states += [MaterialState.DEFERRED] if one.is_deferrable else []
        states += [MaterialState.PROMISED] if one.by_commitment else []
        states += [MaterialState.NOT_NEEDED] if one.is_judged_by_applicant else []
        self.fields[f"says_{one.pk}"] = forms.ChoiceField(
            label=one.name, widget=forms.RadioSelect, initial=MaterialState.HANDED, error_messages={"required": _("请选择一项。")},
            choices=[(str(state), self.says[state]) for state in (*states, MaterialState.MISSING)],
        )  # fmt: skip
        self.fields[f"material_{one.pk}"] = FilesField(
            label=_("照片或文件"), required=False, most=MOST_A_MATERIAL, widget=PhotosInput({"accept": ACCEPTED})
        )
        self.fields[f"kept_{one.pk}"] = forms.CharField(
            required=False, max_length=20_000, widget=forms.HiddenInput({"data-once": True})
        )
        self.fields[f"drop_{one.pk}"] = forms.BooleanField(label=_("不用这些，重新上传"), required=False)

    def asked(self) -> Iterator[Asked]:
        """The materials in their order, each with its controls and the files kept of an earlier try."""
        for one in self.materials:
            names = [upload.name for upload in self.uploads.get(str(one.pk), [])]
            bound = [
                self[f"{part}_{one.pk}"] if not one.held_by else None for part in ("says", "material", "kept", "drop")
            ]
            yield Asked(
                one, bound[0], bound[1], bound[2], bound[3], names, watched(one.needed_if, self.item_version.form)
            )

    def questions(self) -> list[AskedQuestion]:
        """The questions of the item, each with the condition under which it is asked."""
        form = self.item_version.form
        return [
            AskedQuestion(self[f"{PREFIX}{one.slug}"], watched([one.when] if one.when else [], form), in_words(one.when, form), one.required)
            for one in form
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Look into the files, then into everything at once."""
        cleaned = super().clean() or {}
        for one in self.materials:
            self._look_into(one, cleaned)
        if cleaned.get("version", "") not in ("", str(self.item_version.pk)):
            message = _("办事指南刚刚更新了，请核对新的条件和材料后再提交，您填写的内容仍然保留。")
            self.add_error(None, forms.ValidationError(message, code="version_changed"))
        self.look_at_all()
        return cleaned

    def look_at_all(self) -> None:
        """Say everything that keeps it from being submitted."""
        for name, message in look(self.said(), self.item_version, self.now).problems.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, message)
            elif name not in self.errors:
                self.add_error(None, message)

    @property
    def has_promises(self) -> bool:
        """Whether something may follow later or be promised: only then there is anything to sign."""
        return any((one.is_deferrable or one.by_commitment) and not one.held_by for one in self.materials)

    @property
    def mailed_when(self) -> str:
        """When the address matters, for the script that hides it."""
        return json.dumps([[["delivery", "=", [Delivery.MAIL.value]]]])

    @property
    def is_doubled(self) -> bool:
        """Whether it was refused since the same is open already."""
        return any(error.code == "already_open" for error in self.errors.as_data().get("is_another", []))

    def _look_into(self, one: Material, cleaned: dict[str, Any]) -> None:
        kept = "" if cleaned.get(f"drop_{one.pk}") else str(cleaned.get(f"kept_{one.pk}") or "")
        found = m.taken_up(kept)
        for file in cleaned.get(f"material_{one.pk}") or []:
            try:
                found.append(_checked(file))
            except Refused as refused:
                message = _("“%(name)s”：%(why)s") % {"name": clean(str(file.name))[-60:], "why": refused}
                self.add_error(f"material_{one.pk}", message)
        self.uploads[str(one.pk)] = found

    def said(self) -> Submission:
        """What was filled in, for the action."""
        got = self.cleaned_data
        given = {one.pk: self.given(one.pk) for one in self.materials if not one.held_by}
        return Submission(
            item_id=self.item_version.item_id, version_id=self.item_version.pk, key=self.key_sent(),
            name=self._got("name"), phone=self._got("phone"), citizen_id=self._got("citizen_id"),
            credit_code=self._got("credit_code"), delivery=self._got("delivery"), deliver_to=self._got("deliver_to"),
            answers=answers_in(got), materials=given, signed=bool(got.get("signed")), channel=self.channel,
            is_simulated=bool(got.get("is_simulated")), is_another=bool(got.get("is_another")),
        )  # fmt: skip

    def given(self, pk: Any) -> Given:
        """What was said of a material, with its files."""
        return Given(self._got(f"says_{pk}"), self.uploads.get(str(pk), []))

    def key_sent(self) -> str:
        """The form's key, or a new one where it came without a good one."""
        key = self._got("key")
        return key if KEY.fullmatch(key) else new_key()

    def _got(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def keep(self, *, with_new_key: bool = False) -> None:
        """Make the form fit to be sent once more: the good files stay with it, and it is for the version it shows now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for pk, uploads in self.uploads.items():
            with contextlib.suppress(Refused):  # a full disk: what was typed is worth more
                data[f"kept_{pk}"] = m.set_aside(uploads)
            data.pop(f"drop_{pk}", None)
        if with_new_key or not KEY.fullmatch(str(data.get("key") or "")):
            data["key"] = new_key()
        data["version"] = str(self.item_version.pk)
        self.data = data


def _checked(file: Any) -> m.Upload:
    """Looked into; what is too large is not even read."""
    if file.size > m.MOST_BYTES:
        raise Refused("file_too_big", _("文件不能超过20MB，请压缩后再上传。"), field="files")
    return m.check_upload(str(file.name or ""), file.read())
