"""Forms of signing in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

_LONGEST = 200


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(label=_("登录名"), max_length=_LONGEST)
    password = forms.CharField(label=_("密码"), max_length=_LONGEST, strip=False, widget=forms.PasswordInput)


class CodeForm(forms.Form):
    """The current code of the phone, or a recovery code."""

    code = forms.CharField(label=_("动态口令"), max_length=40)


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    old = forms.CharField(label=_("原密码"), max_length=_LONGEST, strip=False, widget=forms.PasswordInput)
    new = forms.CharField(label=_("新密码"), max_length=_LONGEST, strip=False, widget=forms.PasswordInput)
    again = forms.CharField(label=_("再次输入新密码"), max_length=_LONGEST, strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(str(text) for text in password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Both spellings must agree."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一致。"))
        return data
