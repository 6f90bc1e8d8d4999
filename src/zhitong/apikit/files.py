"""Files that were sent ahead of what they belong to."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import MOST_FILES, Upload, taken_up


def taken(tickets: Sequence[str]) -> list[Upload]:
    """The files behind the tickets that ``POST /files`` gave; Refused when one has run out after a day, or is none."""
    found = [taken_up(ticket) for ticket in tickets]
    if not all(found):
        raise Refused("unknown_file", _("有文件不存在或已超过一天，请重新上传。"), field="files")
    uploads = [upload for several in found for upload in several]
    if len(uploads) > MOST_FILES:
        raise Refused("too_many_files", _("一次最多上传9个文件。"), field="files")
    return uploads
