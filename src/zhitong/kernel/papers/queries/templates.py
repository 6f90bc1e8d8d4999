"""Which template a paper is made from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from uuid import UUID

from django.db.models import Q

from zhitong.kernel.events.public import Kept

from ..choices import Origin
from ..models import Template
from ..rules import PAPERS


@dataclass(frozen=True, slots=True)
class Version:
    """A template by its key; the content is read when something is made of it."""

    id: UUID
    number: int
    digest: bytes
    is_current: bool


def _build() -> Mapping[tuple[str, bytes | None], Version]:
    """By paper and digest those that shipped; under no digest what the district chose."""
    found: dict[tuple[str, bytes | None], Version] = {}
    rows = Template.objects.filter(Q(is_current=True) | Q(origin=Origin.SUPPLIED)).defer("content")
    for row in rows:
        version = Version(row.pk, row.number, bytes(row.digest), row.is_current)
        found[row.paper, version.digest] = version
        if row.is_current:
            found[row.paper, None] = version
    return found


_kept: Kept[Mapping[tuple[str, bytes | None], Version]] = Kept("papers", _build)


@cache
def supplied(slug: str) -> tuple[bytes, bytes]:
    """The template that ships, and its SHA-256."""
    content = PAPERS[slug].supplied()
    return content, hashlib.sha256(content).digest()


def chosen(slug: str) -> Version | None:
    """The district's choice; None where the supplied one is in force."""
    return _kept.get().get((slug, None))


def in_force(slug: str) -> Version | None:
    """What a paper is made from now: the district's choice, else the supplied one; None before that has a row."""
    known = _kept.get()
    return known.get((slug, None)) or known.get((slug, supplied(slug)[1]))


@lru_cache(maxsize=32)
def content_of(template_id: UUID) -> bytes:
    """The Word file of a template.  Raises DoesNotExist."""
    return bytes(Template.objects.only("content").get(pk=template_id).content)


def versions(slug: str) -> list[Template]:
    """All that were ever stored of a paper, the newest first, without their content."""
    return list(Template.objects.filter(paper=slug).defer("content").order_by("-number"))
