"""Files that were looked at and wait for their sender to say yes: one of each page and session, for a day at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7

FOLDER = "imports"
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was tried: what it is called, what is in it, and what was said beside it."""

    name: str
    content: bytes
    said: Mapping[str, Any]


def keep_waiting(request: HttpRequest, page: str, tried: Waiting) -> None:
    """Put aside what was tried on a page, instead of what was tried there before.  ``said`` is kept as JSON."""
    drop_waiting(request, page)
    stored = default_storage.save(f"{FOLDER}/{uuid7()}", ContentFile(tried.content))
    request.session[page] = {"stored": stored, "name": tried.name[:200], "said": dict(tried.said)}


def waiting_file(request: HttpRequest, page: str) -> Waiting:
    """What was tried on a page; ``Refused`` where nothing waits any more."""
    kept = request.session.get(page)
    if not kept or not default_storage.exists(kept["stored"]):
        raise Refused("nothing_waits", _("没有待确认的文件，可能已经导入，请重新上传。"), "file")
    with default_storage.open(kept["stored"]) as file:
        return Waiting(kept["name"], file.read(), kept.get("said", {}))


def drop_waiting(request: HttpRequest, page: str) -> None:
    """Remove what waits on a page."""
    if kept := request.session.pop(page, None):
        default_storage.delete(kept["stored"])


def sweep_waiting() -> None:
    """Remove what was left lying for more than a day."""
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - KEPT
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}").astimezone(UTC) < oldest:
            default_storage.delete(f"{FOLDER}/{name}")
