"""Which addresses may be told, what they are told, and when again."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

# Three days in all.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 72_000)
)  # fmt: skip
PAUSE_AFTER, LEAST_FAILURES = timedelta(hours=24), 8
_NAT64 = ip_network("64:ff9b::/96")


def parts_of(url: str) -> tuple[str, str, int, str] | None:
    """Scheme, host, port, and path with query; None where it is no plain http or https address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and " " not in url and not parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or not is_plain:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def is_outside(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, of this machine, of its link, or anything reserved;
    also not behind an address that only wraps such a one."""
    found = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (found, *_inside(found)))


def _inside(found: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The addresses that an IPv6 address carries in it."""
    if isinstance(found, IPv4Address):
        return []
    wrapped = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    if found in _NAT64:
        wrapped.append(IPv4Address(int(found) & 0xFFFF_FFFF))
    return [one for one in wrapped if one is not None]
