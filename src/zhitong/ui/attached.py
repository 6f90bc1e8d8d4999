"""Files that belong to a matter, as ``ui.attachments`` draws them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from zhitong.kernel.matters.public import Attachment


def file_rows(
    files: Iterable[Attachment], href: Callable[[Attachment], str], preview: Callable[[Attachment], str] | None = None
) -> list[dict[str, Any]]:
    """Each file with its address and that of its small picture: ``href`` with ``?small`` unless ``preview`` says where."""
    small = preview or (lambda one: f"{href(one)}?small")
    return [
        {
            "name": one.name, "url": href(one), "preview": small(one) if one.has_preview else None,
            "type": one.media_type, "size": one.size,
        }
        for one in files
    ]  # fmt: skip


def desk_rows(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """The same for those who have signed in."""
    return file_rows(
        files,
        lambda one: reverse("portal:file", args=[one.pk]),
        lambda one: reverse("portal:file_preview", args=[one.pk]),
    )
