"""Answers Django's questions about passwords and, for the admin site, about permissions."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone

from ..models import Account
from ..queries import may_administer, with_posts


class AccountBackend(BaseBackend):
    """Signs accounts in by name and password; tells the admin site what their roles allow."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        """The account, when the password is right and it is switched on.

        An unknown name costs as much time as a wrong password, so that names cannot be told apart by the clock.
        """
        if username is None or password is None:
            return None
        try:
            account = Account.objects.get_by_natural_key(username)
        except Account.DoesNotExist:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, as long as it is switched on, with everything its posts give it.  One query."""
        accounts = Account.objects.filter(pk=user_id, is_active=True).select_related("staff")
        return with_posts(accounts, timezone.localdate()).first()

    def has_perm(self, user_obj: Any, perm: str, obj: object = None) -> bool:
        """Whether the admin site shows or changes rows of the component ``perm`` begins with."""
        return isinstance(user_obj, Account) and may_administer(user_obj, perm)
