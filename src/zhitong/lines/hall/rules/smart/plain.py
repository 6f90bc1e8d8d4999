"""Changes of what a firm is called, where it sits, what it does and for how long; filings of its articles and branches."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.register.public import FirmKind, NewFirm

from .parts import CHANGE, FILING, Ask, ChangeKind, Finding, Values, World, day_text, term_text

KIND_TEXT = {"limited": "有限责任公司", "shares": "股份有限公司"}
ENDINGS = {FirmKind.LIMITED: ("有限公司", "有限责任公司"), FirmKind.SHARES: ("股份有限公司", "股份公司")}
SHORTEST_NAME, LONGEST_NAME, MOST_LIMITED, MOST_FOUNDERS = 6, 60, 50, 200
PREMISES = (("own", _("自有")), ("lease", _("租赁")), ("free", _("无偿使用")))
PREMISES_TEXT = {"own": "自有", "lease": "租赁", "free": "无偿使用"}


def _same(field: str, old: Any, new: Any) -> list[Finding]:
    return [Finding(field, _("与现登记的内容相同，请核对。"))] if new and new == old else []


def _check_name(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    name = values.get("new_name")
    if not name:
        return []
    found = _same("new_name", before.name, name)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or any(c.isspace() for c in name):
        found.append(Finding("new_name", _("请填写企业名称全称，6至60个字，中间不留空格。")))
    elif not found and world.is_name_taken(name):
        found.append(Finding("new_name", _("该名称已有企业使用，请换一个名称。")))
    return found


def fits_kind(name: str, kind: str) -> bool:
    """Whether a company's name ends as its kind asks (Company Law, article 7)."""
    if kind == FirmKind.LIMITED:
        return name.endswith(ENDINGS[FirmKind.LIMITED]) and not name.endswith(ENDINGS[FirmKind.SHARES])
    return kind != FirmKind.SHARES or name.endswith(ENDINGS[FirmKind.SHARES])


NAME = ChangeKind(
    "name", _("名称变更"), CHANGE,
    (Ask("new_name", _("新名称"), help=_("已自主申报的企业名称全称，以“有限公司”“有限责任公司”或“股份有限公司”结尾。")),),
    called="名称", rows=lambda before, after, values: [("公司名称", before.name, after.name)],
    apply=lambda firm, values: replace(firm, name=values.get("new_name") or firm.name),
    resolved=lambda before, after, values: [f"公司名称由“{before.name}”变更为“{after.name}”。"],
    check=_check_name, in_charter=True,
)  # fmt: skip


def _check_address(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    address, street = values.get("new_address"), world.street_of(values.get("new_division") or "")
    found = _same("new_address", before.address, address)
    if address and street and "街道" in address and street not in address:
        found.append(Finding("new_address", _("住所写的街道与所选的“%(street)s”不一致，请核对。") % {"street": street}))
    until, apply_on = values.get("lease_until"), values.get("apply_on")
    if until and apply_on and until <= apply_on:
        found.append(Finding("lease_until", _("租赁期限应晚于申请日期。")))
    return found


ADDRESS = ChangeKind(
    "address", _("住所变更"), CHANGE,
    (Ask("new_division", _("新住所所在街道"), "division"), Ask("new_address", _("新住所"), help=_("写到门牌和房间号。")),
     Ask("premises", _("房屋使用方式"), "choice", choices=PREMISES), Ask("owner", _("产权人")),
     Ask("lease_until", _("租赁期限至"), "day", only=("premises", "lease"))),
    called="住所", rows=lambda before, after, values: [("住所", before.address, after.address)],
    apply=lambda firm, values: replace(firm, address=values.get("new_address") or firm.address),
    resolved=lambda before, after, values: [f"公司住所由“{before.address}”变更为“{after.address}”。"],
    check=_check_address, in_charter=True, documents=("smart_premises",),
)  # fmt: skip

SCOPE = ChangeKind(
    "scope", _("经营范围变更"), CHANGE,
    (Ask("new_scope", _("新经营范围"), "long", help=_("按经营范围规范表述填写，写全变更后的经营范围。"), starts=lambda firm: firm.scope),),
    called="经营范围", rows=lambda before, after, values: [("经营范围", before.scope, after.scope)],
    apply=lambda firm, values: replace(firm, scope=values.get("new_scope") or firm.scope),
    resolved=lambda before, after, values: [f"公司经营范围变更为：{after.scope}"],
    check=lambda before, after, values, world: _same("new_scope", before.scope, values.get("new_scope")), in_charter=True,
)  # fmt: skip


def _new_term(firm: NewFirm, values: Values) -> NewFirm:
    if values.get("new_term") == "open":
        return replace(firm, term_until=None)
    return replace(firm, term_until=values.get("new_until") or firm.term_until)


def _check_term(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    until, apply_on = values.get("new_until"), values.get("apply_on")
    if values.get("new_term") == "open":
        return [Finding("new_term", _("与现登记的内容相同，请核对。"))] if before.term_until is None else []
    found = _same("new_until", before.term_until, until)
    if until and until <= before.established_on:
        found.append(Finding("new_until", _("营业期限应晚于公司成立日期。")))
    elif until and apply_on and until <= apply_on:
        found.append(Finding("new_until", _("营业期限应晚于申请日期。")))
    return found


TERM = ChangeKind(
    "term", _("营业期限变更"), CHANGE,
    (Ask("new_term", _("新营业期限"), "choice", choices=(("open", _("长期")), ("until", _("到某日")))),
     Ask("new_until", _("期限至"), "day", only=("new_term", "until"))),
    called="营业期限", rows=lambda before, after, values: [("营业期限", term_text(before.term_until), term_text(after.term_until))], apply=_new_term,
    resolved=lambda before, after, values: [f"公司营业期限变更为{term_text(after.term_until)}。"], check=_check_term, in_charter=True,
)  # fmt: skip


def _check_kind(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    return _same("new_kind", before.kind, values.get("new_kind"))


KIND = ChangeKind(
    "kind", _("公司类型变更"), CHANGE,
    (Ask("new_kind", _("新类型"), "choice", choices=tuple((k, FirmKind(k).label) for k in KIND_TEXT),
         help=_("名称的结尾须与类型一致，不一致的要同时选“名称变更”。")),),
    called="公司类型", rows=lambda before, after, values: [("公司类型", KIND_TEXT.get(before.kind, ""), KIND_TEXT.get(after.kind, ""))],
    apply=lambda firm, values: replace(firm, kind=values.get("new_kind") or firm.kind),
    resolved=lambda before, after, values: [
        f"公司类型由{KIND_TEXT.get(before.kind, '')}变更为{KIND_TEXT.get(after.kind, '')}，原公司的债权、债务由变更后的公司承继。"
    ],
    check=_check_kind, in_charter=True, documents=("smart_holders",),
)  # fmt: skip

CHARTER = ChangeKind(
    "charter", _("公司章程备案"), FILING,
    (Ask("charter_clause", _("修改的条款"), help=_("如：第二十条")), Ask("charter_old", _("原条款内容"), "long"),
     Ask("charter_new", _("修改后的条款内容"), "long")),
    called="公司章程", rows=lambda before, after, values: [
        (f"章程{values.get('charter_clause') or ''}", values.get("charter_old") or "", values.get("charter_new") or "")
    ],
    resolved=lambda before, after, values: [f"修改公司章程{values.get('charter_clause') or ''}。"],
    check=lambda before, after, values, world: _same("charter_new", values.get("charter_old"), values.get("charter_new")),
    in_charter=True,
)  # fmt: skip


def _check_branch(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    name, on, found = values.get("branch_name"), values.get("branch_on"), []
    if name and not (name.startswith(after.name) and name.endswith(("分公司", "分店", "分部"))):
        found.append(
            Finding("branch_name", _("分公司名称应以公司名称“%(name)s”开头，以“分公司”结尾。") % {"name": after.name})
        )
    if on and on > world.today:
        found.append(Finding("branch_on", _("日期不能晚于今天。")))
    elif on and on < before.established_on:
        found.append(Finding("branch_on", _("日期不能早于公司成立日期。")))
    if values.get("branch_code") == before.code:
        found.append(Finding("branch_code", _("请填写分公司自己的代码，不是公司的代码。")))
    return found


BRANCH = ChangeKind(
    "branch", _("分公司备案"), FILING,
    (Ask("branch_name", _("分公司名称")), Ask("branch_code", _("分公司统一社会信用代码"), "credit"),
     Ask("branch_address", _("分公司经营场所")), Ask("branch_head", _("分公司负责人"), "name"), Ask("branch_on", _("分公司成立日期"), "day")),
    called="分公司", rows=lambda before, after, values: [
        ("分公司", "", f"{values.get('branch_name') or ''}（{values.get('branch_code') or ''}），{day_text(values.get('branch_on'))}成立")
    ],
    check=_check_branch, documents=("smart_branch",),
)  # fmt: skip
