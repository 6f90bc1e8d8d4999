"""Reads: who an account is today, and which accounts sit on a post."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, FilteredRelation, JSONField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from zhitong.kernel.events.public import Kept, one_view
from zhitong.kernel.organisation.public import Appointment, Post, organs_within

from .choices import ActorKind, Scope
from .models import AccessToken, Account, Grant, RecoveryCode, Role, SecondFactor, keyring
from .permissions import Actor, Granted, default_roles

# A superuser sets the district up; it does not read what residents wrote unless a post of its own gives it that.
SETUP_ROLE = "administrator"


class Seat(NamedTuple):
    """A post held today."""

    post_id: UUID
    title: str
    organ_id: UUID
    organ_name: str


def _valid(on: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    )


def _held(staff: Any, on: date) -> QuerySet[Appointment, Any]:
    """The posts of a person on that day (regular before deputising, head first, then the oldest), each with each grant
    through it, as JSON: so that they can come along with the account itself."""
    grant = FilteredRelation("post__grants", condition=_valid(on, "post__grants__"))
    rows = Appointment.objects.filter(_valid(on), _valid(on, "post__"), staff=staff).annotate(held=grant)
    ordered = rows.order_by("is_deputy", "-post__is_head", "valid_from", "id")
    return ordered.annotate(told=_told("held__")).values_list("told", flat=True)


def _told(grant: str = "") -> JSONObject:
    """A post and a grant through it; ``grant`` leads to the grant."""
    return JSONObject(
        post=F("post"), title=F("post__title"), organ=F("post__organ"), organ_name=F("post__organ__name"),
        grant=F(f"{grant}id"), sort=F(f"{grant}role__sort"), scope=F(f"{grant}scope"), role=F(f"{grant}role__slug"),
        permissions=F(f"{grant}role__permissions"), second_factor=F(f"{grant}role__needs_second_factor"),
        in_organ=Coalesce(f"{grant}organ", "post__organ"),
        in_division=Coalesce(f"{grant}division", "post__division", "post__organ__division"),
    )  # fmt: skip


def with_posts(accounts: QuerySet[Account], on: date) -> QuerySet[Account]:
    """Accounts with their posts and grants of that day, which `actor_for` then need not ask for."""
    statement, values = _held_by_account()
    held = RawSQL(statement, [on if value == _DAY else value for value in values], _HELD)
    return accounts.annotate(held=held, held_on=Value(on))


_DAY, _HELD = date.min, ArrayField(JSONField())


@cache
def _held_by_account() -> tuple[str, Sequence[Any]]:
    """``_held`` of each account, for ``_DAY``: with every request the query builder would take longer over it than PostgreSQL does."""
    staff = RawSQL(f'"{Account._meta.db_table}"."staff_id"', ())
    statement, values = _held(staff, _DAY).query.sql_with_params()
    return f"ARRAY({statement})", values


def _known(account: Account, on: date) -> Sequence[Mapping[str, Any]]:
    if not account.is_active or account.staff_id is None:
        return []
    if getattr(account, "held_on", None) == on:
        return account.held  # type: ignore[attr-defined, no-any-return]
    return list(_held(account.staff_id, on))


def _of_post(post_id: UUID, on: date) -> Sequence[Mapping[str, Any]]:
    return list(Grant.objects.filter(_valid(on), post=post_id).annotate(told=_told()).values_list("told", flat=True))


def _seats(rows: Iterable[Mapping[str, Any]]) -> list[Seat]:
    found = (Seat(UUID(row["post"]), row["title"], UUID(row["organ"]), row["organ_name"]) for row in rows)
    return list(dict.fromkeys(found))


def _grants(rows: Iterable[Mapping[str, Any]]) -> list[Granted]:
    """Each grant once, by the order of its role."""
    found = {row["grant"]: row for row in rows if row["grant"]}
    return [_granted(row) for row in sorted(found.values(), key=lambda row: (row["sort"], row["grant"]))]


def _granted(row: Mapping[str, Any]) -> Granted:
    organ, division = UUID(row["in_organ"]), row["in_division"]
    return Granted(
        permissions=frozenset(row["permissions"]),
        scope=row["scope"],
        role=row["role"],
        post_id=UUID(row["post"]),
        organ_id=organ,
        organ_ids=organs_within(organ) if row["scope"] == Scope.ORGAN else frozenset({organ}),
        division_id=UUID(division) if division else None,
    )


def _setup_grant() -> Granted:
    """The administrator's role for the whole district; as it ships where the roles have not been loaded yet."""
    stored = Role.objects.filter(slug=SETUP_ROLE).values_list("permissions", flat=True).first()
    shipped = next(role.permissions for role in default_roles() if role.slug == SETUP_ROLE)
    return Granted(frozenset(shipped if stored is None else stored), Scope.ALL, SETUP_ROLE)


def actor_for(account: Account, on: date | None = None, tracked: frozenset[UUID] = frozenset()) -> Actor:
    """``account`` as an actor with everything its posts give it on that day (today when not given).

    One query, none for an account read `with_posts`, and a look whether the tree of organs still holds.  A switched-off
    account has no grants at all.
    """
    on = on or timezone.localdate()
    rows = _known(account, on)
    seats, grants = _seats(rows), _grants(rows)
    if account.is_active and account.is_superuser:
        grants.append(_setup_grant())
    return Actor(
        kind=ActorKind.STAFF,
        label=_label(account, seats),
        account_id=account.pk,
        staff_id=account.staff_id,
        post_id=seats[0].post_id if seats else None,
        grants=tuple(grants),
        tracked=tracked,
        post_ids=frozenset(seat.post_id for seat in seats),
        post_organ_ids=frozenset(seat.organ_id for seat in seats),
        must_add_second_factor=any(row["second_factor"] for row in rows),
    )


def actors_of(accounts: QuerySet[Account], on: date | None = None) -> list[Actor]:
    """Each as an actor, in their order; one query for any number."""
    on = on or timezone.localdate()
    with one_view():
        return [actor_for(account, on) for account in with_posts(accounts, on)]


def actor_of_token(token: AccessToken, on: date) -> Actor:
    """Another system as an actor with everything its post gives it on that day; two queries.

    ``token`` comes with its post and organ.  ``account_id`` is the token's own id: it is what the log and what it opened
    are known by, so that a grant for own work reaches what this very system has opened.
    """
    return actor_of_post(token.post, name=token.name, system_id=token.pk, on=on)


def actor_of_post(post: Post, *, name: str, system_id: UUID, on: date) -> Actor:
    """Another system that stands for a post, with everything the post gives it on that day.  ``post`` comes with its organ."""
    return Actor(
        kind=ActorKind.INTEGRATION,
        label=f"{name}（{post.organ.name} {post.title}）"[:120],
        account_id=system_id,
        post_id=post.pk,
        grants=tuple(_grants(_of_post(post.pk, on) if post.is_valid_on(on) else [])),
        post_ids=frozenset({post.pk}),
        post_organ_ids=frozenset({post.organ_id}),
    )


def account_of_provider(value: str, *, by: str) -> Account | None:
    """The account that a provider has signed in: by its sign-in name, or by the number of its staff (``staff_no``).

    Nobody whose account is switched off, and no superuser: a provider of identities does not hand out that right.
    """
    rows = Account.objects.filter(is_active=True, is_superuser=False)
    if by == "staff_no":
        return rows.filter(staff__staff_no=value).first()
    return rows.filter(username=Account.objects.normalize_username(value)).first()


def tokens() -> QuerySet[AccessToken]:
    """Every token with its post and its secrets, the newest first; those in force before those revoked."""
    rows = AccessToken.objects.select_related("post__organ").prefetch_related("secrets")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-id")


def _label(account: Account, seats: list[Seat]) -> str:
    name = account.staff.name if account.staff else account.username
    if seats:
        name = f"{name}（{seats[0].organ_name} {seats[0].title}）"
    return name[:120]


def accounts_of_posts(post_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, list[UUID]]:
    """The accounts that sit on each post on that day: whom to notify.  One query for any number of posts."""
    on = on or timezone.localdate()
    rows = (
        Account.objects.filter(
            _valid(on, "staff__appointments__"), staff__appointments__post__in=list(post_ids), is_active=True
        )
        .order_by("staff__appointments__valid_from", "id")
        .values_list("staff__appointments__post_id", "id")
    )
    found: dict[UUID, list[UUID]] = {}
    for post_id, account_id in rows:
        found.setdefault(post_id, []).append(account_id)
    return found


def account_of_staff(staff_id: UUID) -> UUID | None:
    """The account with which somebody of the staff signs in, if there is one and it is switched on."""
    return Account.objects.filter(staff=staff_id, is_active=True).values_list("pk", flat=True).first()


def holders_of(permission: str, organ_id: UUID | None = None, on: date | None = None) -> list[UUID]:
    """Accounts that hold ``permission`` today; with ``organ_id`` only through posts of that very organ, and not those who
    may see nothing there but what they handle themselves."""
    return list(_holders.get(permission, organ_id, on or timezone.localdate()))


def _holding(permission: str, organ_id: UUID | None, on: date) -> Sequence[UUID]:
    granted = Grant.objects.filter(_valid(on), role__permissions__contains=[permission])
    if organ_id is not None:
        granted = granted.filter(Q(organ=organ_id) | Q(organ__isnull=True, post__organ=organ_id))
        granted = granted.exclude(scope=Scope.OWN)
    accounts = accounts_of_posts(granted.values_list("post_id", flat=True), on)
    return tuple(dict.fromkeys(account for found in accounts.values() for account in found))


_holders = Kept("holders", _holding, most=1000)


def sealing_keys(account_id: UUID, place: str) -> list[str]:
    """With which a browser seals what it keeps for an account at that place: the same after every sign-in, the first seals, all open."""
    return [b64encode(sha256(one).digest()).decode() for one in keyring().blinds(str(account_id), place)]


def demo_personas() -> QuerySet[Account]:
    """Accounts shown on the sign-in page of a demonstration, in the order in which they were opened."""
    return Account.objects.filter(is_demo_persona=True, is_active=True).select_related("staff").order_by("pk")


def address_of(channel: str, account_id: UUID | None, _contact_id: UUID | None) -> str | None:
    """Where a notice reaches the person of an account: the address book of accounts for the outbox."""
    fields = {"email": "staff__email", "sms": "staff__phone"}
    if account_id is None or channel not in fields:
        return None
    row = Account.objects.filter(pk=account_id, is_active=True).values_list(fields[channel], flat=True).first()
    return row or None


# Which permission opens a component in the admin site; components not named here are settings.
_ADMIN = {name: f"{name}.manage" for name in ("accounts", "organisation", "territory")} | {"axes": "accounts.manage"}


def may_administer(account: Account, perm: str) -> bool:
    """Whether the account may use the admin pages of the component that ``perm`` ("component.verb_model") names.

    Django's admin knows no scopes, so that only a grant for the whole district counts.
    """
    component = perm.partition(".")[0]
    wanted = _ADMIN.get(component, "settings.manage")
    if not hasattr(account, "_actor"):
        account._actor = actor_for(account)  # type: ignore[attr-defined]
    return bool(account._actor.may_everywhere(wanted))  # type: ignore[attr-defined]


def has_second_factor(account_id: UUID) -> bool:
    """Whether a second factor is in force for the account."""
    return SecondFactor.objects.filter(pk=account_id).exists()


def recovery_codes_left(account_id: UUID) -> int:
    """How many recovery codes are still unused."""
    return RecoveryCode.objects.filter(account=account_id, used_at=None).count()
