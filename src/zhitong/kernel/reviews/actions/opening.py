"""A bad review opens a matter: somebody calls back, and the organ mends what was wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext, override

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor, holders_of
from zhitong.kernel.events.public import Channel, Telling, notify_many
from zhitong.kernel.matters.public import Channel as Door
from zhitong.kernel.matters.public import Opening, open_many, reasons, subkinds
from zhitong.kernel.organisation.public import organ_names

from ..choices import BAD_REASONS, KIND, Mark
from ..permissions import VERIFY

if TYPE_CHECKING:
    from .judging import Given

SUBKIND = "review"
BY = Actor.system("好差评")


def open_rectifications(givens: Sequence["Given"], *, at: datetime | None) -> None:
    """One matter for each; ``at`` None: each at the moment of its review, and nobody is told.

    A district that switched the sub-kind off follows bad reviews up elsewhere.
    """
    if not givens or not any(one.slug == SUBKIND for one in subkinds(KIND)):
        return
    names = organ_names({g.service.organ_id for g in givens})
    known = {one.slug: one.name for one in reasons(BAD_REASONS)}
    with override("zh-hans"):
        openings = [_opening(given, names, known, taken_over=at is None) for given in givens]
    opened = open_many(openings, by=BY, at=at or givens[0].at)
    for given, one in zip(givens, opened, strict=True):
        given.matter_id = one.matter_id
    if at is not None:
        _tell([(given, one.number) for given, one in zip(givens, opened, strict=True)])


def _opening(given: "Given", names: dict[UUID, str], known: dict[str, str], *, taken_over: bool) -> Opening:
    """What the organ must know to mend it; who said it stays with the review."""
    service, said = given.service, given.judgement
    what = service.item_label or gettext("窗口服务")
    parts = [
        gettext("评价等级：%(mark)s") % {"mark": Mark(said.mark).label},
        gettext("被评价单位：%(organ)s") % {"organ": names.get(service.organ_id, "")},
        gettext("服务内容：%(what)s") % {"what": what},
    ]
    if said.reasons:
        parts.append(
            gettext("原因：%(reasons)s") % {"reasons": "、".join(known.get(slug, slug) for slug in said.reasons)}
        )
    if said.words:
        words = mask_inline(said.words)  # numbers stay with the review
        parts.append(gettext("评价人意见：%(words)s") % {"words": words})
    return Opening(
        kind=KIND, subkind=SUBKIND, text="\n".join(parts), channel=Door.SYSTEM, division_id=service.division or service.area_id,
        title=gettext("差评：%(what)s（%(mark)s）") % {"what": what, "mark": Mark(said.mark).label},
        category_id=service.category, at=given.at if taken_over else None,
        facts={"review": str(given.id), "organ": str(service.organ_id), "has_caller": given.person_id is not None},
    )  # fmt: skip


def _tell(opened: Sequence[tuple["Given", str]]) -> None:
    """Whoever verifies bad reviews, in the application."""
    accounts = sorted(holders_of(VERIFY))
    notify_many(
        [
            Telling(given.id, given.matter_id or given.id, "review.bad", Channel.IN_APP, to_account=account,
                    context={"number": number, "what": given.service.item_label})
            for given, number in opened for account in accounts
        ]
    )  # fmt: skip
