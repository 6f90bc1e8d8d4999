"""Codes that lead to a review: they follow from an id and the keys of the installation, and only their digests are kept.

So a receipt can show its code again, and whoever has the database alone has none.
"""

from uuid import UUID

from zhitong.base.identifiers import tracking_code_from
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import keyring

from ..rules import CODE_LENGTH

TABLET, POSTER = "tablet", "poster"
PLACE, SOURCE = "reviews_service.digest", "reviews.code"


def purpose(what: str, version: int) -> str:
    """What a code of a window is for: its tablet or its poster, anew with each version."""
    return f"{what}{version}:"


def plain(code: str) -> str:
    """As codes are compared: capitals, without spaces and dashes."""
    return "".join(clean(code).upper().replace("-", "").split())[:64]


def made(subject: UUID, purpose: str = "") -> tuple[str, bytes]:
    """The code for a thing, and the digest to be kept of it."""
    ring = keyring()
    code = tracking_code_from(ring.blind(f"{purpose}{subject}", SOURCE), CODE_LENGTH)
    return code, ring.blind(code, PLACE)


def digests(code: str) -> list[bytes]:
    """What to look for, under every key."""
    return keyring().blinds(plain(code), PLACE)


def shown(subject: UUID, digest: bytes | memoryview | None, purpose: str = "") -> str:
    """The code given out for a thing once more; "" where it has none, or its key is gone."""
    ring = keyring()
    for source in ring.blinds(f"{purpose}{subject}", SOURCE):
        code = tracking_code_from(source, CODE_LENGTH)
        if digest is not None and bytes(digest) in ring.blinds(code, PLACE):
            return code
    return ""
