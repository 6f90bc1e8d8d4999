"""Before it is submitted: what is wrong within one answer, between answers, and between the documents that came of them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.money import amount, from_capitals, in_ten_thousands
from zhitong.kernel.register.public import Duty, FirmKind, HolderKind, NewFirm, held

from .members import LEADING
from .parts import Case, ChangeKind, Finding, World, money
from .plain import KIND_TEXT, MOST_FOUNDERS, MOST_LIMITED, fits_kind
from .reading import case_of, read

# Kinds that are not applied for together, and what to do instead.
APART = (
    ("capital_up", "capital_down", _("注册资本不能同时增加和减少，请只选一项。")),
    ("legal", "legal_name", _("换人的选“法定代表人变更”，同一人改名的选“法定代表人姓名变更”，请只选一项。")),
)
SHARES_OF = {"capital_up": "shares_more", "capital_down": "shares_less", "transfer": "transfers"}
# What every document that says it must say alike.
SHARED = ("company", "code", "legal", "capital", "apply_on", "resolution_on", "established")


def check(
    kinds: tuple[ChangeKind, ...], firm: NewFirm, answers: Mapping[str, Any], world: World
) -> tuple[Case, list[Finding]]:
    """The application, and everything to be mended before it can be submitted, in the order of the form.  Nothing found: it may go."""
    values, findings = read(kinds, answers, world)
    case = case_of(kinds, firm, values)
    findings += _of_choice(case)
    for kind in kinds:
        if kind.check:
            findings += kind.check(firm, case.after, values, world)
    findings += [*_of_days(case, world), *_of_company(case), *_of_officers(case), *_of_people(case)]
    return case, list({(one.field, str(one.message)): one for one in findings}.values())


def _of_choice(case: Case) -> list[Finding]:
    if not case.kinds:
        return [Finding("kinds", _("请至少选择一项变更。"))]
    if case.before.kind not in KIND_TEXT:
        return [Finding("kinds", _("目前只有公司可以用小智帮办，其他市场主体请到窗口办理。"))]
    return [Finding("kinds", message) for one, other, message in APART if {one, other} <= case.slugs]


def _of_days(case: Case, world: World) -> list[Finding]:
    apply_on, resolution_on = case.values.get("apply_on"), case.values.get("resolution_on")
    since, found = case.before.established_on, []
    if apply_on and apply_on > world.today:
        found.append(Finding("apply_on", _("申请日期不能晚于今天。")))
    if apply_on and apply_on < since:
        found.append(Finding("apply_on", _("日期不能早于公司成立日期。")))
    if resolution_on and apply_on and resolution_on > apply_on:
        found.append(Finding("resolution_on", _("决议日期不能晚于申请日期。")))
    if resolution_on and resolution_on < since:
        found.append(Finding("resolution_on", _("日期不能早于公司成立日期。")))
    return found


def _of_company(case: Case) -> list[Finding]:
    """Name and kind, how many hold it, and that the shares add up."""
    after, found = case.after, []
    if case.slugs & {"name", "kind"} and not fits_kind(after.name, after.kind):
        field, message = "new_kind", _("公司类型为%(kind)s，名称的结尾须与类型一致；请同时选“名称变更”。")
        if "name" in case.slugs:
            field, message = "new_name", _("公司类型为%(kind)s，名称的结尾须与类型一致；请修改名称。")
        found.append(Finding(field, message % {"kind": KIND_TEXT.get(after.kind, "")}))
    most = MOST_LIMITED if after.kind == FirmKind.LIMITED else MOST_FOUNDERS
    place = next((SHARES_OF[slug] for slug in SHARES_OF if slug in case.slugs), None)
    if place and after.holders:
        if len(after.holders) > most:
            found.append(Finding(place, _("股东人数不能超过%(most)d人。") % {"most": most}))
        total = held(after.holders)
        if after.capital is not None and total != after.capital:
            message = _("各股东认缴出资合计%(sum)s万元，与变更后的注册资本%(total)s万元不一致，请核对。")
            sums = {"sum": in_ten_thousands(total), "total": in_ten_thousands(after.capital)}
            found.append(Finding(place, message % sums))
    return found


def _of_officers(case: Case) -> list[Finding]:
    """Company Law, articles 10 and 76: who leads may represent; who supervises may not lead."""
    slugs, found = case.slugs, []
    if not slugs & {"legal", "officers"} or not case.after.officers:
        return []
    place = "officers" if "officers" in slugs else "legal_post"
    leading = {duty for duty, _label in LEADING}
    of = {o.name: {one.duty for one in case.after.officers if one.name == o.name} for o in case.after.officers}
    for name, duties in of.items():
        if Duty.SUPERVISOR in duties and duties & leading:
            found.append(
                Finding(place, _("%(name)s不能既是监事又是董事或经理（《公司法》第七十六条）。") % {"name": name})
            )
    if case.after.legal.name and not of.get(case.after.legal.name, set()) & leading:
        message = _("法定代表人%(name)s须同时是董事或经理，请在董事、监事、经理中列出（《公司法》第十条）。")
        found.append(Finding(place, message % {"name": case.after.legal.name}))
    return found


def _of_people(case: Case) -> list[Finding]:
    """One number, one person: the same citizen id under two names, or one name with two ids."""
    numbers: dict[str, str] = {}
    named: dict[str, str] = {}
    found = []
    for field, name, number in _people(case):
        if not name or not number:
            continue
        if numbers.setdefault(number, name) != name:
            message = _("身份证号与“%(name)s”的相同，请核对姓名和号码。")
            found.append(Finding(field, message % {"name": numbers[number]}))
        if named.setdefault(name, number) != number:
            found.append(Finding(field, _("“%(name)s”的身份证号与别处或登记的不一致，请核对。") % {"name": name}))
    return found


def _people(case: Case) -> Iterable[tuple[str, str, str]]:
    """Everybody with a number: as registered and not renamed, then as typed."""
    firm, values = case.after, case.values
    if "legal" not in case.slugs:
        yield "kinds", firm.legal.name, firm.legal.citizen_id
    if not case.slugs & set(SHARES_OF):
        yield from (("renames", h.name, h.number) for h in firm.holders if h.kind == HolderKind.PERSON)
    for field in ("legal", "agent", "liaison"):
        yield f"{field}_id", values.get(f"{field}_name") or "", values.get(f"{field}_id") or ""
    for row in values.get("officers") or ():
        yield f"{row['at']}-citizen_id", row["name"] or "", row["citizen_id"] or ""
    for slug, name in (("shares_more", "name"), ("shares_less", "name"), ("transfers", "buyer")):
        for row in values.get(slug) or ():
            if row["kind"] == HolderKind.PERSON:
                yield f"{row['at']}-number", row[name] or "", row["number"] or ""


def disagreements(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """What documents of one application, (title, facts), do not say alike: shared facts that differ, sums whose digits and capitals
    differ, shares that do not add up.  A second pair of eyes on whoever declares a kind or a document; empty when they agree."""
    said: dict[str, tuple[str, Any]] = {}
    found = []
    for title, facts in documents:
        for slug in SHARED:
            value = facts.get(slug)
            if value and said.setdefault(slug, (title, value))[1] != value:
                found.append(f"{title}: {slug} {value} ≠ {said[slug][0]}: {said[slug][1]}")
        found += [f"{title}: {problem}" for problem in _sums(facts)]
    return found


def _sums(facts: Mapping[str, Any]) -> Iterable[str]:
    for slug, text in facts.items():
        if slug.endswith("_words") and text:
            digits = str(facts.get(slug.removesuffix("_words"), ""))
            if amount(digits, "万元") != from_capitals(str(text)):
                yield f"{slug} {text} ≠ {digits}"
    rows, capital = facts.get("holders"), amount(str(facts.get("capital") or ""), "万元")
    if rows and capital is not None:
        total = sum((money(amount(str(row.get("amount", "")), "万元")) for row in rows), Decimal(0))
        if total != capital:
            yield f"holders {total} ≠ {capital}"
