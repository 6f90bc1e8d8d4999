"""Accounts: the first administrator, the roles that ship, and the tokens of other systems."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from .territory import Group

if TYPE_CHECKING:
    from zhitong.kernel.accounts.public import AccessToken, Actor


@click.group()
def accounts() -> None:
    """People who sign in, and roles."""


@accounts.command("load-roles")
def load_roles() -> None:
    """Create the roles that ship, and hand new default permissions to those that exist.

    What an administrator took away from a role is not given back.
    """
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor, load_default_roles

    changed = load_default_roles(by=Actor.system("zhitong accounts load-roles"), at=timezone.now())
    click.echo(f"{changed} roles changed")


@accounts.command("create-administrator")
@click.argument("username")
@click.password_option(envvar="ZHITONG_ADMIN_PASSWORD")
def create_administrator(username: str, password: str) -> None:
    """Open an account that may set up everything; for the first one, and for getting back in."""
    from django.utils import timezone

    from zhitong.base.errors import Refused
    from zhitong.kernel.accounts.public import Actor, create_account

    try:
        create_account(
            username=username,
            password=password,
            is_staff=True,
            is_superuser=True,
            must_change_password=False,
            by=Actor.system("zhitong accounts create-administrator"),
            at=timezone.now(),
        )
    except Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username} may sign in at /accounts/sign-in/ and set up the district at /admin/")


@accounts.group(cls=Group)
def token() -> None:
    """Let other systems in: make, list, rotate and revoke tokens."""


def _days(days: int | None) -> datetime | None:
    from django.utils import timezone

    return timezone.now() + timedelta(days=days) if days is not None else None


def _by() -> "Actor":
    from zhitong.kernel.accounts.public import Actor

    return Actor.system("zhitong accounts token")


def _named(name: str) -> "AccessToken":
    """The token in force with that name."""
    from zhitong.kernel.accounts.public import tokens

    found = tokens().filter(name=name, revoked_at=None).first()
    if found is None:
        raise click.ClickException(f"there is no token called {name!r} in force")
    return found


def _show(secret: str) -> None:
    """The secret alone on standard output, so that it can go into a file; the warning beside it."""
    click.echo("shown once; only its digest is kept:", err=True)
    click.echo(secret)


@token.command("make")
@click.argument("name")
@click.option("--organ", required=True, help="Code of the organ whose post it acts through.")
@click.option("--post", "title", required=True, help="Title of that post.")
@click.option("--scope", "scopes", multiple=True, required=True, help="read, raise, act, figures or homes; repeatable.")
@click.option("--days", type=int, help="How long it is good for; a year when not given, two at most.")
@click.option("--per-minute", type=int, default=600, show_default=True, help="How many requests are answered.")
def make(name: str, organ: str, title: str, scopes: tuple[str, ...], days: int | None, per_minute: int) -> None:
    """Make a token called NAME and print its secret."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import make_token
    from zhitong.kernel.organisation.public import Post, valid_on

    today = timezone.localdate()
    in_force = Post.objects.filter(valid_on(today), valid_on(today, "organ__"))
    post = in_force.filter(organ__code=organ, title=title).first()
    if post is None:
        there = "、".join(in_force.filter(organ__code=organ).order_by("title").values_list("title", flat=True))
        has = f"its posts are {there}" if there else "no post of such an organ is in force; codes of organs are in 单位"
        raise click.ClickException(f"organ {organ} has no post called {title!r} today: {has}")
    issued = make_token(
        name=name, post_id=post.pk, scopes=scopes, per_minute=per_minute, expires_at=_days(days), by=_by(),
        at=timezone.now(),
    )  # fmt: skip
    _show(issued.secret)


@token.command("list")
def list_tokens() -> None:
    """Every token: name, post, uses, prefix, last use, end."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import tokens

    now = timezone.now()
    for one in tokens():
        live = [s for s in one.secrets.all() if one.revoked_at is None and (s.until is None or s.until > now)]
        used = max((s.last_used_at for s in live if s.last_used_at), default=None)
        end = f"until {timezone.localdate(one.expires_at)}"
        state = "revoked" if one.revoked_at else "expired" if one.expires_at <= now else end
        prefixes = ",".join(s.prefix for s in live) or "-"
        last = f"used {timezone.localtime(used):%F %H:%M}" if used else "never used"
        click.echo(f"{one.name}\t{one.post}\t{','.join(one.scopes)}\t{prefixes}\t{last}\t{state}")


@token.command("rotate")
@click.argument("name")
@click.option("--overlap", type=int, default=7, show_default=True, help="Days for which the old secret stays good.")
@click.option("--days", type=int, help="A new end, counted from today.")
def rotate(name: str, overlap: int, days: int | None) -> None:
    """Print a new secret for the token called NAME."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import rotate_token

    issued = rotate_token(
        _named(name).pk, overlap=timedelta(days=overlap), expires_at=_days(days), by=_by(), at=timezone.now()
    )
    _show(issued.secret)


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Let nobody in with the token called NAME from the next request on."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import revoke_token

    revoke_token(_named(name).pk, by=_by(), at=timezone.now())
    click.echo(f"{name} is revoked")
