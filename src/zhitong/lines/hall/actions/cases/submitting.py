"""Submitting an application from any door; sending the same form again gives the same receipt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import write_rows
from zhitong.base.citizen import born_on, citizen_id, credit_code
from zhitong.base.errors import Conflict, Refused, each
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import one_change
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Firm, Found, NewPerson, find_firm, find_or_create_many, refusals
from zhitong.kernel.territory import public as territory

from ...choices import Delivery, MaterialState
from ...models import Application, Handed, HandedFile, Material, Version
from ...queries.handed import handed_of, keep_handed
from ...queries.versions import look_up, version_on, with_version
from ...rules import cases as rules
from ...rules import questions
from ...rules.terms import is_needed
from ..papers import receipts
from .relaxed import SIMULATED

KIND = "application"
# The slug of a refusal by the first part of its field.
_CODES = {"answer": "bad_answer", "material": "missing_material", "signed": "not_signed", "files": "too_many_files",
          "delivery": "not_a_choice", "credit": "person_credit_code"}  # fmt: skip
MOST_FILES = 30
NOBODY = Found(None, None)
CASE, ROW = (
    ("matter_id", "item_id", "version_id", "firm_id", "is_open", "is_simulated", "is_instant", "has_deferred",
     "has_promised", "answers", "delivery", "deliver_to", "tracking_number", "result_number"),
    ("id", "application_id", "material_id", "state", "at"),
)  # fmt: skip


ANSWERS = Application._meta.get_field("answers")


@dataclass(frozen=True, slots=True)
class Given:
    """What the applicant says of one material (a ``MaterialState``, "" for nothing), with its files."""

    state: str = MaterialState.HANDED
    files: Sequence[m.Upload] = ()


@dataclass(slots=True, kw_only=True)
class Submission:
    """What somebody filled in, at whatever door.  ``key`` is the form's own.

    ``credit_code``: for that firm; name, phone and citizen id are then those of whoever applies for it.
    ``version_id`` is the version that was shown: Conflict when another one counts by now.  ``materials`` by the id of the material.
    ``signed``: the promises that go with what is deferred or promised were signed.  ``is_incomplete``: taken in although something
    is missing, for a notice of correction.  ``is_declined``: it will not be accepted, so that questions may stay open.
    ``is_another``: the applicant has the same item open already and means another one.  ``is_part``: it belongs to a bundle.
    """

    item_id: UUID
    key: str
    name: str
    phone: str = ""
    email: str = ""
    citizen_id: str = ""
    credit_code: str = ""
    channel: str = m.Channel.PORTAL
    version_id: UUID | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[UUID, Given] = field(default_factory=dict)
    signed: bool = False
    words: str = ""
    address: str = ""
    division_id: UUID | None = None
    delivery: str = ""
    deliver_to: str = ""
    is_simulated: bool = False
    is_incomplete: bool = False
    is_declined: bool = False
    is_another: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """The receipt: the number, and the tracking code that is shown to the applicant; ``opened`` is the matter where it is new."""

    matter_id: UUID
    number: str
    tracking_code: str
    was_known: bool
    opened: m.Opened | None = None


@dataclass(slots=True)
class _Ready:
    """A submission with which nothing is wrong by itself, for which version, and where each material stands; then who applies."""

    said: Submission
    version: Version
    states: dict[UUID, str]
    firm: Firm | None
    found: Found = NOBODY

    @property
    def applicant(self) -> UUID:
        """The firm, or the person."""
        pk = self.firm.pk if self.firm else self.found.person_id
        assert pk is not None  # a name and a number were given
        return pk


def submit(said: Submission, *, by: Actor, at: datetime) -> Submitted:
    """Open the application with its materials and files, all or nothing.

    Refused says what to mend, with a ``field`` (a material's is ``material_<id>``); Conflict: ``version_changed``, ``already_open`` (the
    same applicant, the same item, still open), ``key_reused``.  The key of a form that was sent gives the receipt of then.
    """
    return submit_many([said], by=by, at=at)[0]


def submit_many(saids: Sequence[Submission], *, by: Actor, at: datetime) -> list[Submitted]:
    """``submit`` for each, in order, all or none, by the same few statements; what is refused of one tells its place in ``index``."""
    with one_change():
        look_up({said.item_id for said in saids}, timezone.localdate(at))
        ready = []
        for each_said in each(saids):
            with each_said as said:
                ready.append(_ready(said, at))
        _find_applicants(ready, by, at)
        _demand_none_open(ready)
        opened = m.open_many([_opening(one) for one in ready], by=by, at=at)
        come = [(one, new.matter) for one, new in zip(ready, opened, strict=True) if new.matter is not None]
        for one, matter in come:
            _keep_files(matter, one.said, by, at)
        receipts([(matter, one.firm.name if one.firm else one.found.name) for one, matter in come], by=by, at=at)
    return [_submitted(said, new) for said, new in zip(saids, opened, strict=True)]


def _submitted(said: Submission, new: m.Opened) -> Submitted:
    code = m.form_code("hall.submit", said.key)
    return Submitted(new.matter_id, new.number, code, new.was_known, None if new.was_known else new)


def _ready(said: Submission, at: datetime) -> _Ready:
    """Refused for the first thing that is wrong with it."""
    version = _version(said, at)
    looked = look(said, version, at)
    if looked.problems:
        name, message = next(iter(looked.problems.items()))
        code = _CODES.get(name.partition("_")[0], "required")
        raise next((one for one in _of_person(said) if one.field == name), Refused(code, message, field=name))
    firm = find_firm(said.credit_code) if said.credit_code else None
    return _Ready(replace(said, answers=looked.answers), version, looked.states, firm)


def withdrawn() -> Conflict:
    """It is not offered any more."""
    return Conflict("withdrawn", _("这个事项已停办，不能再申请。您填写的内容没有丢失，可咨询窗口改办其他事项。"))


def _version(said: Submission, at: datetime) -> Version:
    version = version_on(said.item_id, timezone.localdate(at))
    if version is None:
        raise withdrawn()
    if said.version_id and said.version_id != version.pk:
        raise Conflict("version_changed", _("办事指南刚刚更新了，请核对新的条件和材料后再提交，您填写的内容仍然保留。"))
    return version


@dataclass(frozen=True, slots=True)
class Looked:
    """What a submission comes to under a version: the answers as they are stored, where each material stands, and what is wrong
    by field (``name``, ``answer_<slug>``, ``material_<id>`` …)."""

    answers: dict[str, Any]
    states: dict[UUID, str]
    problems: dict[str, Any]


def look(said: Submission, version: Version, at: datetime) -> Looked:
    """Everything that keeps it from being submitted, so that a form can say it all at once."""
    problems = dict(_of_applicant(said, version))
    checked = citizen_id(said.citizen_id)
    read = questions.read(
        version.form, said.answers, today=timezone.localdate(at), born=born_on(checked) if checked else None,
        is_division=lambda code: territory.by_code(code) is not None,
    )  # fmt: skip
    problems |= {
        f"answer_{slug}": message for slug, message in read.errors.items() if not said.is_declined or said.answers.get(slug)
    }  # fmt: skip
    materials = list(version.materials.all())
    states = {one.pk: _state(one, said, read.values) for one in materials}
    for one in materials:
        if message := _of_material(one, states[one.pk], said):
            problems[f"material_{one.pk}"] = message
    if sum(len(given.files) for given in said.materials.values()) > MOST_FILES:
        problems["files"] = _("一次最多上传%(n)d个文件，其余可在提交后补交。") % {"n": MOST_FILES}
    relaxed = {MaterialState.DEFERRED, MaterialState.PROMISED} & set(states.values())
    if relaxed and not said.signed:
        problems["signed"] = _("选择容缺或告知承诺的，请阅读并签署承诺书。")
    return Looked(read.values, states, problems)


def _of_applicant(said: Submission, version: Version) -> Iterable[tuple[str, Any]]:
    for name, message in (("name", _("请填写申请人姓名。")), ("phone", _("请填写手机号，以便告知办理结果。"))):
        if not clean(getattr(said, name)):
            yield name, message
    if not said.citizen_id.strip():
        yield "citizen_id", _("请填写申请人身份证号。")
    yield from ((str(one.field), one.message) for one in _of_person(said))
    item = version.item
    if message := of_code(said.credit_code, for_persons=item.for_persons, for_firms=item.for_firms):
        yield "credit_code", message
    if said.delivery and said.delivery not in version.delivery:
        yield "delivery", _("请从列表中选择。")
    if said.delivery == Delivery.MAIL and not clean(said.deliver_to):
        yield "deliver_to", _("邮寄送达请填写收件地址。")


def _of_person(said: Submission) -> list[Refused]:
    return refusals(NewPerson(said.name, said.phone, said.email, said.citizen_id))


def of_code(code: str, *, for_persons: bool, for_firms: bool) -> Any:
    """What is wrong with the credit code of whoever applies, or with there being one; None for nothing."""
    if not code:
        return None if for_persons else _("这个事项只由企业申请，请填写统一社会信用代码。")
    if not for_firms:
        return _("这个事项只由个人申请，请不要填写统一社会信用代码。")
    if credit_code(code) is None:
        return _("统一社会信用代码不正确，请对照营业执照核对18位代码。")
    if find_firm(code) is None:
        return _("没有找到这家企业，请核对统一社会信用代码；新设企业请先办理登记。")
    return None


def _state(material: Material, said: Submission, answers: Mapping[str, Any]) -> str:
    given = said.materials.get(material.pk)
    needed = is_needed(material.condition, material.needed_when, answers)
    return rules.state_of(material, given.state if given else "", holds=needed, is_bare=is_bare(said.channel, given))


def is_bare(channel: str, given: Given | None) -> bool:
    """Whether files are expected, since nobody sees the paper, and there are none."""
    return channel == m.Channel.PORTAL and not (given and given.files)


def _of_material(one: Material, state: str, said: Submission) -> Any:
    given = said.materials.get(one.pk)
    if state == MaterialState.MISSING and not (said.is_simulated or said.is_incomplete):
        if said.channel == m.Channel.WINDOW:
            return _("缺少材料“%(name)s”。收到了的请改为“已收”；没有的，请一次告知补正。") % {"name": one.name}
        if said.channel == m.Channel.AGENT:
            return _("缺少材料“%(name)s”。收到了的请改为“已收”；没有的，请向申请人收齐后再申请。") % {"name": one.name}
        return _("缺少材料“%(name)s”。请上传；确实没有的，可选模拟审批，或到窗口办理。") % {"name": one.name}
    if state == MaterialState.HANDED and is_bare(said.channel, given):
        return _("请上传“%(name)s”的照片或文件。") % {"name": one.name}
    return None


def _find_applicants(ready: Sequence[_Ready], by: Actor, at: datetime) -> None:
    """Who applies; whatever one applicant submits comes one after the other."""
    people = [NewPerson(one.said.name, one.said.phone, one.said.email, one.said.citizen_id) for one in ready]
    for one, found in zip(ready, find_or_create_many(people, by=by, at=at), strict=True):
        one.found = found
    in_turn({one.applicant for one in ready})


def in_turn(applicants: Collection[UUID]) -> None:
    """Whatever one applicant submits comes one after the other."""
    names = sorted(
        f"hall.submit {applicant}" for applicant in applicants
    )  # one order, so that two batches do not wait for each other
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(s, 0)) FROM unnest(%s::text[]) AS s", [names])


def _demand_none_open(ready: Sequence[_Ready]) -> None:
    """Not the same again while one is open, but for the very form that was sent before."""
    asked = [one for one in ready if not one.said.is_another]
    if not asked:
        return
    known = m.opened_under([m.form_key("hall", one.said.key) for one in asked])
    rows = Application.objects.filter(item__in={one.version.item_id for one in asked}, is_open=True)
    whose = Q(firm__in={one.firm.pk for one in asked if one.firm})
    whose |= Q(firm=None, matter__reporter__in={one.found.person_id for one in asked if not one.firm})
    rows = rows.filter(whose).exclude(matter__in=[one.pk for one in known.values()]).order_by("-pk")
    found = rows.values_list("item", Coalesce("firm", "matter__reporter"), "matter__number")
    numbers = {(item, applicant): number for item, applicant, number in found}
    before: set[tuple[UUID, UUID]] = set()
    for each_one in each(ready):
        with each_one as one:
            same = one.said.item_id, one.applicant
            if one.said.is_another:
                before.add(same)
                continue
            if number := numbers.get(same):
                message = _(
                    "您已申请过这个事项，正在办理（编号%(number)s）。确需另办一件的，请勾选“这是另一件”后再提交。"
                )
                raise Conflict("already_open", message % {"number": number}, field="is_another")
            if same in before:
                raise Conflict("same_at_once", _("同一申请人的同一事项不能同时提交两份，请稍后再提交一次。"))
            before.add(same)


def _opening(one: _Ready) -> m.Opening:
    said, version, firm, item = one.said, one.version, one.firm, one.version.item
    own = {
        "item": str(item.pk), "version": str(version.pk), "is_simulated": said.is_simulated, "is_part": said.is_part,
        "firm": str(firm.pk) if firm else None,
        "answers": dict(said.answers), "delivery": said.delivery, "deliver_to": clean(said.deliver_to)[:200],
        "states": {str(pk): str(state) for pk, state in one.states.items()},
    }  # fmt: skip
    title = f"{SIMULATED if said.is_simulated else ''}{item.name}"
    return m.Opening(
        kind=KIND, subkind=item.base.kind, title=title, text=clean(said.words) or f"申请办理：{item.name}",
        channel=said.channel, address=said.address, division_id=said.division_id or item.division_id, lead_id=item.organ_id,
        reporter=m.Reporter(name=said.name, phone=said.phone, email=said.email, citizen_id=said.citizen_id), found=one.found,
        key=m.form_key("hall", said.key), code=m.form_code("hall.submit", said.key), own=own,
        facts={"item": str(item.pk), "version": version.number, "simulated": said.is_simulated},
    )  # fmt: skip


def opened(matters: Sequence[m.Matter], openings: Sequence[m.Opening]) -> None:
    """The line's own rows beside each new matter (``Kind.opened``)."""
    cases, handed = [], []
    for matter, opening in zip(matters, openings, strict=True):
        own = opening.own
        matter.application = case = Application(
            item_id=UUID(own["item"]), version_id=UUID(own["version"]), firm_id=own["firm"] and UUID(own["firm"]),
            is_simulated=own["is_simulated"], answers=own["answers"], delivery=own["delivery"], deliver_to=own["deliver_to"],
        )  # fmt: skip
        case._state.adding = False
        mine = [
            Handed(id=uuid7(), application_id=matter.pk, material_id=UUID(pk), state=state, at=matter.opened_at)
            for pk, state in own["states"].items()
        ]
        keep_handed(with_version(case), mine)
        cases.append(case)
        handed += mine
    with connection.cursor() as cursor:
        write_rows(cursor, "hall_application", CASE, (_row(one) for one in cases))
        write_rows(cursor, "hall_handed", ROW, ([getattr(one, name) for name in ROW] for one in handed))


def _row(case: Application) -> list[Any]:
    return [ANSWERS.kept(case.answers) if name == ANSWERS.name else getattr(case, name) for name in CASE]


def _keep_files(matter: m.Matter, said: Submission, by: Actor, at: datetime) -> None:
    if not any(given.files for given in said.materials.values()):
        return
    for row in handed_of(matter):
        given = said.materials.get(row.material_id)
        if given and given.files:
            kept = m.attach(matter, given.files, by=by, at=at, purpose=m.Purpose.MATERIAL)
            HandedFile.objects.bulk_create(HandedFile(handed=row, attachment=one) for one in kept)


def erased(ids: Sequence[UUID], action: str) -> None:
    """What was answered and where it was sent goes with the words of a matter (``Kind.erased``)."""
    if not action:
        blank: dict[str, Any] = {"answers": {}, "deliver_to": "", "tracking_number": ""}
        Application.objects.filter(matter__in=ids).update(**blank)


def written(matter: m.Matter) -> Iterable[tuple[str, str]]:
    """What was answered and where it is sent, for who asks what is held (``Kind.written``)."""
    case: Application = matter.application
    for name, value in case.answers.items():
        yield name, str(value)
    yield str(_("收件地址")), case.deliver_to
