"""What papers look like: the district uploads a Word file, looks at what comes of it, and puts it in force."""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Origin
from ..models import Template
from ..permissions import EDIT
from ..queries.making import sample
from ..rules import PAPERS, PaperKind
from ..rules.checking import Report, check_template
from ..rules.pdf import lost

log = logging.getLogger(__name__)
LOST = {
    "drawing": _("文本框、图形、艺术字不会出现在PDF里，请改用段落或表格。"),
    "picture": _("PNG、JPG以外的图片（如EMF、WMF）不会出现在PDF里，请改为PNG或JPG。"),
    "sections": _("文档分为几节，PDF的纸张、页眉和页脚一律按最后一节。"),
    "chunk": _("文档内嵌的其他文档不会出现在PDF里。"),
}


class TemplateRefused(Refused):
    """A file that cannot become a template; ``report`` names everything that is wrong, with where it stands."""

    def __init__(self, report: Report) -> None:
        super().__init__("template_wrong", _("模板未保存，请按下面的提示修改后再上传。"), field="file")
        self.report = report


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A template that was stored and is not in force yet; what its PDF leaves out; whether it was there already."""

    template: Template
    lost: list[Any]
    was_known: bool


def upload_template(slug: str, name: str, content: bytes, *, note: str = "", by: Actor, at: datetime) -> Uploaded:
    """Check a Word file, make papers of it on trial, and store it as a new version; ``choose_template`` puts it in force.

    Raises TemplateRefused with everything that is wrong; NotFound for a paper that does not exist; NotAllowed.
    """
    by.demand_everywhere(EDIT)
    kind, report = kind_of(slug), check_template(kind_of(slug), content)
    if not report.is_good:
        raise TemplateRefused(report)
    left_out = _tried(kind, content, at)
    digest = hashlib.sha256(content).digest()
    with transaction.atomic():
        _lock(slug)
        known = Template.objects.filter(paper=slug, digest=digest).defer("content").first()
        if known is not None:
            return Uploaded(known, left_out, True)
        last = Template.objects.filter(paper=slug).aggregate(last=Max("number"))["last"] or 0
        row = Template.objects.create(
            paper=slug, number=last + 1, origin=Origin.DISTRICT, name=_name(name), note=clean(note)[:120], digest=digest, content=content,
            added_at=at, added_by=by.label,
        )  # fmt: skip
        _tell("template.uploaded", slug, row, by, at)
    return Uploaded(row, left_out, False)


def kind_of(slug: str) -> PaperKind:
    """A paper that is declared; NotFound otherwise."""
    if slug not in PAPERS:
        raise NotFound("no_paper_kind", _("没有这种文书。"))
    return PAPERS[slug]


def _name(name: str) -> str:
    """A file name without folders, and with its ending."""
    stem = re.sub(r"\.docx$", "", clean(re.split(r"[\\/]", name)[-1]), flags=re.IGNORECASE)
    return (" ".join(stem.split())[:100] or "template") + ".docx"


def _tried(kind: PaperKind, content: bytes, at: datetime) -> list[Any]:
    """Papers of sample facts and of none; what the PDF leaves out."""
    try:
        files = sample(kind, content, at=at)
        sample(kind, content, at=at, empty=True)
        return [LOST[what] for what in sorted(lost(files.docx)) if what in LOST]
    except Exception as error:  # whatever a hostile or odd file makes a library raise, the file is what is wrong
        log.info("template of %s does not render: %r", kind.slug, error)
        report = Report()
        report.say(_("按示例内容试生成时出错，多半是{%%tr%%}或if没有与表格的行、段落对齐：%(what)s"), _short(error))
        raise TemplateRefused(report) from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def choose_template(slug: str, template_id: UUID | None, *, by: Actor, at: datetime) -> None:
    """Put one version in force, from the next paper on; None goes back to the supplied one.  Papers that were issued stay as they are."""
    by.demand_everywhere(EDIT)
    kind_of(slug)
    with transaction.atomic():
        _lock(slug)
        rows = Template.objects.filter(paper=slug)
        row = rows.defer("content").filter(pk=template_id).first() if template_id else None
        if template_id and row is None:
            raise NotFound("no_template", _("没有这个版本的模板。"))
        rows.filter(is_current=True).update(is_current=False)
        if row is not None:
            rows.filter(pk=row.pk).update(is_current=True)
        _tell("template.chosen", slug, row, by, at)


def _lock(slug: str) -> None:
    """One at a time for each paper."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"papers.template {slug}"])


def _tell(kind: str, slug: str, row: Template | None, by: Actor, at: datetime) -> None:
    told = {"slug": slug, "number": row.number if row else None, "digest": bytes(row.digest).hex() if row else None}
    stream = uuid5(NAMESPACE_URL, f"zhitong:paper:{slug}")
    record(kind, stream, stream_kind="template", by=by, at=at, data=told)
