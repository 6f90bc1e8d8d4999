"""What a form looks up or shows: tables and pictures put beside a draft of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import check_upload

from ..models import Media, Version
from ..permissions import DESIGN
from ..rules.xform import needed

CSV = "text/csv"
LARGEST = 5_000_000  # bytes


@transaction.atomic
def add_media(version_id: UUID, files: Sequence[tuple[str, bytes]], *, by: Actor, at: datetime) -> list[str]:
    """Put files beside a draft, each under the name by which its form asks for it; one that is there is replaced.  The names.

    ``Refused`` for a file the form does not ask for, or that is no table and no picture; ``Conflict`` once it is published.
    """
    by.demand(DESIGN)
    version = Version.objects.select_for_update().filter(pk=version_id).defer("workbook", "itemsets").first()
    if version is None:
        raise NotFound("no_version", _("没有这个版本。"))
    if version.published_at is not None:
        raise Conflict("published", _("已发布的版本不能再改，请上传新版本。"))
    wanted, names = needed(version.xform), []
    for said, content in files:
        name = PurePath(said.replace("\\", "/")).name
        if name not in wanted:
            raise Refused("not_wanted", _("表单里没有用到“%(name)s”，请核对文件名。") % {"name": name[:120]}, "files")
        media_type, kept = _looked_at(name, wanted[name], content)
        Media.objects.update_or_create(
            version=version, asked_as=name[:120], defaults={"media_type": media_type, "content": kept}
        )
        names.append(name)
    record("surveys.form.media", version.form_id, stream_kind="survey_form", at=at, by=by,
           data={"number": version.number, "files": names})  # fmt: skip
    return names


def _looked_at(name: str, sort: str, content: bytes) -> tuple[str, bytes]:
    """What it is, and its content as it is kept: tables in UTF-8, pictures without what a camera adds."""
    if len(content) > LARGEST:
        raise Refused("too_large", _("文件太大，最多 5 MB。"), "files")
    if sort == "images":
        upload = check_upload(name, content)
        return upload.media_type, upload.content
    if not name.lower().endswith(".csv"):
        raise Refused("media_kind", _("只能附 CSV 表和图片，“%(name)s”不行。") % {"name": name[:120]}, "files")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return CSV, content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise Refused("bad_table", _("读不出“%(name)s”，请另存为 UTF-8 编码的 CSV。") % {"name": name[:120]}, "files")
