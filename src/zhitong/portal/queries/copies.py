"""What is held about somebody as a file for them: a page to read, the same as data, and the files they sent."""

import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.privacy.public import Look


def as_data(looks: Sequence[Look], at: datetime) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "made_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "held": [
            {
                "what": str(look.holding.label), "slug": look.holding.slug,
                "items": [
                    {
                        "title": one.title, "at": one.at and timezone.localtime(one.at).isoformat(timespec="seconds"),
                        "facts": [{"label": str(label), "value": value} for label, value in one.facts],
                        "files": [name for name, _path in one.files],
                    }
                    for one in look.held
                ],
            }
            for look in looks if look.held
        ],
    }  # fmt: skip


def write_copy(looks: Sequence[Look], at: datetime) -> IO[bytes]:
    """A ZIP archive on disk.  Names in it are numbered, so that nothing that was sent decides where a file is put."""
    out = tempfile.TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        data = as_data(looks, at)
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        page = render_to_string("portal/privacy/copy.html", {"data": data, "made_at": at})
        archive.writestr(_("个人信息.html"), page)
        held = [(one.title, file) for look in looks for one in look.held for file in one.files]
        for number, (title, (name, place)) in enumerate(held, start=1):
            if place.exists():
                ending = name.rpartition(".")[2]
                archive.write(place, f"files/{number:03d}-{title}.{ending}", zipfile.ZIP_STORED)
    out.seek(0)
    return out
