"""The form made from a payload asks what the payload asks and gives what the engine takes."""

import io
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from PIL import Image

from zhitong.base.errors import Refused
from zhitong.base.identifiers import matter_number
from zhitong.kernel.matters.public import Ask, Choose, read
from zhitong.ui.action_forms import FILES, action_form
from zhitong.ui.forms import CascadeSelect, MomentInput, SearchSelect, SearchSelectMultiple

# The same in every process: they stand in the names of tests.
ORGANS = [(UUID(int=n + 1), f"单位{n}") for n in range(9)]
OTHER = UUID(int=98)
STRANGE = UUID(int=99)


class Everything(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    who: Annotated[str, Ask("见面人员", most=10, help="谁见了谁")]
    said: Annotated[str, Ask("情况", rows=4, most=20)]
    how: Annotated[str, Ask("方式", choose=Choose.CHOICE, choices=(("phone", "电话"), ("in_person", "当面")))]
    lead: Annotated[UUID, Ask("主办", choose=Choose.ORGAN)]
    category: Annotated[UUID | None, Ask("类别", choose=Choose.CATEGORY)] = None
    co: Annotated[list[UUID], Ask("协办", choose=Choose.ORGAN)] = []
    when: Annotated[datetime, Ask("时间")]
    amount: Annotated[int, Ask("天数")]
    grant: Annotated[bool, Ask("同意")]
    reached: Annotated[bool, Ask("已联系上")] = False
    into: Annotated[UUID | None, Ask("并入", choose=Choose.MATTER)] = None
    more: Annotated[str, Ask("补充", rows=2)] = ""


class Lists:
    """Choices of nine organs, and one other matter."""

    number = matter_number(datetime(2026, 11, 22).date(), 7)  # noqa: DTZ001

    def __call__(self, name: str, ask: Ask):
        return ORGANS if ask.choose in (Choose.ORGAN, Choose.CATEGORY) else []

    def find_matter(self, number: str) -> UUID | None:
        return OTHER if number == self.number else None


def query(**values: object) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def complete(**changes: object) -> QueryDict:
    said = {
        "who": "张某与反映人", "said": "已了解\r\n情况", "how": "phone", "lead": str(ORGANS[0][0]), "when": "2026-11-22T09:30",
        "amount": "5", "grant": "no",
    }  # fmt: skip
    return query(**{**said, **changes})


def filled(**changes: object):
    form = action_form(Everything, choices_for=Lists())(complete(**changes))
    form.is_valid()
    return form


def test_each_question_has_the_control_that_suits_it() -> None:
    form = action_form(Everything, choices_for=Lists())()
    kinds = {name: type(field.widget) for name, field in form.fields.items()}
    assert kinds == {
        "who": forms.TextInput, "said": forms.Textarea, "how": forms.RadioSelect, "lead": SearchSelect,
        "category": CascadeSelect, "co": SearchSelectMultiple, "when": MomentInput, "amount": forms.NumberInput,
        "grant": forms.RadioSelect, "reached": forms.CheckboxInput, "into": forms.TextInput, "more": forms.Textarea,
    }  # fmt: skip
    assert [name for name, field in form.fields.items() if not field.required] == [
        "category",
        "co",
        "reached",
        "into",
        "more",
    ]
    assert form.fields["who"].help_text == "谁见了谁"
    assert form["said"].field.widget.attrs["rows"] == "4"


def test_what_it_gives_is_what_the_payload_takes() -> None:
    form = filled(co=[str(ORGANS[1][0]), str(ORGANS[2][0])], into=Lists.number, reached="on")
    assert form.errors == {}
    taken = read(Everything, form.payload())
    assert (taken.lead, taken.co, taken.into) == (ORGANS[0][0], [ORGANS[1][0], ORGANS[2][0]], OTHER)
    assert taken.when.isoformat() == "2026-11-22T09:30:00+08:00"
    assert (taken.amount, taken.grant, taken.reached, taken.said) == (5, False, True, "已了解\n情况")


def test_what_was_left_empty_takes_its_default() -> None:
    form = filled()
    assert set(form.payload()) == {"who", "said", "how", "lead", "when", "amount", "grant", "reached"}
    assert read(Everything, form.payload()).category is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("who", "  ", "此项必填。"),
        ("said", "字" * 21, "请控制在20个字以内，现在有21个字。"),
        ("how", "letter", "请从列表中选择。"),
        ("lead", str(STRANGE), "请从列表中选择。"),
        ("co", [str(STRANGE)], "请从列表中选择。"),
        ("when", "yesterday", "请填写日期和时间。"),
        ("amount", "many", "请填写整数。"),
        ("grant", "", "此项必填。"),
        ("into", "123", "没有找到这个编号的事项，或者您无权查看，请核对15位编号。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(name: str, value: object, sentence: str) -> None:
    form = filled(**{name: value})
    assert form.errors[name] == [sentence]
    assert form["said"].value() == form.data["said"]


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = filled()
    form.refuse(Refused("in_future", "不能晚于现在。", field="when"))
    form.refuse(Refused("co_open", "还有协办没有反馈。"))
    form.refuse(Refused("strange", "别处的事。", field="elsewhere"))
    assert form.errors["when"] == ["不能晚于现在。"]
    assert form.non_field_errors() == ["还有协办没有反馈。", "别处的事。"]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG")
    return out.getvalue()


def test_files_are_looked_into() -> None:
    form_class = action_form(None, files={FILES: "照片"})
    good = MultiValueDict({FILES: [SimpleUploadedFile("灯.jpg", picture())]})
    form = form_class(query(), good)
    assert form.is_valid()
    assert [upload.name for upload in form.uploads()] == ["灯.jpg"]
    bad = form_class(query(), MultiValueDict({FILES: [SimpleUploadedFile("灯.jpg", b"not a picture")]}))
    assert not bad.is_valid()
    assert bad.errors[FILES][0].startswith("灯.jpg：")


def test_a_single_listed_reason_is_chosen_already() -> None:
    class Waive(msgspec.Struct):
        reason: Annotated[UUID, Ask("理由", choose=Choose.REASON, reasons="waive")]

    form = action_form(Waive, choices_for=lambda name, ask: ORGANS[:1])()
    assert form["reason"].initial == str(ORGANS[0][0])
