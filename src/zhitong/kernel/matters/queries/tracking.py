"""Tracking codes: what is kept of them, and the matter that somebody shows one for."""

import hashlib
import hmac

from django.conf import settings

from zhitong.base.identifiers import check_number, tracking_code_from
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import keyring

from ..models import Matter

PLACE = "matters_matter.tracking"
NOTHING = b"\x00" * 20


def _plain(code: str) -> str:
    return "".join(clean(code).upper().split())[:64]


def tracking_digest(code: str) -> bytes:
    """What is kept of a tracking code."""
    return keyring().blind(_plain(code), PLACE)


def form_key(place: str, key: str) -> str:
    """Under which the key of a form is kept (``Opening.key``); ``place`` keeps the forms of one line from those of another."""
    return f"{place}:{hashlib.sha256(key.encode()).hexdigest()[:48]}"


def form_code(place: str, key: str) -> str:
    """The tracking code that follows from the key of a form, so that whoever sends it once more is shown the same; kept nowhere."""
    return tracking_code_from(hmac.new(settings.SECRET_KEY.encode(), f"{place} {key}".encode(), "sha256").digest())


def find_tracked(kind: str, number: str, code: str) -> Matter | None:
    """The matter of that number, of that kind ("" for any), when ``code`` is its tracking code; None does not say which of the two was wrong.

    A number that does not exist costs the same comparisons as one that does.
    """
    digits = "".join(c for c in clean(number) if c in "0123456789")
    rows = Matter.objects.filter(kind=kind) if kind else Matter.objects.all()
    matter = rows.filter(number=digits).first() if check_number(digits) else None
    kept = bytes(matter.tracking) if matter and matter.tracking else NOTHING
    fits = [hmac.compare_digest(kept, digest) for digest in keyring().blinds(_plain(code), PLACE)]
    return matter if any(fits) else None
