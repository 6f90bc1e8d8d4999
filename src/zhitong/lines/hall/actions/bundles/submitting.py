"""Applying for several items with one form: every fact once, every material once, one number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.citizen import born_on, citizen_id
from zhitong.base.errors import Conflict, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import one_change
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Firm, Found, NewPerson, find_firm, find_or_create_person, refusals
from zhitong.kernel.territory import public as territory

from ...choices import Delivery, MaterialState
from ...models import BundleCase, BundlePart, BundleVersion
from ...queries.bundles import KIND, MergedMaterial, Whole, whole
from ...rules import bundles as rules
from ...rules import cases as case_rules
from ...rules import questions
from ...rules.terms import is_needed
from ..cases import Given, Submitted
from ..cases.submitting import in_turn, is_bare, of_code

SUBKIND = "one_thing"
MOST_FILES = 40


@dataclass(slots=True, kw_only=True)
class BundleSubmission:
    """What somebody filled in for a bundle.  ``facts`` answer the one form; ``materials`` by name.

    ``credit_code``: for that firm; name, phone and citizen id are then those of whoever applies for it.
    """

    bundle_id: UUID
    key: str
    name: str
    phone: str = ""
    email: str = ""
    citizen_id: str = ""
    credit_code: str = ""
    channel: str = m.Channel.PORTAL
    version_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Given] = field(default_factory=dict)
    signed: bool = False
    delivery: str = ""
    deliver_to: str = ""
    is_another: bool = False


def submit_bundle(said: BundleSubmission, *, by: Actor, at: datetime) -> Submitted:
    """One application with all its parts, all or nothing; those that wait for nothing begin at once.

    Refused names the field (``answer_<fact>``, ``material_<number in the list>``); Conflict: ``withdrawn``, ``version_changed``,
    ``already_open``, ``key_reused``.
    """
    from .advancing import advance

    with one_change():
        version, one = _current(said, at)
        looked = look_at(said, one, at)
        if looked.problems:
            raise looked.problems[0]
        firm = find_firm(said.credit_code) if said.credit_code else None
        found = _demand_none_open(said, version, firm, by, at)
        opened = m.open_matter(_opening(said, version, one, looked.facts, firm, found), by=by, at=at)
        if opened.matter is not None:
            _keep(opened.matter, said, looked.states, by, at)
            advance(opened.matter_id, at=at)
    code = m.form_code("hall.one", said.key)
    return Submitted(opened.matter_id, opened.number, code, opened.was_known, None if opened.was_known else opened)


@dataclass(slots=True)
class LookedAt:
    """What was made of a submission: the facts and the state of each material by name, and everything that is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    problems: list[Refused] = field(default_factory=list)


def look_at(said: BundleSubmission, one: Whole, at: datetime) -> LookedAt:
    """Everything at once that is wrong with what was filled in; nothing is written."""
    found = LookedAt(problems=_of_applicant(said))
    if message := of_code(said.credit_code, for_persons=one.for_persons, for_firms=one.for_firms):
        found.problems.append(Refused("person_credit_code", message, field="credit_code"))
    _facts(said, one, at, found)
    _states(said, one, found)
    if {MaterialState.DEFERRED, MaterialState.PROMISED} & set(found.states.values()) and not said.signed:
        message = _("选择容缺或告知承诺的，请阅读并签署承诺书。")
        found.problems.append(Refused("not_signed", message, field="signed"))
    return found


def withdrawn() -> Conflict:
    """It is not offered any more."""
    return Conflict("withdrawn", _("这件事已停办，不能再申请。您填写的内容没有丢失，可咨询窗口分开办理。"))


def _current(said: BundleSubmission, at: datetime) -> tuple[BundleVersion, Whole]:
    version = BundleVersion.objects.filter(bundle=said.bundle_id, ended_at=None).select_related("bundle").first()
    if version is None:
        raise withdrawn()
    if said.version_id and said.version_id != version.pk:
        raise Conflict("version_changed", _("办事指南刚刚更新了，请核对新的条件和材料后再提交，您填写的内容仍然保留。"))
    one = whole(version.defined, timezone.localdate(at))
    if one.absent:
        raise Conflict("part_withdrawn", _("其中有事项暂停办理，请稍后再来，或者到窗口分开办理。"))
    return version, one


_NEEDED = (
    ("name", _("请填写申请人姓名。")),
    ("phone", _("请填写手机号，以便告知办理结果。")),
    ("citizen_id", _("请填写申请人身份证号。")),
)


def _of_applicant(said: BundleSubmission) -> list[Refused]:
    found = [Refused("required", message, field=name) for name, message in _NEEDED if not clean(getattr(said, name))]
    found += refusals(NewPerson(said.name, said.phone, citizen_id=said.citizen_id))
    if said.delivery and said.delivery not in Delivery.values:
        found.append(Refused("not_a_choice", _("请从列表中选择。"), field="delivery"))
    if said.delivery == Delivery.MAIL and not clean(said.deliver_to):
        found.append(Refused("required", _("邮寄送达请填写收件地址。"), field="deliver_to"))
    return found


def _facts(said: BundleSubmission, one: Whole, at: datetime, looked: LookedAt) -> None:
    """The facts as they are stored, good for every part."""
    checked = citizen_id(said.citizen_id)
    more: dict[str, Any] = {
        "today": timezone.localdate(at), "born": born_on(checked) if checked else None,
        "is_division": lambda code: territory.by_code(code) is not None,
    }  # fmt: skip
    found = questions.read(one.form.questions, said.facts, **more)
    errors = dict(found.errors)
    coming = {part.gives for part in one.definition.parts}
    for slug, version in one.versions.items():
        names = one.form.asks[slug]
        wrong = questions.read(version.form, one.form.of_part(slug, found.values), **more).errors
        errors |= {
            names[q]: message for q, message in wrong.items() if names[q] not in coming and names[q] not in errors
        }
    looked.facts = found.values
    looked.problems += [
        Refused("bad_answer", errors[q.slug], field=f"answer_{q.slug}") for q in one.form.questions if q.slug in errors
    ]


def _states(said: BundleSubmission, one: Whole, looked: LookedAt) -> None:
    """Where each material stands, and what is missing."""
    if sum(len(given.files) for given in said.materials.values()) > MOST_FILES:
        message = _("一次最多上传%(n)d个文件，其余可在提交后补交。")
        looked.problems.append(Refused("too_many_files", message % {"n": MOST_FILES}, field="files"))
    for number, material in enumerate(one.materials):
        given = said.materials.get(material.name)
        bare = is_bare(said.channel, given)
        state = looked.states[material.name] = _state(material, given, one, looked.facts, is_bare=bare)
        if state == MaterialState.MISSING:
            message = _("缺少材料“%(name)s”。请上传；确实没有的，可到窗口办理。")
            looked.problems.append(
                Refused("missing_material", message % {"name": material.name}, field=f"material_{number}")
            )
        if state == MaterialState.HANDED and is_bare(said.channel, given):
            message = _("请上传“%(name)s”的照片或文件。")
            looked.problems.append(
                Refused("file_needed", message % {"name": material.name}, field=f"material_{number}")
            )


_WORST = (
    MaterialState.MISSING,
    MaterialState.DEFERRED,
    MaterialState.PROMISED,
    MaterialState.HANDED,
    MaterialState.HELD,
)


def _state(
    material: MergedMaterial, given: Given | None, one: Whole, facts: Mapping[str, Any], *, is_bare: bool
) -> str:
    """For the part that it is hardest for."""
    found = set()
    for slug, wanted in material.wanted.items():
        needed = is_needed(wanted.condition, wanted.needed_when, one.form.of_part(slug, facts))
        found.add(case_rules.state_of(wanted, given.state if given else "", holds=needed, is_bare=is_bare))
    return next((state for state in _WORST if state in found), MaterialState.NOT_NEEDED)


def _demand_none_open(
    said: BundleSubmission, version: BundleVersion, firm: Firm | None, by: Actor, at: datetime
) -> Found:  # fmt: skip
    """Not the same again while one is open, but for the very form that was sent before.  Who it is."""
    person = find_or_create_person(
        name=said.name, phone=said.phone, email=said.email, citizen_id=said.citizen_id, by=by, at=at
    )
    assert person.person_id is not None  # a name and a number were given
    in_turn([firm.pk if firm else person.person_id])
    if said.is_another:
        return person
    known = [one.pk for one in m.opened_under([m.form_key("hall-one", said.key)]).values()]
    rows = BundleCase.objects.filter(version__bundle=version.bundle_id, firm=firm, is_open=True)
    rows = rows if firm else rows.filter(matter__reporter=person.person_id)
    if found := rows.exclude(pk__in=known).values_list("matter__number", flat=True).first():
        message = _("您已申请过这件事，正在办理（编号%(number)s）。确需另办一件的，请勾选“这是另一件”后再提交。")
        raise Conflict("already_open", message % {"number": found}, field="is_another")
    return person


def _opening(
    said: BundleSubmission, version: BundleVersion, one: Whole, facts: dict[str, Any], firm: Firm | None, found: Found
) -> m.Opening:  # fmt: skip
    bundle = version.bundle
    way = [(one.name_of(slug), one.versions[slug].promised_days or 0) for slug in one.way]
    own = {
        "version": str(version.pk), "firm_id": str(firm.pk) if firm else None, "facts": facts,
        "delivery": said.delivery, "deliver_to": clean(said.deliver_to)[:200],
        "days": max(one.days, 1), "basis": _basis(version, way), "basis_en": _basis_en(version, way),
        "parts": {part.slug: str(one.versions[part.slug].item_id) for part in version.defined.parts},
    }  # fmt: skip
    return m.Opening(
        kind=KIND, subkind=SUBKIND, title=bundle.name, text=f"一件事一次办：{bundle.name}", channel=said.channel, lead_id=bundle.organ_id,
        reporter=m.Reporter(name=said.name, phone=said.phone, email=said.email, citizen_id=said.citizen_id), found=found,
        key=m.form_key("hall-one", said.key), code=m.form_code("hall.one", said.key), own=own,
        facts={"bundle": bundle.code, "version": version.number},
    )  # fmt: skip


def _basis(version: BundleVersion, way: Sequence[tuple[str, int]]) -> str:
    steps = " + ".join(f"{name}{days}个工作日" if days else f"{name}当场" for name, days in way)
    taken_in = f"各环节受理各{rules.TAKEN_IN_WITHIN}个工作日"
    return f"“{version.bundle.name}”第{version.number}版：依次办理的各环节承诺时限之和（{steps}），加{taken_in}，其余环节同时办理"[
        :300
    ]


def _basis_en(version: BundleVersion, way: Sequence[tuple[str, int]]) -> str:
    steps = " + ".join(f"{name} {days}" for name, days in way)
    taken_in = f"and {rules.TAKEN_IN_WITHIN} for accepting each part"
    return f"{version.bundle.name}, version {version.number}: promised limits of the longest way in working days ({steps}), {taken_in}"[
        :300
    ]


def opened(matters: Sequence[m.Matter], openings: Sequence[m.Opening]) -> None:
    """The line's own rows beside each new matter (``Kind.opened``)."""
    for matter, opening in zip(matters, openings, strict=True):
        own = opening.own
        kept = {name: own[name] for name in ("firm_id", "facts", "delivery", "deliver_to", "days", "basis", "basis_en")}
        case = BundleCase.objects.create(matter_id=matter.pk, version_id=own["version"], **kept)
        BundlePart.objects.bulk_create(
            BundlePart(case=case, slug=slug, item_id=item, at=matter.opened_at) for slug, item in own["parts"].items()
        )


def terms(matters: Sequence[m.Matter], openings: Sequence[Any] | None) -> dict[UUID, dict[str, m.Terms | None]]:
    """The longest way as the limit of the whole (``Kind.terms``)."""
    if openings is not None:
        own = {matter.pk: opening.own for matter, opening in zip(matters, openings, strict=True)}
    else:
        cases = BundleCase.objects.in_bulk([matter.pk for matter in matters])
        own = {pk: {"days": c.days, "basis": c.basis, "basis_en": c.basis_en} for pk, c in cases.items()}
    return {
        pk: {"whole": m.Terms(one["days"], m.Unit.WORKING_DAYS, one["basis"], one["basis_en"], 50, 100)}
        for pk, one in own.items()
    }


def _keep(
    matter: m.Matter, said: BundleSubmission, states: Mapping[str, str], by: Actor, at: datetime
) -> None:  # fmt: skip
    kept: dict[str, Any] = {}
    for name, state in states.items():
        given = said.materials.get(name)
        files = m.attach(matter, given.files, by=by, at=at, purpose=m.Purpose.MATERIAL) if given and given.files else []
        kept[name] = {"state": str(state), "files": [str(one.pk) for one in files]}
    BundleCase.objects.filter(pk=matter.pk).update(materials=kept)


def erased(ids: Sequence[UUID], action: str) -> None:
    """What was answered and where it was sent goes with the words of a matter (``Kind.erased``)."""
    if not action:
        blank: dict[str, Any] = {"facts": {}, "deliver_to": ""}
        BundleCase.objects.filter(matter__in=ids).update(**blank)


def written(matter: m.Matter) -> Iterable[tuple[str, str]]:
    """What was answered and where it is sent, for who asks what is held (``Kind.written``)."""
    case: BundleCase = matter.bundle_case
    for name, value in case.facts.items():
        yield name, str(value)
    yield str(_("收件地址")), case.deliver_to
