"""Reads: who an account is today, and which accounts sit on a post."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhitong.kernel.organisation.public import Appointment, Post, organs_within

from .choices import ActorKind, Scope
from .models import AccessToken, Account, Grant, RecoveryCode, Role, SecondFactor
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


# A grant as it is read: its own columns and those of its role, its post and that post's organ.
_ORGAN, _POST_DIVISION, _ORGAN_DIVISION = "post__organ_id", "post__division_id", "post__organ__division_id"


def _grant_columns(prefix: str = "") -> dict[str, Any]:
    return {
        "slug": F(f"{prefix}role__slug"),
        "permissions": F(f"{prefix}role__permissions"),
        "second_factor": F(f"{prefix}role__needs_second_factor"),
        "in_organ": Coalesce(f"{prefix}organ_id", _ORGAN),
        "in_division": Coalesce(f"{prefix}division_id", _POST_DIVISION, _ORGAN_DIVISION),
    }


def _held(staff_id: UUID, on: date) -> tuple[list[Seat], list[Any]]:
    """The posts of a person on that day (regular before deputising, head first, then the oldest), and the grants through
    them.  One query."""
    rows = Appointment.objects.filter(_valid(on), _valid(on, "post__"), staff=staff_id)
    rows = rows.annotate(held=FilteredRelation("post__grants", condition=_valid(on, "post__grants__")))
    found = list(
        rows.order_by("is_deputy", "-post__is_head", "valid_from", "id").values(
            "post_id", "post__title", "post__organ_id", "post__organ__name", sort=F("held__role__sort"),
            grant=F("held__id"), scope=F("held__scope"), **_grant_columns("held__"),
        )
    )  # fmt: skip
    seats = (Seat(row["post_id"], row["post__title"], row["post__organ_id"], row["post__organ__name"]) for row in found)
    grants = {row["grant"]: row for row in found if row["grant"]}
    return list(dict.fromkeys(seats)), sorted(grants.values(), key=lambda row: (row["sort"], row["grant"]))


def _grant_rows(post_id: UUID, on: date) -> Sequence[Any]:
    rows = Grant.objects.filter(_valid(on), post=post_id).order_by("role__sort", "id")
    return list(rows.values("scope", "post_id", **_grant_columns()))


def _granted(row: Any, below: dict[UUID, frozenset[UUID]]) -> Granted:
    organ = row["in_organ"]
    return Granted(
        permissions=frozenset(row["permissions"]),
        scope=row["scope"],
        role=row["slug"],
        post_id=row["post_id"],
        organ_id=organ,
        organ_ids=below.get(organ, frozenset({organ})),
        division_id=row["in_division"],
    )


def _grants(rows: Sequence[Any]) -> list[Granted]:
    below = {organ: organs_within(organ) for organ in {row["in_organ"] for row in rows if row["scope"] == Scope.ORGAN}}
    return [_granted(row, below) for row in rows]


def _setup_grant() -> Granted:
    """The administrator's role for the whole district; as it ships where the roles have not been loaded yet."""
    stored = Role.objects.filter(slug=SETUP_ROLE).values_list("permissions", flat=True).first()
    shipped = next(role.permissions for role in default_roles() if role.slug == SETUP_ROLE)
    return Granted(frozenset(shipped if stored is None else stored), Scope.ALL, SETUP_ROLE)


def actor_for(account: Account, on: date | None = None, tracked: frozenset[UUID] = frozenset()) -> Actor:
    """``account`` as an actor with everything its posts give it on that day (today when not given).

    One query, and a look whether the tree of organs still holds.  A switched-off account has no grants at all.
    """
    on = on or timezone.localdate()
    seats, rows = _held(account.staff_id, on) if account.is_active and account.staff_id else ([], [])
    grants = _grants(rows)
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
        grants=tuple(_grants(_grant_rows(post.pk, on) if post.is_valid_on(on) else [])),
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


def holders_of(permission: str, organ_id: UUID | None = None, on: date | None = None) -> list[UUID]:
    """Accounts that hold ``permission`` today; with ``organ_id`` only through posts of that very organ, and not those who
    may see nothing there but what they handle themselves."""
    on = on or timezone.localdate()
    granted = Grant.objects.filter(_valid(on), role__permissions__contains=[permission])
    if organ_id is not None:
        granted = granted.filter(Q(organ=organ_id) | Q(organ__isnull=True, post__organ=organ_id))
        granted = granted.exclude(scope=Scope.OWN)
    accounts = accounts_of_posts(granted.values_list("post_id", flat=True), on)
    return list(dict.fromkeys(account for found in accounts.values() for account in found))


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
