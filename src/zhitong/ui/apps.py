from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "zhitong.ui"
    label = "ui"

    def ready(self) -> None:
        """Say what Django's own fields say more briefly, on all pages."""
        from django import forms

        forms.Field.default_error_messages["required"] = _("此项必填。")
        for field in (forms.ChoiceField, forms.TypedChoiceField, forms.ModelChoiceField):
            field.default_error_messages = field.default_error_messages | {"invalid_choice": _("请从列表中选择。")}
