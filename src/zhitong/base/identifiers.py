"""Identifiers: row keys in order of time, numbers people read out, codes people keep secret."""

import os
import secrets
import threading
import time
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

_COUNTER_BITS = 42
_TAIL_BITS = 32
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L
SERIALS_PER_DAY = 999_999
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


class _Clock:
    """Millisecond and counter of the last identifier given out by this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.millis = 0
        self.counter = 0

    def tick(self) -> tuple[int, int]:
        """The next (millisecond, counter), always above the one before, also when the machine's clock goes back."""
        now = time.time_ns() // 1_000_000
        with self.lock:
            if now > self.millis:
                self.millis, self.counter = now, secrets.randbits(_COUNTER_BITS - 1)
            else:
                self.counter += 1
                if self.counter >> _COUNTER_BITS:
                    self.millis, self.counter = self.millis + 1, secrets.randbits(_COUNTER_BITS - 1)
            return self.millis, self.counter


_clock = _Clock()
_calls = count(secrets.randbits(_COUNTER_BITS - 1))


def uuid_of(said: object) -> UUID | None:
    """The id that somebody wrote; None for anything else."""
    try:
        return UUID(str(said))
    except ValueError:
        return None


def page_of(said: str) -> int:
    """The number of a page that somebody wrote, at most 100,000; 1 for anything else."""
    return max(1, min(int(said), 100_000)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562, method 1): 48 bits of milliseconds, 42 bits of counter, 32 random bits.

    Strictly increasing within a process, across threads.
    """
    return _uuid7(*_clock.tick())


def uuid7_at(moment: datetime) -> UUID:
    """One that stands in order where ``moment`` does: for what is written down later than it happened.

    Within one millisecond of a process the order is that of the calls.  Moments before 1970 count as its first.
    """
    return _uuid7(max(millis_of(moment), 0), next(_calls) & (1 << _COUNTER_BITS) - 1)


def millis_of(moment: datetime) -> int:
    """Whole milliseconds since 1970, exactly: as a float some moments fall into the millisecond before."""
    return (moment - EPOCH) // MILLISECOND


def _uuid7(millis: int, counter: int) -> UUID:
    high, low = counter >> 30, counter & 0x3FFF_FFFF
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << _TAIL_BITS
    return UUID(int=value | int.from_bytes(os.urandom(_TAIL_BITS // 8)))


def _check_digit(digits: str) -> int:
    """Check digit of ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def matter_number(on: date, serial: int) -> str:
    """The number of a matter: 8 digits of date, 6 of serial, 1 check digit (ISO 7064 MOD 11,10).

    The check digit finds every single wrong digit and nearly every exchange of two neighbours.
    Raises ValueError when the serial is not within 1..999999.
    """
    if not 1 <= serial <= SERIALS_PER_DAY:
        raise ValueError("serial must be within 1..999999")
    digits = f"{on:%Y%m%d}{serial:06d}"
    return digits + str(_check_digit(digits))


def check_number(text: str) -> bool:
    """Whether ``text`` has the form and the check digit of a matter's number."""
    if len(text) != 15 or not (text.isascii() and text.isdigit()):
        return False
    return str(_check_digit(text[:-1])) == text[-1]


def tracking_code() -> str:
    """Eight letters and digits that are not mistaken for one another; 31^8, from the system's random source."""
    return tracking_code_from(secrets.token_bytes(16))


def tracking_code_from(digest: bytes, length: int = 8) -> str:
    """A code of the same form that follows from ``digest``: for a sender who must be able to show it once more.

    The digest must be a keyed one, and of something that nobody can guess.
    """
    return _letters(digest, length)


def check_code() -> str:
    """Twelve of the same letters and digits; 31^12 = 7.9 × 10^17: enough where no number stands beside the code."""
    return _letters(secrets.token_bytes(24), 12)


def _letters(digest: bytes, places: int) -> str:
    number = int.from_bytes(digest)
    return "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(places))
