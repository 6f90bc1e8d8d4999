"""Documents of a change registration: which are needed, and what each says.  How they look is in ``forms``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhitong.base.money import in_capitals, in_ten_thousands
from zhitong.kernel.papers.public import Fact, Part
from zhitong.kernel.register.public import NewFirm

from .parts import Case, day_text, money, term_text
from .plain import KIND_TEXT

Facts = dict[str, Any]

COMMON = (
    Fact("company", "公司名称", "示范云杉科技有限公司"), Fact("code", "统一社会信用代码", "91379999MA000001XK"),
    Fact("new_company", "变更后公司名称", "示范云帆科技有限公司"), Fact("kind", "公司类型", "有限责任公司"),
    Fact("legal", "法定代表人", "张一"), Fact("address", "住所", "示范区示范路1号"), Fact("capital", "注册资本", "100万元"),
    Fact("capital_words", "注册资本大写", "壹佰万元整"), Fact("established", "成立日期", "2020年1月1日"), Fact("term", "营业期限", "长期"),
    Fact("scope", "经营范围", "软件开发；信息技术咨询服务。"), Fact("registrar", "登记机关", "示范区行政审批服务局"),
    Fact("apply_on", "申请日期", "2026年3月2日"), Fact("resolution_on", "决议日期", "2026年3月1日"),
    Fact("agent", "经办人", "李二"), Fact("agent_id", "经办人身份证号", "379999198001010014"), Fact("agent_phone", "经办人手机号", "13800000002"),
)  # fmt: skip
HOLDERS = Fact(
    "holders", "股东", ({"name": "张一", "number": "379999198001010014", "amount": "100万元", "share": "100%", "way": "货币",
    "due_on": "2030年1月1日"},),
    (("name", "名称"), ("number", "证照号码"), ("amount", "认缴出资"), ("share", "出资比例"), ("way", "出资方式"), ("due_on", "出资日期")),
)  # fmt: skip
WAY_TEXT = {"money": "货币", "goods": "实物", "know_how": "知识产权", "land": "土地使用权", "equity": "股权或债权"}


@dataclass(frozen=True, slots=True)
class Document:
    """One document.  ``make`` gives what each copy says besides the common facts; ``is_needed`` where it is for every application
    of some sort, otherwise kinds name it.  ``parts`` is the layout that ships, ``heading`` stands above the title."""

    slug: str
    title: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    make: Callable[[Case], Sequence[Facts]] = lambda case: [{}]
    is_needed: Callable[[Case], bool] | None = None
    heading: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Made:
    """One document of an application: ``name`` tells copies apart."""

    slug: str
    name: str
    facts: Facts


DOCUMENTS: dict[str, Document] = {}


def declare_document(*documents: Document) -> None:
    """Tell of documents; the same slug twice is a mistake in code."""
    for one in documents:
        if DOCUMENTS.setdefault(one.slug, one) != one:
            raise ValueError(f"document {one.slug} is declared twice")


def documents_of(case: Case) -> list[Made]:
    """Every document the application needs, in the order in which they are handed in, with all that they say."""
    named = {slug for kind in case.kinds for slug in kind.documents}
    wanted = [one for one in DOCUMENTS.values() if one.slug in named or (one.is_needed and one.is_needed(case))]
    wanted.sort(key=lambda one: one.order)
    shared = common(case)
    found = []
    for one in wanted:
        copies = list(one.make(case))
        for number, own in enumerate(copies, start=1):
            name = one.title if len(copies) == 1 else f"{one.title}（{number}）"
            found.append(Made(one.slug, name, {**shared, **own}))
    listed = [{"number": str(n), "name": made.name} for n, made in enumerate(found, start=1)]
    for made in found:
        if any(fact.slug == "papers" for fact in DOCUMENTS[made.slug].facts):
            made.facts["papers"] = listed
    return found


def common(case: Case) -> Facts:
    """What any document may say.  ``company`` is the registered name, everything else as it will be."""
    before, after, values = case.before, case.after, case.values
    return {
        "company": before.name, "code": before.code, "new_company": after.name, "kind": KIND_TEXT.get(after.kind, ""),
        "legal": after.legal.name, "address": after.address, **sums("capital", after.capital), "established": day_text(before.established_on),
        "term": term_text(after.term_until), "scope": after.scope, "registrar": before.registered_by,
        "apply_on": day_text(values.get("apply_on")), "resolution_on": day_text(values.get("resolution_on")),
        "agent": values.get("agent_name") or "", "agent_id": values.get("agent_id") or "", "agent_phone": values.get("agent_phone") or "",
    }  # fmt: skip


def sums(slug: str, value: Decimal | None) -> Facts:
    """A sum in digits and in capitals."""
    if value is None:
        return {slug: "", f"{slug}_words": ""}
    return {slug: f"{in_ten_thousands(value)}万元", f"{slug}_words": in_capitals(value)}


def holder_rows(firm: NewFirm) -> list[Mapping[str, str]]:
    """Who holds how much, with the share of each."""
    total = money(firm.capital)
    return [
        {
            "name": h.name, "number": h.number, "amount": f"{in_ten_thousands(h.amount)}万元", "share": share_text(h.amount, total),
            "way": WAY_TEXT.get(h.way, ""), "due_on": day_text(h.due_on if isinstance(h.due_on, date) else None),
        }
        for h in firm.holders
    ]  # fmt: skip


def share_text(part: Decimal, whole: Decimal) -> str:
    """The part in percent, to two places: 10%, 33.33%."""
    return f"{(part * 100 / whole).quantize(Decimal('0.01')).normalize():f}%" if whole else ""


def is_resolved(case: Case) -> bool:
    """Whether the holders decide."""
    return any(kind.resolved for kind in case.kinds)


def resolutions(case: Case) -> list[dict[str, str]]:
    """The sentences of the resolution, numbered as documents do."""
    texts = [
        text for kind in case.kinds if kind.resolved for text in kind.resolved(case.before, case.after, case.values)
    ]
    if any(kind.in_charter for kind in case.kinds):
        texts.append("通过公司章程修正案。")
    return [{"text": f"{NUMBERS[n]}、{text}" if n < len(NUMBERS) else text} for n, text in enumerate(texts)]


NUMBERS = (
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十",
)  # fmt: skip


def change_rows(case: Case, *, charter: bool = False) -> list[dict[str, str]]:
    """What changes from what to what; only what stands in the articles where ``charter``."""
    kinds = [kind for kind in case.kinds if kind.in_charter or not charter]
    return [
        {"item": item, "before": old or "—", "after": new or "—"}
        for kind in kinds
        for item, old, new in kind.rows(case.before, case.after, case.values)
    ]
