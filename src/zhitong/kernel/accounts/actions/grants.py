"""Roles as data, and which posts hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.events.public import Happening, record, record_many

from .. import rules
from ..choices import Scope
from ..models import Grant, Role
from ..permissions import Actor, DefaultRole, declared_permissions, default_roles

_ROLE_FIELDS = ("name", "name_en", "permissions", "description", "needs_second_factor", "sort")


def _declared(permissions: Iterable[str]) -> list[str]:
    wanted = sorted(set(permissions))
    known = {permission.slug for permission in declared_permissions()}
    if unknown := [slug for slug in wanted if slug not in known]:
        raise Refused("unknown_permission", _("没有这些权限：%s") % ", ".join(unknown), "permissions")
    return wanted


def _tell_role(kind: str, role: Role, *, by: Actor, at: datetime, is_first: bool = False, **data: Any) -> None:
    data = {"slug": role.slug, **data}
    record(f"role.{kind}", role.pk, stream_kind="role", at=at, by=by, data=data, is_first=is_first)


@transaction.atomic
def create_role(
    *, slug: str, name: str, permissions: Iterable[str], by: Actor, at: datetime, name_en: str = "", **fields: Any
) -> Role:
    """A new role; ``permissions`` must have been declared.  Needs ``accounts.manage`` for the whole district."""
    by.demand_everywhere("accounts.manage")
    if Role.objects.filter(slug=slug).exists():
        raise Conflict("role_exists", _("该角色代号已存在，请换一个。"), "slug")
    role = Role(slug=slug, name=clean(name), name_en=clean(name_en), permissions=_declared(permissions), **fields)
    role.save(force_insert=True)
    _tell_role("created", role, by=by, at=at, is_first=True, permissions=role.permissions)
    return role


@transaction.atomic
def change_role(role_id: UUID, *, by: Actor, at: datetime, **fields: Any) -> Role:
    """Change a role's name, permissions or demands; takes effect with each holder's next request."""
    by.demand_everywhere("accounts.manage")
    if unknown := fields.keys() - set(_ROLE_FIELDS):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    role = Role.objects.select_for_update().get(pk=role_id)
    if "permissions" in fields:
        fields["permissions"] = _declared(fields["permissions"])
    changed = rules.changes({name: getattr(role, name) for name in fields}, fields)
    if changed:
        for name, value in fields.items():
            setattr(role, name, value)
        role.save(update_fields=list(changed))
        _tell_role("changed", role, by=by, at=at, changes=changed)
    return role


@transaction.atomic
def load_default_roles(*, by: Actor, at: datetime) -> int:
    """Create the roles that ship and hand new default permissions to those that exist; how many roles changed.

    What an administrator has taken away from a role is not given back.  Safe to run at every start.
    """
    existing = {role.slug: role for role in Role.objects.select_for_update()}
    return sum(_load(default, existing, by, at) for default in default_roles())


def _load(default: DefaultRole, existing: dict[str, Role], by: Actor, at: datetime) -> bool:
    role = existing.get(default.slug)
    if role is None:
        names = {"name": default.name, "name_en": default.name_en, "description": default.description}
        offered = sorted(default.permissions)
        role = Role.objects.create(slug=default.slug, permissions=offered, offered=offered, sort=default.sort, **names)
        _tell_role("created", role, by=by, at=at, is_first=True, permissions=offered)
        return True
    permissions, offered = rules.merge_permissions(role.permissions, role.offered, default.permissions)
    if offered == sorted(role.offered):
        return False
    changed = rules.changes({"permissions": role.permissions}, {"permissions": permissions})
    role.permissions, role.offered = permissions, offered
    role.save(update_fields=["permissions", "offered"])
    _tell_role("changed", role, by=by, at=at, changes=changed)
    return True


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be given to a post.  ``organ_id`` and ``division_id`` override the post's own."""

    post_id: UUID
    role: str
    scope: str
    valid_from: date
    valid_to: date | None = None
    organ_id: UUID | None = None
    division_id: UUID | None = None


def grant_role(*, by: Actor, at: datetime, **grant: Any) -> Grant:
    """Give one post one role (the fields of ``NewGrant``); see ``grant_many``."""
    return grant_many([NewGrant(**grant)], by=by, at=at)[0]


@transaction.atomic
def grant_many(wanted: Sequence[NewGrant], *, by: Actor, at: datetime) -> list[Grant]:
    """Give posts roles; a handful of queries for any number.  Granting the same twice is a ``Conflict``.

    Needs ``accounts.manage`` for the whole district.
    """
    by.demand_everywhere("accounts.manage")
    roles = Role.objects.in_bulk({new.role for new in wanted}, field_name="slug")
    grants = [_new(new, roles) for new in wanted]
    try:
        with transaction.atomic():
            Grant.objects.bulk_create(grants)
    except IntegrityError as error:
        raise Conflict("granted", _("该岗位已有相同授权。")) from error
    _demand_areas(grants)
    record_many([_given(grant, by, at) for grant in grants])
    return grants


def _new(new: NewGrant, roles: dict[str, Role]) -> Grant:
    if new.role not in roles:
        raise NotFound("role", _("没有这个角色。"), "role")
    if new.scope not in Scope.values:
        raise Refused("scope", _("请选择授权范围。"), "scope")
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        raise Refused("dates", _("失效日期须晚于生效日期。"), "valid_to")
    return Grant(**{**asdict(new), "role": roles[new.role]})


def _given(grant: Grant, by: Actor, at: datetime) -> Happening:
    names = ("post_id", "scope", "organ_id", "division_id", "valid_from", "valid_to")
    data = {"role": grant.role.slug, **{name: getattr(grant, name) for name in names}}
    return Happening("grant.given", grant.pk, "grant", at, by, data, is_first=True)


def _demand_areas(grants: Iterable[Grant]) -> None:
    """A division scope without any division would silently reach nothing."""
    doubtful = [grant.pk for grant in grants if grant.scope == Scope.DIVISION and grant.division_id is None]
    nowhere = Grant.objects.filter(pk__in=doubtful, post__division__isnull=True, post__organ__division__isnull=True)
    if doubtful and nowhere.exists():
        raise Refused("division", _("该岗位没有所在辖区，请指定辖区。"), "division")


@transaction.atomic
def end_grant(grant_id: UUID, *, on: date, by: Actor, at: datetime) -> Grant:
    """Let a grant end on the day ``on`` (no longer valid on that day); one that had not begun is removed."""
    by.demand_everywhere("accounts.manage")
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    if on <= grant.valid_from:
        grant.delete()
    else:
        grant.valid_to = on
        grant.save(update_fields=["valid_to"])
    record("grant.ended", grant_id, stream_kind="grant", at=at, by=by, data={"on": on})
    return grant
