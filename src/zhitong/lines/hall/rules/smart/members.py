"""Changes of who holds a firm and of who runs it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.citizen import born_on
from zhitong.base.money import in_ten_thousands
from zhitong.kernel.register.public import (
    Contribution,
    Duty,
    HolderKind,
    NewFirm,
    NewHolder,
    NewOfficer,
    NewPerson,
    is_number_right,
)

from .parts import CHANGE, FILING, Ask, ChangeKind, Finding, Row, Values, World, day_text, money

WAYS = tuple(Contribution.choices)
DUTIES = tuple(Duty.choices)
HOLDER_KINDS = tuple(HolderKind.choices)
# Company Law (2023), article 10: the director or manager who carries out the company's affairs.
LEADING = tuple(
    (value, label) for value, label in DUTIES if value in (Duty.CHAIR, Duty.EXECUTIVE, Duty.DIRECTOR, Duty.MANAGER)
)
GROWN_UP, NOTICE_DAYS, MOST_YEARS_TO_PAY = 18, 45, 5
SHARES = ("name", "kind", "number", "amount", "way", "due_on")
DUTY_TEXT = {
    "chair": "董事长",
    "executive": "执行公司事务的董事",
    "director": "董事",
    "supervisor": "监事",
    "manager": "经理",
}


def held_text(holders: Sequence[NewHolder]) -> str:
    """As the forms list who holds how much."""
    return "；".join(f"{h.name}：{in_ten_thousands(h.amount)}万元" for h in holders)


def officers_text(officers: Sequence[NewOfficer]) -> str:
    """As the forms list who does what."""
    return "；".join(f"{DUTY_TEXT[o.duty]}：{o.name}" for o in officers)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the day before."""
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def age_on(citizen_id: str, day: date) -> int:
    """Full years."""
    born = born_on(citizen_id)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# Legal representative ------------------------------------------------------------------------------------------


def _new_legal(firm: NewFirm, values: Values) -> NewFirm:
    name, number = values.get("legal_name") or "", values.get("legal_id") or ""
    post, legal = values.get("legal_post") or "", NewPerson(name, values.get("legal_phone") or "", "", number)
    others = [o for o in firm.officers if o.duty != post or post == Duty.DIRECTOR]
    return replace(firm, legal=legal, officers=(NewOfficer(name, post, number), *others) if post else firm.officers)


def _check_legal(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    found, number = [], values.get("legal_id")
    if number and age_on(number, world.today) < GROWN_UP:
        found.append(Finding("legal_id", _("法定代表人须年满18周岁，请核对身份证号。")))
    if number and number == before.legal.citizen_id:
        found.append(
            Finding("legal_id", _("新法定代表人与现登记的是同一人，请核对；只是改名的，请改选“法定代表人姓名变更”。"))
        )
    return found


LEGAL = ChangeKind(
    "legal", _("法定代表人变更"), CHANGE,
    (
        Ask("legal_name", _("新法定代表人姓名"), "name"), Ask("legal_id", _("新法定代表人身份证号"), "citizen"),
        Ask("legal_phone", _("新法定代表人手机号"), "phone"),
        Ask("legal_post", _("在公司担任"), "choice", choices=LEADING, help=_("法定代表人由代表公司执行公司事务的董事或者经理担任。")),
    ),
    called="法定代表人", rows=lambda before, after, values: [("法定代表人", before.legal.name, after.legal.name)], apply=_new_legal,
    resolved=lambda before, after, values: [
        f"免去{before.legal.name}的法定代表人职务，选举（聘任）{after.legal.name}为公司"
        f"{DUTY_TEXT.get(values.get('legal_post') or '', '')}，并担任法定代表人。"
    ],
    check=_check_legal, documents=("smart_legal", "smart_appointment", "smart_officers"),
)  # fmt: skip

LEGAL_NAME = ChangeKind(
    "legal_name", _("法定代表人姓名变更"), CHANGE,
    (Ask("legal_new_name", _("法定代表人更改后的姓名"), "name", help=_("同一人改名，身份证号不变；须附公安机关的改名证明。")),),
    called="法定代表人", rows=lambda before, after, values: [("法定代表人姓名", before.legal.name, after.legal.name)],
    apply=lambda firm, values: _renamed(firm, firm.legal.name, values.get("legal_new_name") or firm.legal.name),
    check=lambda before, after, values, world: _differs("legal_new_name", before.legal.name, values.get("legal_new_name")),
    documents=("smart_legal",),
)  # fmt: skip


def _differs(field: str, before: Any, now: Any) -> list[Finding]:
    return [Finding(field, _("与现登记的内容相同，请核对。"))] if now and now == before else []


def _renamed(firm: NewFirm, old: str, new: str) -> NewFirm:
    """The same person or firm under another name, wherever the firm names them."""
    return replace(
        firm, legal=replace(firm.legal, name=new) if firm.legal.name == old else firm.legal,
        liaison=replace(firm.liaison, name=new) if firm.liaison.name == old else firm.liaison,
        holders=tuple(replace(h, name=new) if h.name == old else h for h in firm.holders),
        officers=tuple(replace(o, name=new) if o.name == old else o for o in firm.officers),
    )  # fmt: skip


# Capital -------------------------------------------------------------------------------------------------------


def _share_rows(firm: NewFirm) -> list[dict[str, Any]]:
    return [{name: getattr(holder, name) for name in SHARES} for holder in firm.holders]


def _shares(slug: str, label: Any, help_text: Any) -> Ask:
    columns = (
        Ask("name", _("股东"), "name"), Ask("kind", _("类型"), "choice", choices=HOLDER_KINDS), Ask("number", _("证照号码")),
        Ask("amount", _("变更后认缴（万元）"), "money"), Ask("way", _("出资方式"), "choice", choices=WAYS), Ask("due_on", _("出资日期"), "day"),
    )  # fmt: skip
    return Ask(slug, label, "rows", columns=columns, help=help_text, starts=_share_rows)


def _taken(values: Values, slug: str) -> tuple[NewHolder, ...]:
    return tuple(
        NewHolder(r["name"], r["amount"], r["kind"] or HolderKind.PERSON, r["number"] or "", r["way"] or Contribution.MONEY, r["due_on"])
        for r in values.get(slug) or () if r["name"] and r["amount"] is not None
    )  # fmt: skip


def _recapitalised(capital: str, shares: str) -> Any:
    def apply(firm: NewFirm, values: Values) -> NewFirm:
        return replace(
            firm, capital=values.get(capital) or firm.capital, holders=_taken(values, shares) or firm.holders
        )

    return apply


def _capital_rows(before: NewFirm, after: NewFirm, values: Values) -> list[Row]:
    old, new = (f"{in_ten_thousands(money(one.capital))}万元" for one in (before, after))
    return [("注册资本", old, new), ("股东出资", held_text(before.holders), held_text(after.holders))]


def _capital_resolved(word: str) -> Any:
    def resolved(before: NewFirm, after: NewFirm, values: Values) -> list[str]:
        old, new = (in_ten_thousands(money(one.capital)) for one in (before, after))
        return [f"公司注册资本由{old}万元{word}至{new}万元，{word}后各股东认缴出资为：{held_text(after.holders)}。"]

    return resolved


def _check_shares(capital: str, shares: str, *, up: bool) -> Any:
    def check(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
        found, total, old = [], values.get(capital), money(before.capital)
        rows = values.get(shares) or []
        if total is not None and (total <= old if up else total >= old):
            message = (
                _("增加后的注册资本应大于现登记的%(old)s万元。")
                if up
                else _("减少后的注册资本应小于现登记的%(old)s万元。")
            )
            found.append(Finding(capital, message % {"old": in_ten_thousands(old)}))
        added = sum((money(row["amount"]) for row in rows), Decimal(0))
        if total is not None and rows and all(row["amount"] is not None for row in rows) and added != total:
            message = _("各股东认缴出资合计%(sum)s万元，与变更后的注册资本%(total)s万元不一致，请核对。")
            found.append(Finding(shares, message % {"sum": in_ten_thousands(added), "total": in_ten_thousands(total)}))
        return [*found, *_check_rows(rows, before, values)]

    return check


def _check_rows(rows: Sequence[Values], before: NewFirm, values: Values) -> list[Finding]:
    found, names = [], [row["name"] for row in rows]
    apply_on = values.get("apply_on")
    for row in rows:
        if row["number"] and not is_number_right(row["kind"] or HolderKind.PERSON, row["number"]):
            found.append(Finding(f"{row['at']}-number", _("证照号码不正确，请核对。")))
        if row["amount"] is not None and row["amount"] <= 0:
            found.append(Finding(f"{row['at']}-amount", _("出资额应大于零；退出的股东请删去整行。")))
        if row["name"] and names.count(row["name"]) > 1:
            found.append(Finding(f"{row['at']}-name", _("同一股东写了两行，请合并。")))
        known = next((h for h in before.holders if h.name == row["name"]), None)
        is_new = known is None or (row["amount"] is not None and row["amount"] > known.amount)
        if is_new and row["due_on"] and apply_on and row["due_on"] > years_after(apply_on, MOST_YEARS_TO_PAY):
            message = _("出资期限不能超过五年（《公司法》第四十七条、第二百二十八条）。")
            found.append(Finding(f"{row['at']}-due_on", message))
    return found


CAPITAL_UP = ChangeKind(
    "capital_up", _("注册资本增加"), CHANGE,
    (Ask("capital_more", _("增加后的注册资本（万元）"), "money"),
     _shares("shares_more", _("增加后的股东出资"), _("每名股东填增加后的出资额，合计须等于注册资本；新股东另起一行。"))),
    called="注册资本", rows=_capital_rows, apply=_recapitalised("capital_more", "shares_more"), resolved=_capital_resolved("增加"),
    check=_check_shares("capital_more", "shares_more", up=True), in_charter=True, documents=("smart_holders",),
)  # fmt: skip


def _check_down(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    found = list(_check_shares("capital_less", "shares_less", up=False)(before, after, values, world))
    notice, apply_on = values.get("notice_on"), values.get("apply_on")
    if notice and apply_on and apply_on < notice + timedelta(days=NOTICE_DAYS):
        message = _("减少注册资本须自公告之日起满45日方可申请，最早为%(day)s。")
        found.append(Finding("notice_on", message % {"day": day_text(notice + timedelta(days=NOTICE_DAYS))}))
    return found


CAPITAL_DOWN = ChangeKind(
    "capital_down", _("注册资本减少"), CHANGE,
    (Ask("capital_less", _("减少后的注册资本（万元）"), "money"),
     _shares("shares_less", _("减少后的股东出资"), _("每名股东填减少后的出资额，合计须等于注册资本。")),
     Ask("notice_on", _("减资公告日期"), "day", help=_("在报纸上或者国家企业信用信息公示系统公告的日期。")),
     Ask("debts", _("债务情况"), "choice", choices=(("paid", _("债务已清偿")), ("secured", _("已提供担保")), ("none", _("无债权人提出要求"))))),
    called="注册资本", rows=_capital_rows, apply=_recapitalised("capital_less", "shares_less"), resolved=_capital_resolved("减少"),
    check=_check_down, in_charter=True, documents=("smart_holders", "smart_debts"),
)  # fmt: skip


# Shares change hands -------------------------------------------------------------------------------------------


def _transferred(firm: NewFirm, values: Values) -> NewFirm:
    """Each transfer, one after the other; who holds nothing any more is gone."""
    held = {h.name: h for h in firm.holders}
    for row in values.get("transfers") or ():
        seller, buyer, share = held.get(row["seller"] or ""), row["buyer"], row["amount"]
        if seller is None or not buyer or not share:
            continue
        kind, known = row["kind"] or HolderKind.PERSON, held.get(buyer)
        held[seller.name] = replace(seller, amount=seller.amount - share)
        if known:
            held[buyer] = replace(held[buyer], amount=held[buyer].amount + share)
        else:
            held[buyer] = NewHolder(buyer, share, kind, row["number"] or "", seller.way, seller.due_on)
    return replace(firm, holders=tuple(h for h in held.values() if h.amount > 0))


def _check_transfers(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    found, left = [], {h.name: h.amount for h in before.holders}
    for row in values.get("transfers") or ():
        at, seller, share = row["at"], row["seller"], row["amount"]
        if seller and seller not in left:
            found.append(Finding(f"{at}-seller", _("“%(name)s”不是登记的股东，请核对姓名或名称。") % {"name": seller}))
        elif seller and share is not None:
            left[seller] -= share
            if left[seller] < 0 or share <= 0:
                message = _("转让的出资额应大于零，且不能超过“%(name)s”所持的出资额。") % {"name": seller}
                found.append(Finding(f"{at}-amount", message))
            if row["buyer"]:
                left[row["buyer"]] = left.get(row["buyer"], Decimal(0)) + share
        if row["buyer"] and row["buyer"] == seller:
            found.append(Finding(f"{at}-buyer", _("受让方不能与转让方相同。")))
        if row["number"] and not is_number_right(row["kind"] or HolderKind.PERSON, row["number"]):
            found.append(Finding(f"{at}-number", _("证照号码不正确，请核对。")))
    agreed, apply_on = values.get("agreed_on"), values.get("apply_on")
    if agreed and apply_on and agreed > apply_on:
        found.append(Finding("agreed_on", _("协议签订日期不能晚于申请日期。")))
    if agreed and agreed < before.established_on:
        found.append(Finding("agreed_on", _("日期不能早于公司成立日期。")))
    return found


TRANSFER = ChangeKind(
    "transfer", _("股东（股权）变更"), CHANGE,
    (Ask("transfers", _("股权转让"), "rows", columns=(
        Ask("seller", _("转让方"), "name"), Ask("buyer", _("受让方"), "name"),
        Ask("kind", _("受让方类型"), "choice", choices=HOLDER_KINDS), Ask("number", _("受让方证照号码")),
        Ask("amount", _("转让出资额（万元）"), "money"), Ask("price", _("转让价款（万元）"), "money"),
     ), help=_("一笔转让一行，转让方须是登记的股东。")),
     Ask("agreed_on", _("转让协议签订日期"), "day")),
    called="股东", rows=lambda before, after, values: [("股东及出资", held_text(before.holders), held_text(after.holders))], apply=_transferred,
    resolved=lambda before, after, values: [
        f"同意{r['seller']}将其持有的公司{in_ten_thousands(money(r['amount']))}万元出资额以{in_ten_thousands(money(r['price']))}万元转让给"
        f"{r['buyer']}，其他股东放弃优先购买权。" for r in values.get("transfers") or ()
    ] + [f"转让后各股东认缴出资为：{held_text(after.holders)}。"],
    check=_check_transfers, in_charter=True, documents=("smart_transfer", "smart_holders"),
)  # fmt: skip


def _holders_renamed(firm: NewFirm, values: Values) -> NewFirm:
    for row in values.get("renames") or ():
        if row["old"] and row["new"]:
            firm = _renamed(firm, row["old"], row["new"])
    return firm


def _check_renames(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    known, found = {h.name for h in before.holders}, []
    for row in values.get("renames") or ():
        if row["old"] and row["old"] not in known:
            found.append(
                Finding(f"{row['at']}-old", _("“%(name)s”不是登记的股东，请核对姓名或名称。") % {"name": row["old"]})
            )
        found += _differs(f"{row['at']}-new", row["old"], row["new"])
    return found


HOLDER_NAME = ChangeKind(
    "holder_name", _("股东姓名（名称）变更"), CHANGE,
    (Ask("renames", _("股东改名"), "rows", columns=(Ask("old", _("原姓名（名称）"), "name"), Ask("new", _("新姓名（名称）"), "name")),
         starts=lambda firm: [{"old": h.name} for h in firm.holders][:1]),),
    called="股东", rows=lambda before, after, values: [("股东姓名（名称）", str(r["old"]), str(r["new"])) for r in values.get("renames") or ()],
    apply=_holders_renamed, check=_check_renames, in_charter=True, documents=("smart_holders",),
)  # fmt: skip


# Officers and the liaison -----------------------------------------------------------------------------------------


def _officer_rows(firm: NewFirm) -> list[dict[str, Any]]:
    return [{"duty": o.duty, "name": o.name, "citizen_id": o.citizen_id} for o in firm.officers]


def _new_officers(firm: NewFirm, values: Values) -> NewFirm:
    rows = [r for r in values.get("officers") or () if r["name"] and r["duty"]]
    given = tuple(NewOfficer(r["name"], r["duty"], r["citizen_id"] or "") for r in rows)
    return replace(firm, officers=given) if given else firm


def _check_officers(before: NewFirm, after: NewFirm, values: Values, world: World) -> list[Finding]:
    rows = [r for r in values.get("officers") or () if r["name"] and r["duty"]]
    duties, found = {r["duty"] for r in rows}, []
    if rows and not duties & {Duty.CHAIR, Duty.EXECUTIVE, Duty.DIRECTOR}:
        found.append(Finding("officers", _("须有一名执行公司事务的董事或者董事会成员。")))
    for row in rows:
        if row["citizen_id"] and age_on(row["citizen_id"], world.today) < GROWN_UP:
            found.append(Finding(f"{row['at']}-citizen_id", _("董事、监事、经理须年满18周岁，请核对身份证号。")))
    return found


OFFICERS = ChangeKind(
    "officers", _("董事、监事、经理备案"), FILING,
    (Ask("officers", _("变更后的董事、监事、经理"), "rows", columns=(
        Ask("duty", _("职务"), "choice", choices=DUTIES), Ask("name", _("姓名"), "name"), Ask("citizen_id", _("身份证号"), "citizen"),
     ), help=_("列出变更后的全部人员；一人任两职的写两行。"), starts=_officer_rows),),
    called="董事监事经理", rows=lambda before, after, values: [("董事、监事、经理", officers_text(before.officers), officers_text(after.officers))],
    apply=_new_officers,
    resolved=lambda before, after, values: [f"公司董事、监事、经理调整为：{officers_text(after.officers)}。"],
    check=_check_officers, documents=("smart_officers", "smart_appointment"),
)  # fmt: skip

LIAISON = ChangeKind(
    "liaison", _("联络员备案"), FILING,
    (Ask("liaison_name", _("新联络员姓名"), "name"), Ask("liaison_id", _("新联络员身份证号"), "citizen"),
     Ask("liaison_phone", _("新联络员手机号"), "phone", help=_("企业登录的验证码发到这个号码。"))),
    called="联络员", rows=lambda before, after, values: [("联络员", before.liaison.name, after.liaison.name)],
    apply=lambda firm, values: replace(firm, liaison=NewPerson(
        values.get("liaison_name") or "", values.get("liaison_phone") or "", "", values.get("liaison_id") or ""
    )),
    documents=("smart_liaison",),
)  # fmt: skip
