"""Registering firms, and changing what is registered of one."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record, record_many

from ..choices import HolderKind
from ..models import Firm, FirmChange, Holder, Officer
from ..permissions import MANAGE_FIRMS
from ..queries.firms import firm_in_full, given_of, people_of
from ..queries.people import find_by_citizen_id
from ..rules import NewFirm, NewHolder, NewOfficer, NewPerson, name_key, wrong_parts
from .correcting import correct_person
from .firm_changes import keep_change
from .people import find_or_create_many, prepare

_WRONG = {
    "code": _("统一社会信用代码不正确，请核对18位代码。"),
    "name": _("请填写企业名称，120个字以内。"),
    "kind": _("请选择市场主体类型。"),
    "state": _("请选择登记状态。"),
    "legal": _("请填写法定代表人（经营者、投资人、执行事务合伙人）的姓名。"),
    "capital": _("公司须有注册资本，且应大于零。"),
    "address": _("请填写住所，200个字以内。"),
    "scope": _("经营范围过长，请控制在4000个字以内。"),
    "established_on": _("成立日期不正确，不能晚于今天。"),
    "term_until": _("营业期限不能早于成立日期。"),
    "holders": _("股东信息不正确：每名股东须有名称和出资额，证照号码须正确，公司的出资额合计须等于注册资本。"),
    "officers": _("董事、监事、经理人数过多，请核对。"),
}
PLAIN = (
    "name", "kind", "state", "capital", "division_id", "address", "scope", "established_on", "term_until", "registered_by",
)  # fmt: skip
PEOPLE = ("legal", "liaison", "holders", "officers")


def register_firms(many: Sequence[NewFirm], *, by: Actor, at: datetime) -> list[Firm]:
    """Each of ``many`` registered, in order; a handful of statements for any number.

    People of one firm with the same name are one person unless their citizen ids differ.  Needs ``register.manage_firms``.
    Raises ``Refused`` naming the wrong part (``firm_code``, …) and ``Conflict`` for a code or a name that is taken.
    """
    by.demand(MANAGE_FIRMS)
    given = [checked(new, at) for new in many]
    with transaction.atomic():
        crews = _crews(given, by, at)
        firms = [_row(new, crew, at) for new, crew in zip(given, crews, strict=True)]
        try:
            with transaction.atomic():
                Firm.objects.bulk_create(firms)
        except IntegrityError as error:
            raise _taken(error) from error
        _write_members(list(zip(firms, given, crews, strict=True)))
        record_many([
            Happening("firm.registered", firm.pk, "firm", at, by, {"code": firm.code, "name": firm.name}, is_first=True)
            for firm in firms
        ])  # fmt: skip
    return firms


def change_firm(
    firm_id: UUID, *, by: Actor, at: datetime, origin: UUID | None = None, renames: bool = False, **changes: Any
) -> list[str]:
    """Other facts of a firm, by the names of ``NewFirm``; holders and officers are given whole.  Which parts changed.

    The code never changes.  What a person is known by already need not be given again.  With ``renames`` the same citizen id under
    another name is the same person, who is called so from now on.  ``origin`` is what the change rests on, for ``undo_change``.
    Needs ``register.manage_firms``.  Raises ``Refused`` naming the wrong part, ``Conflict`` for a name that is taken.
    """
    by.demand(MANAGE_FIRMS)
    unknown = set(changes) - {field.name for field in fields(NewFirm)} | set(changes) & {"code"}
    if unknown:
        raise TypeError(f"no such parts of a firm: {sorted(unknown)}")
    with transaction.atomic():
        if not Firm.objects.select_for_update().filter(pk=firm_id).exists():
            raise NotFound("no_firm", _("没有登记这家企业，请核对统一社会信用代码。"))
        firm = firm_in_full(firm_id)
        before = given_of(firm)
        after, changed = compared(before, changes, at)
        if changed:
            if renames:
                _rename(before, after, by, at)
            named = people_of(firm)
            _rewrite(firm, before, after, changed, by, at)
            if origin:
                keep_change(origin, firm.pk, (before, after), changed, named, at)
    return changed


def compared(before: NewFirm, changes: Mapping[str, Any], at: datetime) -> tuple[NewFirm, list[str]]:
    """What a firm would be with these changes, and which parts would be others; raises ``Refused`` naming the first wrong part."""
    after = checked(_known(replace(before, **changes), before), at)
    return after, [part for part in (*PLAIN, *PEOPLE) if getattr(after, part) != getattr(before, part)]


def checked(new: NewFirm, at: datetime) -> NewFirm:
    """``new`` in the spelling that is stored; raises ``Refused`` naming the first wrong part."""
    wrong = wrong_parts(new, timezone.localdate(at))
    if wrong:
        raise Refused(f"firm_{wrong[0]}", _WRONG[wrong[0]], wrong[0])
    for field in ("legal", "liaison"):
        prepare_of(new, field)
    texts: dict[str, Any] = {name: clean(getattr(new, name)) for name in ("name", "address", "scope", "registered_by")}
    code = citizen.credit_code(new.code) or ""
    holders = tuple(replace(h, name=clean(h.name), number=_number(h)) for h in new.holders)
    officers = tuple(replace(o, name=clean(o.name)) for o in new.officers)
    return replace(new, code=code, holders=holders, officers=officers, **texts)


def prepare_of(new: NewFirm, field: str) -> None:
    """Refuse a wrong phone or citizen id of the legal representative or the liaison, naming the part."""
    try:
        prepare(getattr(new, field))
    except Refused as refused:
        raise Refused(refused.code, refused.message, f"{field}_{refused.field}") from refused


def _number(holder: NewHolder) -> str:
    check = {HolderKind.PERSON: citizen.citizen_id, HolderKind.FIRM: citizen.credit_code}.get(holder.kind)  # type: ignore[call-overload]
    return (check(holder.number) if check and holder.number else clean(holder.number)) or ""


def _known(after: NewFirm, before: NewFirm) -> NewFirm:
    """``after`` with the numbers that are known of people of the same name."""
    known = {name_key(p.name): p for p in _people(before)}

    def whole(new: NewPerson, old: NewPerson) -> NewPerson:
        if name_key(new.name) != name_key(old.name):
            return new
        return NewPerson(new.name, new.phone or old.phone, new.email or old.email, new.citizen_id or old.citizen_id)

    def number(name: str, given: str) -> str:
        same = known.get(name_key(name))
        return given or (same.citizen_id if same else "")

    return replace(
        after, legal=whole(after.legal, before.legal), liaison=whole(after.liaison, before.liaison),
        holders=tuple(replace(h, number=number(h.name, h.number)) if h.kind == HolderKind.PERSON else h for h in after.holders),
        officers=tuple(replace(o, citizen_id=number(o.name, o.citizen_id)) for o in after.officers),
    )  # fmt: skip


def _people(new: NewFirm) -> list[NewPerson]:
    """Everybody of the firm once: the same name is the same person unless the citizen ids differ."""
    natural = [NewPerson(h.name, citizen_id=h.number) for h in new.holders if h.kind == HolderKind.PERSON]
    named = [new.legal, new.liaison, *natural, *(NewPerson(o.name, citizen_id=o.citizen_id) for o in new.officers)]
    found: list[NewPerson] = []
    for one in named:
        if not (one.name or one.phone):
            continue
        at = next((n for n, other in enumerate(found) if _is_same(one, other)), None)
        if at is None:
            found.append(one)
        else:
            o = found[at]
            found[at] = NewPerson(o.name, o.phone or one.phone, o.email or one.email, o.citizen_id or one.citizen_id)
    return found


def _rename(before: NewFirm, after: NewFirm, by: Actor, at: datetime) -> None:
    known = {citizen.citizen_id(p.citizen_id): p.name for p in _people(before) if p.citizen_id}
    for one in _people(after):
        number = citizen.citizen_id(one.citizen_id) if one.citizen_id else None
        person = find_by_citizen_id(one.citizen_id) if number and known.get(number, one.name) != one.name else None
        if person:
            correct_person(person.pk, name=one.name, by=by, at=at)


def _is_same(one: NewPerson, other: NewPerson) -> bool:
    ids = {citizen.citizen_id(p.citizen_id) for p in (one, other) if p.citizen_id}
    return name_key(one.name) == name_key(other.name) and len(ids) < 2


class _Crew:
    """The people of one firm, with their ids in the register."""

    def __init__(self, people: Sequence[NewPerson], ids: Sequence[UUID | None]) -> None:
        self._found = list(zip(people, ids, strict=True))

    def id_of(self, name: str, citizen_id: str = "") -> UUID | None:
        """Who that is."""
        wanted = NewPerson(name, citizen_id=citizen_id)
        return next((pk for person, pk in self._found if _is_same(wanted, person)), None) if name else None


def _crews(
    given: Sequence[NewFirm], by: Actor, at: datetime, known: Mapping[str, UUID] = MappingProxyType({})
) -> list[_Crew]:
    """Their people registered; who gives nothing but a name that is ``known`` is who had it before."""

    def before(one: NewPerson) -> UUID | None:
        return None if one.phone or one.email or one.citizen_id else known.get(name_key(one.name))

    people = [_people(new) for new in given]
    unknown = [one for some in people for one in some if before(one) is None]
    found = iter(find_or_create_many(unknown, by=by, at=at))
    return [_Crew(some, [before(one) or next(found).person_id for one in some]) for some in people]


def _row(new: NewFirm, crew: _Crew, at: datetime) -> Firm:
    facts = {name: getattr(new, name) for name in PLAIN}
    return Firm(code=new.code, words=_words(new), created_at=at, changed_at=at, **facts, **_ties(new, crew))


def _ties(new: NewFirm, crew: _Crew) -> dict[str, UUID | None]:
    liaison = crew.id_of(new.liaison.name, new.liaison.citizen_id)
    return {"legal_id": crew.id_of(new.legal.name, new.legal.citizen_id), "liaison_id": liaison}


def _words(new: NewFirm) -> str:
    return tsvector(new.name, new.address)


def _write_members(many: Sequence[tuple[Firm, NewFirm, _Crew]]) -> None:
    Holder.objects.bulk_create([
        _holder(firm, n, holder, crew) for firm, new, crew in many for n, holder in enumerate(new.holders)
    ])  # fmt: skip
    Officer.objects.bulk_create([
        _officer(firm, n, officer, crew) for firm, new, crew in many for n, officer in enumerate(new.officers)
    ])  # fmt: skip


def _holder(firm: Firm, position: int, new: NewHolder, crew: _Crew) -> Holder:
    is_person = new.kind == HolderKind.PERSON
    return Holder(
        firm=firm, position=position, kind=new.kind, person_id=crew.id_of(new.name, new.number) if is_person else None,
        title="" if is_person else new.name, number="" if is_person else new.number, amount=new.amount, way=new.way, due_on=new.due_on,
    )  # fmt: skip


def _officer(firm: Firm, position: int, new: NewOfficer, crew: _Crew) -> Officer:
    return Officer(firm=firm, position=position, person_id=crew.id_of(new.name, new.citizen_id), duty=new.duty)


def _rewrite(firm: Firm, before: NewFirm, after: NewFirm, changed: list[str], by: Actor, at: datetime) -> None:
    for name in set(changed) & set(PLAIN):
        setattr(firm, name, getattr(after, name))
    if set(changed) & set(PEOPLE):
        (crew,) = _crews([after], by, at, {name_key(person.name): person.pk for person in people_of(firm)})
        for name, value in _ties(after, crew).items():
            setattr(firm, name, value)
        firm.holders.all().delete()
        firm.officers.all().delete()
        _write_members([(firm, after, crew)])
    firm.words, firm.changed_at = _words(after), at
    try:
        with transaction.atomic():
            firm.save()
    except IntegrityError as error:
        raise _taken(error) from error
    data = {
        "changes": {name: [getattr(before, name), getattr(after, name)] for name in changed if name in PLAIN},
        "parts": [name for name in changed if name in PEOPLE],
    }
    record("firm.changed", firm.pk, stream_kind="firm", at=at, by=by, data=data)


def _taken(error: IntegrityError) -> Refused:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if name == "firm_name_once":
        return Conflict("firm_name_taken", _("该名称已有企业使用，请核对或换一个名称。"), "name")
    if "code" in name:
        return Conflict("firm_code_taken", _("该统一社会信用代码已登记。"), "code")
    raise error


@transaction.atomic
def leave_firms(person_id: UUID, *, by: Actor, at: datetime) -> int:
    """Take a person out of every firm that names them: where keeping them was unlawful.  How many firms."""
    ids = set(Firm.objects.filter(legal=person_id).values_list("pk", flat=True))
    ids |= set(Firm.objects.filter(liaison=person_id).values_list("pk", flat=True))
    for model in (Holder, Officer):
        ids |= set(model.objects.filter(person=person_id).values_list("firm", flat=True))
        model.objects.filter(person=person_id).update(person=None)
    ids |= set(FirmChange.objects.filter(people__contains=[person_id]).values_list("firm", flat=True))
    FirmChange.objects.filter(people__contains=[person_id]).delete()
    Firm.objects.filter(legal=person_id).update(legal=None)
    Firm.objects.filter(liaison=person_id).update(liaison=None)
    for firm_id in sorted(ids):
        record("firm.changed", firm_id, stream_kind="firm", at=at, by=by, data={"changes": {}, "parts": ["erased"]})
    return len(ids)
