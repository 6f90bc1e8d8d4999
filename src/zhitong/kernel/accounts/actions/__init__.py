"""The only writers of accounts."""

from .accounts import (
    NewAccount,
    change_account,
    change_password,
    create_account,
    create_accounts,
    remember_language,
    reset_password,
    set_active,
)
from .grants import (
    NewGrant,
    change_role,
    create_role,
    end_grant,
    grant_many,
    grant_role,
    load_default_roles,
)
from .rates import TooMany, forget_rates, limit_rate
from .second_factor import (
    add_second_factor,
    check_second_factor,
    new_recovery_codes,
    new_secret,
    remove_second_factor,
    rotate_second_factors,
    secret_address,
)
from .sign_in import record_lock_out, record_sign_in, record_sign_out, sign_in_persona, unlock
from .tokens import Bearer, Issued, NotKnown, admit, make_token, revoke_token, rotate_token

__all__ = [
    "Bearer",
    "Issued",
    "NewAccount",
    "NewGrant",
    "NotKnown",
    "TooMany",
    "add_second_factor",
    "admit",
    "change_account",
    "change_password",
    "change_role",
    "check_second_factor",
    "create_account",
    "create_accounts",
    "create_role",
    "end_grant",
    "forget_rates",
    "grant_many",
    "grant_role",
    "limit_rate",
    "load_default_roles",
    "make_token",
    "new_recovery_codes",
    "new_secret",
    "record_lock_out",
    "record_sign_in",
    "record_sign_out",
    "remember_language",
    "remove_second_factor",
    "reset_password",
    "revoke_token",
    "rotate_second_factors",
    "rotate_token",
    "secret_address",
    "set_active",
    "sign_in_persona",
    "unlock",
]
