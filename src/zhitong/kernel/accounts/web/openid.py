"""Authlib's client of the provider.  Loaded when the provider is first asked: half a second at start-up that most do not need."""

from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from joserfc.errors import JoseError

SECONDS = 10
# What it raises when the provider cannot be reached, or says what it should not.
TROUBLE = (requests.RequestException, AuthlibBaseError, JoseError, ValueError)


@lru_cache(maxsize=2)
def _client(issuer: str, client_id: str, secret: str, scope: str) -> Any:
    return OAuth().register(
        "provider", client_id=client_id, client_secret=secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "timeout": SECONDS},
    )  # fmt: skip


def client() -> Any:
    """It asks the provider for its addresses and keys when they are first needed."""
    return _client(
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_SCOPE
    )  # fmt: skip
