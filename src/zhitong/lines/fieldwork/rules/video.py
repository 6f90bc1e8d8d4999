"""Addresses of video rooms on plain values: the district's template and a room that nobody can guess."""

import secrets
from urllib.parse import urlsplit

ROOM = "{room}"
ROOM_BYTES = 16  # 128 bits: guessing one is hopeless
MOST_TEMPLATE = 300


def is_template(text: str) -> bool:
    """Whether it is the address of an https page with one place for the room, behind the host."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' <>"\\')
    fits = len(text) <= MOST_TEMPLATE and text.count(ROOM) == 1 and ROOM not in parts.netloc
    return is_plain and fits and parts.scheme == "https" and bool(host) and "@" not in parts.netloc


def new_address(template: str) -> str:
    """The address of a room that was never used; small letters and digits, as every system of rooms takes them."""
    return template.replace(ROOM, secrets.token_hex(ROOM_BYTES))
