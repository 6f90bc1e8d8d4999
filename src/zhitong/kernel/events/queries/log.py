"""Reading the log, rendering letters, verifying the chains."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from zhitong.base import hashing
from zhitong.base.moments import dated
from zhitong.base.text import in_language

from .. import rules
from ..choices import Channel
from ..models import Event, Letter, Notice, Seal


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter as declared in code: what the district's own row replaces.

    ``more(context)`` works out, when the letter is written, what must not lie in the outbox: a code, a link that carries one.
    """

    slug: str
    label: Any
    title: str
    body: str
    title_en: str
    body_en: str
    placeholders: tuple[str, ...] = ()
    more: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None


WORDINGS: dict[str, Wording] = {}


def declare_letter(wording: Wording) -> None:
    """Register a letter under its slug; declaring the same slug twice is a mistake in code."""
    if WORDINGS.setdefault(wording.slug, wording) != wording:
        raise ValueError(f"letter {wording.slug} is declared twice")


def letter(slug: str, context: dict[str, Any], language: str = "zh-hans") -> tuple[str, str]:
    """Title and body with the context filled in; an unknown placeholder becomes empty, never an error."""
    return worded(Letter.objects.filter(slug=slug).first() or WORDINGS[slug], _whole(slug, context), language)


def _whole(slug: str, context: dict[str, Any]) -> dict[str, Any]:
    """The context, with what the letter works out itself."""
    more = WORDINGS[slug].more if slug in WORDINGS else None
    return {**context, **more(context)} if more else context


def worded(row: Letter | Wording, context: dict[str, Any], language: str) -> tuple[str, str]:
    """Title and body of one wording with the context filled in, days and moments as its language writes them."""
    title = in_language(row.title, row.title_en, language)
    body = in_language(row.body, row.body_en, language)
    values = {k: "" if v is None else dated(str(v), language) for k, v in context.items()}
    return fill(title, values), fill(body, values)


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Replace ``{name}``, an unknown one by nothing; anything else in braces is left as it stands (no attribute or index access)."""
    parts: list[str] = []
    rest = text
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, brace, tail = after.partition("}")
        parts.append(before)
        if brace and name.isidentifier():
            parts.append(str(values.get(name, "")))
            rest = tail
        else:
            parts.append("{")
            rest = after
    return "".join([*parts, rest])


def render(notice: Notice, language: str = "zh-hans") -> tuple[str, str]:
    """Title and body of a notice."""
    return letter(notice.template, notice.context, language)


def render_many(notices: Sequence[Notice], language: str = "zh-hans") -> list[tuple[str, str]]:
    """Title and body of each notice, in order.  One query for any number of them."""
    own = {row.slug: row for row in Letter.objects.filter(slug__in={n.template for n in notices})}
    return [worded(own.get(n.template) or WORDINGS[n.template], n.context, language) for n in notices]


def inbox(account_id: UUID) -> QuerySet[Notice]:
    """In-app notices of one account, newest first."""
    return Notice.objects.filter(to_account=account_id, channel=Channel.IN_APP).order_by("-created_at", "-id")


def deliveries(endpoint_id: UUID) -> QuerySet[Notice]:
    """What is, was or will be sent to one endpoint of another system, newest first."""
    return Notice.objects.filter(channel=Channel.WEBHOOK, to_endpoint=endpoint_id).order_by("-id")


def stream(stream_id: UUID) -> QuerySet[Event]:
    """Everything that happened to one thing, in order."""
    return Event.objects.filter(stream=stream_id).order_by("seq")


def verify() -> Iterator[str]:
    """Each break in a chain or a seal as one sentence; nothing when all is sound.  Reads the log once, in flat memory."""
    yield from _verify_streams()
    yield from _verify_seals()


def _verify_streams() -> Iterator[str]:
    current: UUID | None = None
    seq, digest = 0, None
    for event in Event.objects.order_by("stream", "seq").iterator(chunk_size=5000):
        if event.stream != current:
            current, seq, digest = event.stream, 0, None
        by = (event.by_account, event.by_post, event.by_label)
        content = rules.content(
            stream=event.stream, stream_kind=event.stream_kind, seq=event.seq, kind=event.kind, at=event.at, by=by,
            data=hashing.canonical(event.data),
        )  # fmt: skip
        prev = bytes(event.prev) if event.prev is not None else None
        if event.seq != seq + 1:
            yield f"stream {event.stream}: number {seq + 1} is missing before {event.seq}"
        elif prev != digest:
            yield f"stream {event.stream}: number {event.seq} does not follow from the one before"
        elif bytes(event.hash) != hashing.chain(prev, content):
            yield f"stream {event.stream}: number {event.seq} was changed"
        seq, digest = event.seq, bytes(event.hash)


def _verify_seals() -> Iterator[str]:
    """Every seal against the events of its books, in one pass over them."""
    prev: bytes | None = None
    rows = Event.objects.order_by("book", "id").values_list("book", "hash").iterator(chunk_size=5000)
    row = next(rows, None)
    for seal in Seal.objects.order_by("number"):
        hashes: list[bytes] = []
        while row and row[0] <= seal.number:
            hashes.append(bytes(row[1]))
            row = next(rows, None)
        root = hashing.merkle_root(hashes)
        if len(hashes) != seal.count or root != bytes(seal.root):
            yield f"day {seal.day}: {len(hashes)} events do not match the seal over {seal.count}"
        if bytes(seal.hash) != rules.seal_hash(prev, seal.day.isoformat(), seal.count, bytes(seal.root)):
            yield f"day {seal.day}: the seal does not follow from the one before"
        prev = bytes(seal.hash)
