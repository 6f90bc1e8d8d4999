"""Who acts, with which grants, and the register of permissions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed

from .choices import ActorKind, Scope

NOWHERE = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Granted:
    """One grant as it stands today: ``permissions`` within ``scope``, held through a post.

    ``organ_ids`` is the organ and every organ below it; ``division_id`` is the top of the division scope.
    """

    permissions: frozenset[str]
    scope: str = Scope.ALL
    role: str = ""
    post_id: UUID | None = None
    organ_id: UUID | None = None
    organ_ids: frozenset[UUID] = frozenset()
    division_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Whoever acts: staff through posts, a resident through what the browser has tracked, or a machine.

    ``post_id`` is the main post (written into events); ``grants`` covers every post held today.
    ``tracked`` are the ids of the matters a resident has shown the tracking code of.
    """

    kind: str
    label: str
    account_id: UUID | None = None
    staff_id: UUID | None = None
    post_id: UUID | None = None
    grants: tuple[Granted, ...] = ()
    tracked: frozenset[UUID] = frozenset()
    post_ids: frozenset[UUID] = frozenset()
    post_organ_ids: frozenset[UUID] = frozenset()
    must_add_second_factor: bool = field(default=False, compare=False)

    @classmethod
    def system(cls, label: str) -> "Actor":
        """Trusted code of this installation: may do anything; ``label`` says which part of it acted."""
        return cls(kind=ActorKind.SYSTEM, label=label)

    @classmethod
    def resident(cls, tracked: Iterable[UUID] = (), label: str = "居民") -> "Actor":
        """Somebody without an account."""
        return cls(kind=ActorKind.RESIDENT, label=label, tracked=frozenset(tracked))

    @classmethod
    def integration(cls, label: str, permissions: Iterable[str], account_id: UUID | None = None) -> "Actor":
        """Another system, with exactly these permissions everywhere."""
        granted = Granted(permissions=frozenset(permissions))
        return cls(kind=ActorKind.INTEGRATION, label=label, account_id=account_id, grants=(granted,))

    @property
    def is_staff(self) -> bool:
        """A signed-in official."""
        return self.kind == ActorKind.STAFF

    @property
    def is_resident(self) -> bool:
        """Somebody without an account."""
        return self.kind == ActorKind.RESIDENT

    @property
    def is_system(self) -> bool:
        """Code of this installation."""
        return self.kind == ActorKind.SYSTEM

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything held in any scope (for menus; not for rows)."""
        if self.is_system:
            return frozenset(_permissions)
        return frozenset(slug for granted in self.grants for slug in granted.permissions)

    @cached_property
    def organ_ids(self) -> frozenset[UUID]:
        """The organs of all posts, without the organs below them."""
        return self.post_organ_ids | {granted.organ_id for granted in self.grants if granted.organ_id}

    def may(self, permission: str) -> bool:
        """Whether ``permission`` is held in any scope at all."""
        return self.is_system or permission in self.permissions

    def grants_for(self, permission: str) -> list[Granted]:
        """The grants that give ``permission``; for the system one that reaches everywhere."""
        if self.is_system:
            return [Granted(permissions=frozenset({permission}))]
        return [granted for granted in self.grants if permission in granted.permissions]

    def may_everywhere(self, permission: str) -> bool:
        """Whether ``permission`` is held for the whole district."""
        return any(granted.scope == Scope.ALL for granted in self.grants_for(permission))

    def demand(self, permission: str) -> None:
        """Raise ``NotAllowed`` unless ``permission`` is held in some scope."""
        if not self.may(permission):
            raise NotAllowed("not_allowed", _("您没有办理此事的权限，请联系本单位管理员。"))

    def demand_everywhere(self, permission: str) -> None:
        """Raise ``NotAllowed`` unless ``permission`` is held for the whole district."""
        if not self.may_everywhere(permission):
            raise NotAllowed("not_allowed", _("您没有办理此事的权限，请联系本单位管理员。"))


def scope_q(
    grants: Iterable[Granted],
    *,
    organ: Callable[[frozenset[UUID]], Q],
    division: Callable[[UUID], Q],
    own: Callable[[Granted], Q],
) -> Q:
    """One condition for the rows that any of ``grants`` reaches; no grants reach nothing.

    ``organ`` gets organ ids (own and below), ``division`` the id at the top of the reached subtree, ``own`` the
    whole grant.  Grants of the same reach are asked once.  Example::

        scope_q(
            actor.grants_for("matters.view"),
            organ=lambda ids: Q(tasks__organ__in=ids),
            division=lambda top: Q(division_path__contains=[top]),
            own=lambda granted: Q(tasks__handler=actor.staff_id),
        )
    """
    grants = list(grants)
    if any(granted.scope == Scope.ALL for granted in grants):
        return Q()
    condition = NOWHERE
    for part in _parts(grants, organ, division, own):
        condition = part if condition is NOWHERE else condition | part
    return condition


def _parts(
    grants: list[Granted],
    organ: Callable[[frozenset[UUID]], Q],
    division: Callable[[UUID], Q],
    own: Callable[[Granted], Q],
) -> Iterator[Q]:
    for top in {granted.division_id for granted in grants if granted.scope == Scope.DIVISION and granted.division_id}:
        yield division(top)
    organs = frozenset(i for granted in grants if granted.scope == Scope.ORGAN for i in granted.organ_ids)
    if organs:
        yield organ(organs)
    yield from (own(granted) for granted in grants if granted.scope == Scope.OWN)


@dataclass(frozen=True, slots=True)
class Permission:
    """A declared permission; ``roles`` are the default roles that hold it."""

    slug: str
    label: object
    roles: tuple[str, ...] = ()


_permissions: dict[str, Permission] = {}


def declare_permission(slug: str, label: object, *, roles: Iterable[str] = ()) -> None:
    """Tell the kernel of a permission.  ``label`` is a lazily translated string shown in the role's check boxes.

    ``roles`` names default roles that shall hold it.  Declaring a slug twice is an error.
    """
    if slug in _permissions:
        raise ValueError(f"permission {slug} is declared twice")
    _permissions[slug] = Permission(slug, label, tuple(roles))


def declared_permissions() -> list[Permission]:
    """All permissions, by slug."""
    return sorted(_permissions.values(), key=lambda permission: permission.slug)


@dataclass(frozen=True, slots=True)
class DefaultRole:
    """A role that ships; written into the table by ``actions.load_default_roles``."""

    slug: str
    name: str
    name_en: str
    permissions: frozenset[str] = frozenset()
    description: str = ""
    sort: int = 100


_roles: dict[str, DefaultRole] = {}


def declare_role(
    slug: str, name: str, name_en: str, permissions: Iterable[str] = (), *, description: str = "", sort: int = 100
) -> None:
    """Tell the kernel of a role that ships.  Components add to it through ``declare_permission(roles=…)``."""
    if slug in _roles:
        raise ValueError(f"role {slug} is declared twice")
    _roles[slug] = DefaultRole(slug, name, name_en, frozenset(permissions), description, sort)


def default_roles() -> list[DefaultRole]:
    """The roles that ship, each with its own permissions, as far as declared, and those that ask to be in it."""
    return [replace(role, permissions=_shipped(role)) for role in _roles.values()]


def _shipped(role: DefaultRole) -> frozenset[str]:
    return frozenset(slug for slug, p in _permissions.items() if slug in role.permissions or role.slug in p.roles)
