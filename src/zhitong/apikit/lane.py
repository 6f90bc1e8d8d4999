"""The fast lane: requests that wait at the same moment are carried out together, in one transaction.

A lane only ever gives the answer of a request that went well.  Whatever is not plain (a wrong token, a body that does not
fit, a row that is refused, a database that is gone) is left to the ordinary operation of the same address, which does it
again by itself and says what was wrong.  The key under which it was tried goes along, so that nothing is done twice.
"""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

import msgspec
from django.db import Error, connection
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, Bearer, admit
from zhitong.kernel.events.public import is_away, one_view

from .door import Needs, demand
from .idempotency import of_token

log = logging.getLogger("zhitong.api")
KEY = re.compile(r"[\x21-\x7e]{8,200}")
LOOK_AGAIN = 1.0  # seconds: how late a process may notice that a token was revoked
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the secret of its token, the key under which it is carried out once, its body."""

    secret: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Lane:
    """An operation that may be carried out for many at once.

    ``read(sent, key)`` makes of a body what ``write(things, by, at)`` takes, or None where it is not plain.  ``write`` does all
    or nothing, in one transaction, and gives the answers in order.
    """

    path: str
    needs: Needs
    sent: type[BaseModel]
    read: Callable[[Any, str], Any]
    write: Callable[[Sequence[Any], Actor, datetime], Sequence[BaseModel]]
    status: int = 201


def carry(lane: Lane, asked: Sequence[Asked]) -> list[bytes | None]:
    """The body of each answer; None where the ordinary way must answer.  Everything that is answered is committed."""
    answers: list[bytes | None] = [None] * len(asked)
    by_secret: dict[str, list[int]] = {}
    for place, one in enumerate(asked):
        by_secret.setdefault(one.secret, []).append(place)
    for secret, places in by_secret.items():
        try:
            bearer = _admitted(secret)
            demand(bearer, lane.needs, uses=len(places))
            things = [(place, thing) for place in places if (thing := _thing(lane, bearer, asked[place])) is not None]
            with one_view():  # whether what is kept in memory is still true is asked once for all of them
                written = list(_written(lane, things, bearer.actor))
            for place, answer in written:
                answers[place] = answer
        except Refused:
            continue
        except Error as error:
            told = "the fast lane goes the ordinary way: %s", str(error).strip()
            log.warning(*told) if is_away(error) else log.exception(*told)
            connection.close()
    return answers


_kept: dict[str, tuple[float, Bearer]] = {}


def _admitted(secret: str) -> Bearer:
    """Who stands behind a secret, looked up at most once in ``LOOK_AGAIN``."""
    looked, bearer = _kept.get(secret, (0.0, None))
    if bearer is None or monotonic() - looked > LOOK_AGAIN:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept.pop(secret, None)
        bearer = admit(secret, at=timezone.now())
        _kept[secret] = (monotonic(), bearer)
    return bearer


def forget() -> None:
    """Look every token up again; for tests."""
    _kept.clear()


def _thing(lane: Lane, bearer: Bearer, asked: Asked) -> Any:
    if not KEY.fullmatch(asked.key):
        return None
    try:
        return lane.read(lane.sent.model_validate(msgspec.json.decode(asked.body)), of_token(bearer, asked.key))
    except (msgspec.DecodeError, UnicodeDecodeError, ValidationError, Refused):
        return None


def _written(lane: Lane, things: Sequence[tuple[int, Any]], by: Actor) -> Iterable[tuple[int, bytes]]:
    """Write all; when that fails, each half by itself, so that a bad row harms nobody but itself."""
    if not things:
        return []
    try:
        told = lane.write([thing for _place, thing in things], by, timezone.now())
    except Exception as error:
        if is_away(error):
            raise  # nobody knows whether it was committed: the keys will tell
        if len(things) == 1:
            return []  # the ordinary way says what is wrong
        middle = len(things) // 2
        return [*_written(lane, things[:middle], by), *_written(lane, things[middle:], by)]
    return [(place, one.model_dump_json().encode()) for (place, _thing), one in zip(things, told, strict=True)]
