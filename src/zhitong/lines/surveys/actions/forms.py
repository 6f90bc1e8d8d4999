"""Forms: taken from workbooks, published."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Form, Version
from ..permissions import DESIGN
from ..queries.forms import wanted
from ..rules.workbook import Faulty, Problem, read


class NotUsable(Refused):
    """The workbook has faults; ``problems`` are all of them, by sheet and row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("faulty_workbook", problems[0].message, "file")
        self.problems = problems


def take(
    content: bytes, file_name: str, *, name: str = "", form_id: UUID | None = None, by: Actor, at: datetime
) -> Version:
    """Make a draft version of the workbook: of that form, or of a new one called ``name`` (or as the workbook says).

    ``NotUsable`` with everything that is wrong; nothing is kept then.  ``Conflict`` when a form has that name already.
    """
    by.demand(DESIGN)
    try:
        made = read(content)
    except Faulty as faulty:
        raise NotUsable(faulty.problems) from faulty
    with transaction.atomic():
        form = _form(form_id, clean(name or made.title)[:120] or clean(PurePath(file_name).stem)[:120], at)
        last = Version.objects.filter(form=form).order_by("-number").values_list("number", flat=True).first() or 0
        version = Version.objects.create(
            form=form, number=last + 1, title=made.title[:200], file_name=clean(PurePath(file_name).name)[-200:],
            workbook=content, xform=made.xform, itemsets=made.itemsets, warnings=[one.stored for one in made.warnings],
            created_at=at, created_by=by.label,
        )  # fmt: skip
        note("surveys.form.taken", version, by, at)
    return version


def _form(form_id: UUID | None, name: str, at: datetime) -> Form:
    if form_id is not None:
        found = Form.objects.select_for_update().filter(pk=form_id).first()
        if found is None:
            raise NotFound("no_form", _("没有这张表单。"))
        return found
    form, is_new = Form.objects.get_or_create(name=name or _("未命名表单"), defaults={"created_at": at})
    if not is_new:
        raise Conflict(
            "form_exists",
            _("已有名为“%(name)s”的表单，请换一个名称，或在该表单中上传新版本。") % {"name": name},
            "name",
        )
    return form


@transaction.atomic
def publish(version_id: UUID, *, by: Actor, at: datetime) -> Version:
    """Let surveys use the version.  It is not changed any more."""
    by.demand(DESIGN)
    version = Version.objects.select_for_update().filter(pk=version_id).defer("workbook").first()
    if version is None:
        raise NotFound("no_version", _("没有这个版本。"))
    if version.published_at is None:
        if lacking := [one.name for one in wanted(version) if one.is_needed and not one.is_there]:
            raise Refused(
                "media_missing", _("还缺附件：%(names)s。请先上传。") % {"names": "、".join(lacking)}, "files"
            )
        version.published_at = at
        version.save(update_fields=["published_at"])
        note("surveys.form.published", version, by, at)
    return version


@transaction.atomic
def discard(version_id: UUID, *, by: Actor, at: datetime) -> None:
    """Delete a draft, and its form when that was all."""
    by.demand(DESIGN)
    version = Version.objects.select_for_update().filter(pk=version_id).defer("workbook").first()
    if version is None:
        raise NotFound("no_version", _("没有这个版本。"))
    if version.published_at is not None:
        raise Conflict("published", _("已发布的版本不能删除。"))
    note("surveys.form.discarded", version, by, at)
    form = version.form
    version.delete()
    if not form.versions.exists():
        form.delete()


def note(kind: str, version: Version, by: Actor, at: datetime) -> None:
    """Write down what happened to a form."""
    record(kind, version.form_id, stream_kind="survey_form", at=at, by=by, data={"number": version.number})
