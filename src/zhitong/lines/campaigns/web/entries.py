"""What is entered about drives on the phone, without network."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.ui.public import PlacedEntryForm, RefusableForm, photos_field

LONGEST = 40


def _text() -> forms.CharField:
    return forms.CharField(label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class TickForm(RefusableForm):
    """A target moved on, or only noted; ``version`` is the stage that was seen.  Stages go by their names, which a drive has once."""

    target = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(max_length=LONGEST, widget=forms.HiddenInput)
    stage = forms.CharField(label=_("推进到"), required=False, max_length=LONGEST, widget=forms.Select)
    photos = photos_field(_("处置前照片"))
    after = photos_field(_("处置后照片"))
    text = _text()


class FoundForm(PlacedEntryForm):
    """What is found on the spot."""

    drive = forms.UUIDField(widget=forms.HiddenInput)
    sort = forms.CharField(label=_("问题类型"), required=False, max_length=LONGEST, widget=forms.Select)
    photos = photos_field(_("处置前照片"))
    name = forms.CharField(label=_("对象名称"), max_length=120, error_messages={"required": _("请填写对象名称。")})
    address = forms.CharField(label=_("地点"), required=False, max_length=200)
    text = _text()
