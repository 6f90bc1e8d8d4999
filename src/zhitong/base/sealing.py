"""Personal data at rest: sealed with AES-GCM, found again through a keyed digest.

A keyring holds one or more keys of 32 bytes.  The first seals; all open, so that keys are replaced without a pause:
put the new key first, run the rotation, then drop the old one.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_ID, _NONCE = 4, 12
_HEAD = len(_VERSION) + _ID
KEY_BYTES = 32
BLIND_BYTES = 20


class Unreadable(ValueError):
    """The sealed bytes were changed, moved to another place, or sealed with a key that is no longer in the ring."""


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhitong " + purpose.encode()).derive(key)


@dataclass(frozen=True)
class _Key:
    id: bytes
    cipher: AESGCM
    blind: bytes

    @classmethod
    def of(cls, raw: bytes) -> "_Key":
        if len(raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        return cls(sha256(_derive(raw, "key id")).digest()[:_ID], AESGCM(_derive(raw, "seal")), _derive(raw, "blind"))


class Keyring:
    """Keys in order: the first seals, all open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = [_Key.of(raw) for raw in keys]

    def seal(self, text: str, place: str) -> bytes:
        """``text`` as version, key id, nonce and ciphertext, bound to ``place`` (table and column, say "t.c").

        The same text sealed twice gives different bytes.
        """
        key, nonce = self._keys[0], secrets.token_bytes(_NONCE)
        head = _VERSION + key.id
        return head + nonce + key.cipher.encrypt(nonce, text.encode(), head + place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text again; ``Unreadable`` when it was changed, moved from another place, or its key is gone."""
        sealed = bytes(sealed)
        head, nonce, body = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        for key in self._keys:
            if head == _VERSION + key.id:
                try:
                    return key.cipher.decrypt(nonce, body, head + place.encode()).decode()
                except (InvalidTag, ValueError) as error:
                    raise Unreadable("changed or moved") from error
        raise Unreadable("sealed with an unknown key")

    def is_current(self, sealed: bytes) -> bool:
        """Whether ``sealed`` was made with the first key."""
        return bytes(sealed[:_HEAD]) == _VERSION + self._keys[0].id

    def blind(self, value: str, place: str) -> bytes:
        """A keyed digest of ``value`` under the first key: equal values can be found, nothing can be read from it."""
        return self._blind(self._keys[0], value, place)

    def blinds(self, value: str, place: str) -> list[bytes]:
        """The digests under all keys: what to look for while a rotation is on its way."""
        return [self._blind(key, value, place) for key in self._keys]

    @staticmethod
    def _blind(key: _Key, value: str, place: str) -> bytes:
        return hmac.new(key.blind, f"{place}\x00{value}".encode(), sha256).digest()[:BLIND_BYTES]
