"""Controls know their help and errors; lists can be searched by pinyin."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines

from zhitong.ui import forms as ui_forms


class Sample(forms.Form):
    name = forms.CharField(label="名称", help_text="写全称", widget=forms.TextInput(attrs={"class": "mine"}))
    text = forms.CharField(widget=forms.Textarea, required=False)
    organ = forms.ChoiceField(choices=[("", ""), ("1", "七里街道")], widget=ui_forms.SearchSelect, required=False)
    tree = forms.ChoiceField(choices=[("1", "市政 / 路灯")], widget=ui_forms.CascadeSelect, required=False)
    many = forms.MultipleChoiceField(choices=[("1", "甲")], widget=ui_forms.SearchSelectMultiple, required=False)
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple, required=False)
    agreed = forms.BooleanField(required=False)
    on = forms.DateField(widget=ui_forms.DateInput, required=False)
    at = forms.DateTimeField(widget=ui_forms.MomentInput, required=False)
    photos = ui_forms.FilesField(widget=ui_forms.PhotosInput, required=False, most=2)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def field(name: str, **values: str) -> str:
    form = Sample(values) if values else Sample()
    return str(engines["jinja2"].env.globals["ui"].field(form[name]))


def test_label_help_and_error_are_tied_to_the_control():
    html = field("name", kind="a")
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'class="form-control mine is-invalid"' in html
    assert 'aria-invalid="true"' in html
    assert "此项必填。" in html


def test_only_what_may_be_left_out_is_marked():
    assert "zt-required" in field("name")
    assert "选填" in field("text")
    assert "选填" not in field("name")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", 'rows="4"'),
        ("organ", 'data-pinyin="qilijiedao qljd"'),
        ("organ", "data-search"),
        ("tree", 'data-cascade=" / "'),
        ("many", "multiple"),
        ("on", 'type="date"'),
        ("at", 'type="datetime-local"'),
        ("agreed", 'class="form-check-input"'),
        ("photos", "data-photo-picker"),
        ("photos", 'accept="image/*"'),
        ("token", 'type="hidden"'),
    ],
)
def test_each_kind_is_drawn(name, expected):
    assert expected in field(name)


def test_a_group_has_a_legend_and_keeps_what_was_chosen():
    html = field("kind", kind="b")
    assert "<legend" in html
    assert 'value="b" id="id_kind_1" checked' in html
    assert "required" in html
    assert "required" not in field("boxes")


def test_the_list_of_problems_leads_to_the_fields():
    form = Sample({"kind": "zzz"})
    form.add_error(None, "整张表有误。")
    problems = ui_forms.form_problems(form)
    assert ("id_name", "名称", "此项必填。") in problems
    assert ("", "", "整张表有误。") in problems
    html = str(engines["jinja2"].env.globals["ui"].form_errors(form))
    assert 'href="#id_name"' in html
    assert 'role="alert"' in html
    assert str(engines["jinja2"].env.globals["ui"].form_errors(Sample())).strip() == ""


def upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x", "image/jpeg")


def test_files_clean_to_a_list():
    cleaned = ui_forms.FilesField(required=False, most=2)
    assert cleaned.clean([]) == []
    assert cleaned.clean(None) == []
    assert [file.name for file in cleaned.clean([upload("a.jpg"), upload("b.jpg")])] == ["a.jpg", "b.jpg"]
    with pytest.raises(forms.ValidationError, match="最多上传2个文件"):
        cleaned.clean([upload("a"), upload("b"), upload("c")])
    with pytest.raises(forms.ValidationError):
        ui_forms.FilesField().clean([])


def test_fields_in_order_and_all_but_some():
    ui = engines["jinja2"].env.globals["ui"]
    html = str(ui.form_fields(Sample(), only=["text", "name"]))
    assert html.index("id_name") < html.index("id_text")
    assert "id_organ" not in html
    assert "id_name" not in str(ui.form_fields(Sample(), **{"except": ["name"]}))
