"""Accounts: the first administrator, and the roles that ship."""

import click


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
