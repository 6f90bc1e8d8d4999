"""Hashes that anybody can compute again: canonical bytes, a chain, a Merkle root."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

_NO_PREVIOUS = bytes(32)
_spell = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical(data: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, UTF-8.  ValueError for NaN and infinities."""
    return _spell(data).encode()


def chain(prev: bytes | None, content: bytes) -> bytes:
    """SHA-256 over the previous hash (32 zero bytes for the first) followed by ``content``."""
    return hashlib.sha256((prev or _NO_PREVIOUS) + content).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root of the Merkle tree over ``leaves`` in this order, as in RFC 6962 section 2.1.

    Leaves and inner nodes are hashed with different prefixes, so that no list passes for another.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0]
