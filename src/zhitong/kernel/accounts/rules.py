"""Pure rules of accounts."""

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Mapping

USERNAME = re.compile(r"[a-z0-9_一-鿿][a-z0-9_.\-@一-鿿]{1,63}")


_NO_SIGN = re.compile(r"[^a-z0-9_.\-@一-鿿]+")


def as_username(text: str) -> str:
    """``text`` as a sign-in name: in lower case, with a hyphen for what it may not hold; "" becomes ``user``."""
    name = _NO_SIGN.sub("-", text.strip().lower()).strip("-.@")[:64]
    return name if is_username(name) else f"user-{name}"[:64].rstrip("-")


def is_username(text: str) -> bool:
    """2 to 64 letters, digits, Chinese characters or ``_.-@``, in lower case, not beginning with a sign."""
    return USERNAME.fullmatch(text) is not None


def merge_permissions(
    current: Iterable[str], offered: Iterable[str], defaults: Iterable[str]
) -> tuple[list[str], list[str]]:
    """New (permissions, offered) of a role when the shipped defaults are loaded again.

    A default that was offered before is left as the administrator has it; only new ones are added.
    """
    current, offered = set(current), set(offered)
    new = set(defaults) - offered
    return sorted(current | new), sorted(offered | new)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """The fields that differ, each as [before, after]; what an event keeps of an edit."""
    return {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}


def client_address(remote: str, forwarded: str, trusted_proxies: int) -> str:
    """The address a request came from, given how many proxies of ours stand in front.

    ``forwarded`` is X-Forwarded-For: each trusted proxy appended the address it saw, so the right one is the n-th from
    the right; with no trusted proxy the header is ignored because anybody can write it.  Of an IPv6 address only the network
    counts (/64): whoever has one has all addresses in it.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()] if trusted_proxies > 0 else []
    return _network(hops[-trusted_proxies] if hops and len(hops) >= trusted_proxies else remote)


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((known.packed, 64), strict=False).network_address)


TOKEN_MARK, TOKEN_LETTERS, PREFIX_LETTERS = "zt_", 40, 11


def token_digest(secret: str) -> bytes:
    """What is kept of a token's secret.  No salt and no slow hash: it is 238 random bits, not a password."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def token_prefix(secret: str) -> str:
    """The part of a secret that may be shown, so that two can be told apart."""
    return secret[:PREFIX_LETTERS]
