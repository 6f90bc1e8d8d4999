"""Drafts of the smart form: begun, saved from phone or desk, thrown away, and submitted with their documents as materials."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Firm, firms_of_person

from ..choices import MaterialState
from ..models import Material, SmartDraft
from ..models.smart import PLACE, seal_answers
from ..queries.smart import begun, draft_of, file_of, look, version_for_changes
from ..rules import smart
from ..rules.questions import Question
from .cases import Given, Submission, Submitted, submit

MOST_DRAFTS, BATCH = 20, 500
# What of the documents a material of the item is; the rest goes with the application form.
MATERIALS = (
    ("决议", ("smart_resolution", "smart_decision")), ("章程", ("smart_amendment",)), ("住所", ("smart_premises",)),
    ("任职", ("smart_appointment",)),
)  # fmt: skip
FORM = "申请书"
log = logging.getLogger(__name__)


def _kinds(kinds: Sequence[str]) -> list[str]:
    known = [kind.slug for kind in smart.chosen(kinds)]
    if not known:
        raise Refused("no_kinds", _("请至少选择一项变更。"), "kinds")
    return known


@transaction.atomic
def start_smart(firm: Firm, kinds: Sequence[str], *, by: Actor, at: datetime) -> SmartDraft:
    """Begin a draft for these kinds of change, with what is registered typed in.  Refused without a kind, or with too many drafts."""
    known = _kinds(kinds)
    Firm.objects.select_for_update().get(pk=firm.pk)
    if SmartDraft.objects.filter(firm=firm, matter=None).count() >= MOST_DRAFTS:
        raise Refused("too_many_drafts", _("草稿已有%(n)d份，请先提交或删除不用的草稿。") % {"n": MOST_DRAFTS}, "kinds")
    answers = begun(firm, known, at)
    row = SmartDraft.objects.create(firm=firm, kinds=known, sealed=seal_answers(answers), created_at=at, changed_at=at)
    record(
        "hall.smart.started",
        row.pk,
        stream_kind="smart",
        at=at,
        by=by,
        data={"firm": firm.pk, "kinds": known},
        is_first=True,
    )
    return row


@transaction.atomic
def save_smart(
    firm: Firm, draft_id: UUID, *, answers: Mapping[str, Any] | None = None, kinds: Sequence[str] | None = None, revision: int,
    at: datetime,
) -> SmartDraft:  # fmt: skip
    """Keep what was typed, or which kinds are ticked; what was typed for a kind that is ticked off stays for when it comes back.

    Conflict (``draft_changed``) where it was saved elsewhere since ``revision``.  No event: nothing has been said to anybody yet.
    """
    draft_of(firm, draft_id)
    row = SmartDraft.objects.select_for_update().get(pk=draft_id)
    if row.revision != revision:
        raise Conflict(
            "draft_changed", _("这份草稿刚在另一处保存过。您填写的内容还在，请核对后再次保存，将以本页为准。")
        )
    kept = row.answers
    if kinds is not None:
        row.kinds = _kinds(kinds)
        kept = {**begun(firm, row.kinds, at), **kept}
    row.sealed = seal_answers({**kept, **(answers or {})})
    row.revision, row.changed_at = revision + 1, at
    row.save(update_fields=["kinds", "sealed", "revision", "changed_at"])
    return row


@transaction.atomic
def discard_smart(firm: Firm, draft_id: UUID, *, by: Actor, at: datetime) -> None:
    """Throw a draft away."""
    row = draft_of(firm, draft_id)
    record("hall.smart.discarded", row.pk, stream_kind="smart", at=at, by=by, data={"firm": firm.pk})
    row.delete()


def submit_smart(firm: Firm, draft_id: UUID, *, signed: bool, by: Actor, at: datetime) -> Submitted:
    """Submit the draft as an application of the firm, with every document as a material.

    Refused with the first thing to be mended (its ``field`` is the question), where documents do not agree, or where the district does
    not offer the item; and for what ``submit`` refuses.  The same draft twice is one application.
    """
    draft = draft_of(firm, draft_id)
    looked = look(draft, firm, at)
    if looked.findings:
        raise Refused("to_mend", looked.findings[0].message, looked.findings[0].field)
    if problems := smart.disagreements([(one.name, one.facts) for one in looked.documents]):
        log.error("documents of %s do not agree: %s", draft.pk, "; ".join(problems))
        raise Refused(
            "documents_disagree", _("生成的材料前后不一致，暂不能提交。请联系政务服务中心，您填写的内容已保存。")
        )
    version = version_for_changes(at)
    if version is None:
        raise Refused("no_item", _("本区暂未开通公司变更登记的网上申请，请下载材料到窗口办理。"))
    files: dict[str, list[m.Upload]] = {}
    for made in looked.documents:
        files.setdefault(made.slug, []).append(m.check_upload(f"{made.name}.pdf", file_of(made, at)[1]))
    values = looked.case.values
    said = Submission(
        item_id=version.item_id, version_id=version.pk, key=f"smart:{draft.pk}", credit_code=firm.code, name=values["agent_name"],
        phone=values["agent_phone"], citizen_id=values["agent_id"], channel=m.Channel.PORTAL, signed=signed,
        answers=_answers(version.form, looked.case), words="小智帮办：" + "、".join(str(kind.label) for kind in looked.case.kinds),
        materials=_materials(list(version.materials.all()), files), division_id=firm.division_id, is_another=True,
    )  # fmt: skip
    with transaction.atomic():
        done = submit(said, by=by, at=at)
        SmartDraft.objects.filter(pk=draft.pk, matter=None).update(matter=done.matter_id, changed_at=at)
    return done


def _answers(form: Sequence[Question], case: smart.Case) -> dict[str, Any]:
    """What the item's own form asks, as far as the smart form knows it; by the names its questions have in the catalogue."""
    after = case.after
    known: dict[str, Any] = {
        "统一社会信用代码": after.code, "公司名称": after.name, "企业名称": after.name, "新住所": after.address, "新名称": after.name,
        "法定代表人": after.legal.name, "经营范围": after.scope, "修改章程": "是" if any(k.in_charter for k in case.kinds) else "否",
    }  # fmt: skip
    for one in form:
        if one.slug == "变更事项":
            called = {kind.called for kind in case.kinds}
            known[one.slug] = [word for word in one.choices if word in called] or list(one.choices[-1:])
    return {one.slug: known[one.slug] for one in form if one.slug in known}


def _materials(materials: Sequence[Material], files: Mapping[str, Sequence[m.Upload]]) -> dict[UUID, Given]:
    """Each document under the material it is; what is left goes with the form; what can follow later is deferred."""
    left, found = dict(files), dict[UUID, Given]()
    for one in materials:
        slugs = next((slugs for word, slugs in MATERIALS if word in one.name), ())
        mine = [upload for slug in slugs for upload in left.pop(slug, ())]
        if mine:
            found[one.pk] = Given(files=mine)
        elif one.is_deferrable and not one.condition:
            found[one.pk] = Given(state=MaterialState.DEFERRED)
    form = next((one for one in materials if FORM in one.name), materials[0] if materials else None)
    if form:
        rest = [upload for some in left.values() for upload in some]
        found[form.pk] = Given(files=[*rest, *(found[form.pk].files if form.pk in found else ())])
    return found


def forget_drafts(person_id: UUID) -> int:
    """Delete the drafts, not yet submitted, of every firm a person stands behind; how many."""
    return SmartDraft.objects.filter(firm__in=firms_of_person(person_id), matter=None).delete()[0]


def rotate_drafts() -> int:
    """Seal what drafts hold with the first key again; how many.  In small transactions; may be stopped and started again."""
    done, last, ring = 0, UUID(int=0), keyring()
    while True:
        with transaction.atomic():
            batch = list(SmartDraft.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
            stale = [row for row in batch if not ring.is_current(bytes(row.sealed))]
            for row in stale:
                row.sealed = ring.seal(ring.open(bytes(row.sealed), PLACE), PLACE)
            SmartDraft.objects.bulk_update(stale, ["sealed"])
        done += len(stale)
        if len(batch) < BATCH:
            return done
        last = batch[-1].pk
