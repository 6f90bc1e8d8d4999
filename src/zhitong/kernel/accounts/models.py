"""People who sign in, what roles may do, and which posts hold which roles."""

from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7
from zhitong.base.sealing import Keyring

from .choices import Scope


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> Keyring:
    return Keyring([b64decode(key) for key in keys])


def keyring() -> Keyring:
    """The keys for personal data and secrets, from ``settings.DATA_KEYS``: the first seals, all open."""
    return _ring(tuple(settings.DATA_KEYS))


class AccountManager(BaseUserManager["Account"]):
    """Sign-in names are kept in lower case, so that nobody is locked out by a capital letter."""

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """NFKC, trimmed, lower case."""
        return str(Account.normalize_username(username)).strip().lower()

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this sign-in name, whatever its capitals."""
        return self.get(username=self.normalize_username(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account; no password means that nobody can sign in with one."""
        account = self.model(username=self.normalize_username(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """The first administrator of a new installation."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser):
    """A person (or a system) that signs in.  What it may do comes from the posts of its ``staff``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(
        _("登录名"), max_length=64, unique=True, error_messages={"unique": _("该登录名已被使用，请换一个。")}
    )
    staff = models.OneToOneField(
        "organisation.Staff",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("工作人员"),
    )
    is_active = models.BooleanField(_("在用"), default=True)
    is_staff = models.BooleanField(_("可进入管理后台"), default=False)
    is_superuser = models.BooleanField(_("超级管理员"), default=False)
    language = models.CharField(_("界面语言"), max_length=10, blank=True, default="")
    must_change_password = models.BooleanField(_("下次登录须修改密码"), default=False)
    is_demo_persona = models.BooleanField(_("演示角色"), default=False)
    description = models.CharField(_("说明"), max_length=200, blank=True)
    description_en = models.CharField(_("英文说明"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("开通时间"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    personal: ClassVar[dict[str, str]] = {"username": "staff", "description": "staff", "description_en": "staff"}

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(username=Lower("username")),
                name="account_username_lower",
                violation_error_message=_("登录名请用小写字母。"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["username"], name="account_personas", condition=Q(is_demo_persona=True)),
        ]

    def __str__(self) -> str:
        return self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Asked by the admin site; answered by the permission backend from roles (``web/backend.py``)."""
        return self.is_active and any(
            backend.has_perm(self, perm) for backend in get_backends() if hasattr(backend, "has_perm")
        )

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Every one of ``perm_list``."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin site shows this component at all."""
        return self.has_perm(f"{app_label}.view")


class Role(models.Model):
    """A named bundle of permissions; data that an administrator edits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("代号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    permissions = ArrayField(models.CharField(max_length=60), verbose_name=_("权限"), default=list, blank=True)
    # Defaults already handed to this role once: what an administrator took away stays away.
    offered = ArrayField(models.CharField(max_length=60), default=list, blank=True, editable=False)
    description = models.CharField(_("说明"), max_length=200, blank=True)
    needs_second_factor = models.BooleanField(_("须启用动态口令"), default=False)
    sort = models.PositiveSmallIntegerField(_("排序"), default=100)

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("岗位角色")
        verbose_name_plural = _("岗位角色")
        ordering: ClassVar = ["sort", "slug"]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A post holds a role, within a scope, from one day to another (``valid_to`` exclusive)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(
        "organisation.Post", on_delete=models.PROTECT, related_name="grants", verbose_name=_("岗位")
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants", verbose_name=_("岗位角色"))
    scope = models.CharField(_("范围"), max_length=10, choices=Scope.choices, default=Scope.ORGAN)
    organ = models.ForeignKey(
        "organisation.Organ",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定单位"),
        help_text=_("不填即岗位所在单位。"),
    )
    division = models.ForeignKey(
        "territory.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定辖区"),
        help_text=_("不填即岗位所在辖区。"),
    )
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True, help_text=_("自当日起不再有效；不填即长期有效。"))

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="grant_ends_after_start",
                violation_error_message=_("失效日期须晚于生效日期。"),
            ),
            models.UniqueConstraint(
                fields=["post", "role", "scope", "organ", "division", "valid_from"],
                name="grant_once",
                nulls_distinct=False,
                violation_error_message=_("该岗位已有相同授权。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.role_id} {self.scope}"


class SecondFactor(models.Model):
    """The secret a phone shares with us for time-based codes (RFC 6238); a row is there once a code was right."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="second_factor")
    sealed = models.BinaryField()
    added_at = models.DateTimeField()
    # The 30-second step of the last accepted code: a code that was seen is not accepted again.
    last_step = models.BigIntegerField(default=0)

    PLACE: ClassVar[str] = "accounts_secondfactor.sealed"
    personal: ClassVar[dict[str, str]] = {"sealed": "secret"}

    def __str__(self) -> str:
        return str(self.account_id)


class RecoveryCode(models.Model):
    """A one-time way in when the phone with the second factor is lost; only a keyed digest is stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"digest": "secret"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.account_id)


class AccessToken(models.Model):
    """Another system's way in: it acts through ``post`` with the roles of that post, within ``scopes`` only.

    ``per_minute`` is how many requests a minute are answered.  It may never be without an end.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    post = models.ForeignKey("organisation.Post", models.PROTECT, related_name="tokens", verbose_name=_("岗位"))
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("用途"))
    per_minute = models.PositiveIntegerField(_("每分钟请求上限"), default=600)
    made_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(pgettext_lazy("token", "到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="token_name_once", condition=Q(revoked_at=None)),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="token_answers"),
        ]

    def __str__(self) -> str:
        return self.name


class TokenSecret(models.Model):
    """What a system shows to be let in.  Only its digest is kept: it is as random as the digest is long.

    ``until`` is set when a newer secret takes over.  ``last_used_at`` is kept to the minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token = models.ForeignKey(AccessToken, models.CASCADE, related_name="secrets")
    digest = models.BinaryField(unique=True)
    prefix = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"digest": "secret"}

    def __str__(self) -> str:
        return self.prefix


class Rate(models.Model):
    """How far a limited key has used its allowance up: the moment at which it is whole again.

    The table is unlogged: a crash forgets it, which harms nobody.  Keys are keyed digests, not addresses.
    """

    key = models.CharField(primary_key=True, max_length=100)
    free_at = models.DateTimeField(db_index=True)

    personal: ClassVar[dict[str, str]] = {}

    def __str__(self) -> str:
        return self.key
