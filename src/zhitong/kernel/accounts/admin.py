"""Accounts, roles and grants in the admin site; every write goes through an action."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as _groups  # noqa: F401  registers Group, taken off again below
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused

from . import actions
from .models import Account, Grant, Role
from .permissions import declared_permissions
from .web.protection import actor_of
from .web.views import admin_password, admin_sign_in, sign_out

# The site's own pages know neither lock-out nor second factor nor the log.
admin.site.login = admin_sign_in  # type: ignore[method-assign]
admin.site.logout = sign_out  # type: ignore[method-assign,assignment]
admin.site.password_change = admin_password  # type: ignore[method-assign,assignment]
# Django's groups give nobody anything here: roles and grants do.
admin.site.unregister(Group)


class ThroughActions(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tries the action in the form's own validation, so that a refusal is shown beside its field."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: rows are switched off or ended, so that the past stays readable."""
        return False

    def act(self, form: "forms.ModelForm[Any]", request: HttpRequest, change: bool) -> Any:
        """Carry out the action and return the row."""
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the action inside its validation."""
        base = super().get_form(request, obj, change=change, **kwargs)
        act = self.act

        class ActingForm(base):  # type: ignore[misc,valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                if self.errors:
                    return
                try:
                    self.acted = act(self, request, change)
                except Refused as error:
                    field = error.field if error.field in self.fields else None
                    self.add_error(field, ValidationError(str(error)))

        return ActingForm

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the action has written already."""
        return form.acted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the action has saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: there are no inlines."""


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account; the password only when opening it."""

    password = forms.CharField(
        label=_("初始密码"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=_("首次登录时须修改；不填则暂不能用密码登录。"),
    )

    class Meta:
        model = Account
        fields = (
            "username",
            "staff",
            "is_staff",
            "is_superuser",
            "is_demo_persona",
            "description",
            "description_en",
        )

    def clean_username(self) -> str:
        """In the spelling that is stored."""
        return Account.objects.normalize_username(self.cleaned_data["username"])


@admin.register(Account)
class AccountAdmin(ThroughActions):
    """People who sign in."""

    form = AccountForm
    list_display = ("username", "staff", "is_active", "is_staff", "has_second_factor", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_demo_persona")
    list_select_related = ("staff", "second_factor")
    search_fields = ("username", "staff__name", "staff__staff_no", "staff__spelling")
    autocomplete_fields = ("staff",)
    ordering = ("username",)
    actions = ("switch_on", "switch_off", "reset_passwords", "unlock", "remove_second_factors")

    @admin.display(boolean=True, description=_("动态口令"))
    def has_second_factor(self, account: Account) -> bool:
        """Whether one is in force."""
        return hasattr(account, "second_factor")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The password is set here only when opening the account."""
        fields = list(AccountForm.Meta.fields)
        return fields if obj else [fields[0], "password", *fields[1:]]

    def act(self, form: "forms.ModelForm[Any]", request: HttpRequest, change: bool) -> Account:
        """Open or change the account."""
        values = {name: form.cleaned_data[name] for name in AccountForm.Meta.fields if name != "staff"}
        staff = form.cleaned_data.get("staff")
        values["staff_id"] = staff.pk if staff else None
        by, at = actor_of(request), timezone.now()
        if change:
            return actions.change_account(form.instance.pk, by=by, at=at, **values)
        return actions.create_account(by=by, at=at, password=form.cleaned_data.get("password") or None, **values)

    @admin.action(description=_("启用所选账号"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """Switch accounts on."""
        self._each(request, queryset, lambda pk, by, at: actions.set_active(pk, True, by=by, at=at))

    @admin.action(description=_("停用所选账号"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """Switch accounts off; open sessions end."""
        self._each(request, queryset, lambda pk, by, at: actions.set_active(pk, False, by=by, at=at))

    @admin.action(description=_("解除所选账号的登录锁定"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """Let people try again at once after too many wrong passwords."""
        self._each(request, queryset, lambda pk, by, at: actions.unlock(pk, by=by, at=at))

    @admin.action(description=_("停用所选账号的动态口令（手机遗失）"))
    def remove_second_factors(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """For lost phones."""
        self._each(request, queryset, lambda pk, by, at: actions.remove_second_factor(pk, by=by, at=at))

    @admin.action(description=_("重置所选账号的密码"))
    def reset_passwords(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """Give each a random password, shown once."""

        def reset(pk: Any, by: Any, at: Any) -> None:
            password = actions.reset_password(pk, by=by, at=at)
            name = Account.objects.values_list("username", flat=True).get(pk=pk)
            text = _("账号“%(name)s”的新密码：%(password)s（只显示一次，首次登录须修改）")
            messages.warning(request, text % {"name": name, "password": password})

        self._each(request, queryset, reset)

    def _each(self, request: HttpRequest, queryset: QuerySet[Account], act: Any) -> None:
        for account in queryset:
            try:
                act(account.pk, actor_of(request), timezone.now())
            except Refused as error:
                messages.error(request, f"{account.username}: {error}")


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role, its permissions as check boxes."""

    permissions = forms.MultipleChoiceField(
        label=_("权限"), required=False, widget=forms.CheckboxSelectMultiple, choices=lambda: _choices()
    )

    class Meta:
        model = Role
        fields = ("slug", "name", "name_en", "description", "needs_second_factor", "sort", "permissions")


def _choices() -> list[tuple[str, str]]:
    return [(permission.slug, str(permission.label)) for permission in declared_permissions()]


@admin.register(Role)
class RoleAdmin(ThroughActions):
    """What roles may do."""

    form = RoleForm
    fields = RoleForm.Meta.fields
    list_display = ("name", "slug", "needs_second_factor", "description")
    search_fields = ("slug", "name", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A slug is never renamed once stored."""
        return ("slug",) if obj else ()

    def act(self, form: "forms.ModelForm[Any]", request: HttpRequest, change: bool) -> Role:
        """Create or change the role."""
        by, at = actor_of(request), timezone.now()
        values = {name: form.cleaned_data[name] for name in RoleForm.Meta.fields if name in form.cleaned_data}
        if change:
            return actions.change_role(form.instance.pk, by=by, at=at, **values)
        return actions.create_role(by=by, at=at, **values)


@admin.register(Grant)
class GrantAdmin(ThroughActions):
    """Which posts hold which roles.  A grant is ended and given anew, not changed."""

    list_display = ("post", "role", "scope", "organ", "division", "valid_from", "valid_to")
    list_filter = ("role", "scope")
    list_select_related = ("post__organ", "role", "organ", "division")
    search_fields = ("post__title", "post__organ__name", "post__organ__spelling", "role__name")
    autocomplete_fields = ("post", "organ", "division")
    fields = ("post", "role", "scope", "organ", "division", "valid_from", "valid_to")
    ordering = ("-valid_from", "-id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only the last day of an existing grant can be set."""
        return [name for name in self.fields if name != "valid_to"] if obj else ()

    def act(self, form: "forms.ModelForm[Any]", request: HttpRequest, change: bool) -> Grant:
        """Give the role, or let the grant end."""
        by, at, data = actor_of(request), timezone.now(), form.cleaned_data
        if change:
            if data["valid_to"] is None:
                raise Refused("valid_to", _("请填写失效日期；如需变更授权，请终止后重新授权。"), "valid_to")
            return actions.end_grant(form.instance.pk, on=data["valid_to"], by=by, at=at)
        places = {f"{name}_id": data[name].pk if data[name] else None for name in ("organ", "division")}
        return actions.grant_role(
            by=by,
            at=at,
            post_id=data["post"].pk,
            role=data["role"].slug,
            scope=data["scope"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            **places,
        )
