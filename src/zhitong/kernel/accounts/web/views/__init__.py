"""Pages of signing in and of the own account."""

from .own import password, second_factor, second_factor_codes, second_factor_remove
from .provider import provider_back, provider_start, signed_out
from .sign_in import admin_password, admin_sign_in, locked_out, sign_in, sign_in_as_persona, sign_in_code, sign_out

__all__ = [
    "admin_password",
    "admin_sign_in",
    "locked_out",
    "password",
    "provider_back",
    "provider_start",
    "second_factor",
    "second_factor_codes",
    "second_factor_remove",
    "sign_in",
    "sign_in_as_persona",
    "sign_in_code",
    "sign_out",
    "signed_out",
]
