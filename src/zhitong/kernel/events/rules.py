"""How an event is turned into bytes and chained."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from zhitong.base import hashing

SHANGHAI = ZoneInfo("Asia/Shanghai")
_AS_THEY_ARE = frozenset((int, bool, type(None)))


def bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of ``day`` in Asia/Shanghai and of the day after."""
    return datetime.combine(day, time(), SHANGHAI), datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def plain(value: Any) -> Any:
    """JSON-ready copy of ``value``: the same before it is stored and after it is read back."""
    kind = type(value)  # nearly all there is comes first
    if kind in _AS_THEY_ARE:
        return value
    if kind is str:
        return value.replace("\x00", "") if "\x00" in value else value
    if kind is UUID:
        return str(value)
    if kind is dict or isinstance(value, Mapping):
        return {_key(k): v if type(v) is str and "\x00" not in v else plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (int, str)):
        return value.replace("\x00", "") if isinstance(value, str) else value
    if isinstance(value, float):
        return round(value, 7) + 0.0  # no negative zero: JSON in PostgreSQL has none
    return str(value)


def _key(key: Any) -> str:
    return str(key).replace("\x00", "")


def moment(at: datetime) -> str:
    """UTC with microseconds, the one spelling used in hashes."""
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def content(
    *,
    stream: UUID,
    stream_kind: str,
    seq: int,
    kind: str,
    at: datetime,
    by: tuple[UUID | None, UUID | None, str],
    data: bytes,
) -> bytes:
    """Canonical bytes of one event: a list, the last of which is ``data``, which comes in its canonical bytes."""
    account, post, label = by
    head = [str(stream), stream_kind, seq, kind, moment(at), str(account or ""), str(post or ""), label]
    return hashing.canonical(head)[:-1] + b"," + data + b"]"


def seal_hash(prev: bytes | None, day: str, count: int, root: bytes) -> bytes:
    """Hash of a day's seal: chained to the seal before it."""
    return hashing.chain(prev, hashing.canonical([day, count, root.hex()]))
