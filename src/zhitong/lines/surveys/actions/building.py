"""Forms built on screen: rows of the sheets of an XLSForm, which become a workbook, and a form, by the reader of workbooks."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..models import Form, Media, Version
from ..permissions import DESIGN
from ..rules.rows import Sheet, written
from ..rules.workbook import Faulty, Read, read
from ..rules.xform import needed
from .forms import NotUsable, note, take


def tried(sheets: dict[str, Sheet], *, by: Actor) -> Read:
    """The form that the rows make; nothing is kept.  ``NotUsable`` with everything that is wrong, by sheet and row."""
    by.demand(DESIGN)
    try:
        return read(written(sheets))
    except Faulty as faulty:
        raise NotUsable(faulty.problems) from faulty


def seal_of(workbook: bytes) -> str:
    """What tells whether somebody changed a draft meanwhile."""
    return hashlib.sha256(workbook).hexdigest()


@transaction.atomic
def build(
    sheets: dict[str, Sheet],
    *,
    version_id: UUID | None = None,
    seen: str = "",
    is_apart: bool = False,
    by: Actor,
    at: datetime,
) -> Version:
    """Keep the rows as a draft: the draft they were taken from is replaced; of a published version, or of none, a new one is made;
    also when it ``is_apart``.

    ``NotUsable`` with everything that is wrong; ``Conflict`` when the draft is not what was ``seen`` (see ``seal_of``) any more.
    """
    by.demand(DESIGN)
    base = None
    if version_id is not None:
        base = Version.objects.select_for_update().filter(pk=version_id).first()
        if base is None:
            raise NotFound("no_version", _("没有这个版本。"))
        if not is_apart and seal_of(bytes(base.workbook)) != seen:
            raise Conflict("changed", _("这个草稿刚被别人改过，您的内容还在，可以另存为新版本。"))
    content = written(sheets)
    if base is None or base.published_at is not None or is_apart:
        made = take(content, _file_name(sheets), form_id=base.form_id if base else None, by=by, at=at)
        if base is not None:
            _carry_over(base, made)
        return made
    return _replaced(base, sheets, content, by, at)


def _replaced(draft: Version, sheets: dict[str, Sheet], content: bytes, by: Actor, at: datetime) -> Version:
    made = tried(sheets, by=by)
    draft.workbook, draft.xform, draft.itemsets, draft.title = content, made.xform, made.itemsets, made.title[:200]
    draft.file_name, draft.warnings = _file_name(sheets), [one.stored for one in made.warnings]
    draft.save(update_fields=["workbook", "xform", "itemsets", "title", "file_name", "warnings"])
    alone = not Version.objects.filter(form=draft.form_id).exclude(pk=draft.pk).exists()
    name = clean(made.title)[:120]
    if alone and name and not Form.objects.filter(name=name).exclude(pk=draft.form_id).exists():
        Form.objects.filter(pk=draft.form_id).update(name=name)
    note("surveys.form.built", draft, by, at)
    return draft


def _file_name(sheets: dict[str, Sheet]) -> str:
    said = sheets["settings"].rows if "settings" in sheets else []
    return f"{clean(said[0].get('form_title', '') if said else '')[:120] or _('未命名表单')}.xlsx"


def _carry_over(base: Version, made: Version) -> None:
    """The files beside the version that the new one still asks for."""
    wanted = needed(made.xform)
    Media.objects.bulk_create(
        Media(version=made, asked_as=one.asked_as, media_type=one.media_type, content=one.content)
        for one in Media.objects.filter(version=base)
        if one.asked_as in wanted
    )
