"""Five organs with an item each and a bundle of them, and quick ways through it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ
from zhitong.lines.hall import permissions as may
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.actions.bundles import BundleSubmission
from zhitong.lines.hall.actions.cases import Given, Submitted
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Bundle, BundlePart, Version
from zhitong.lines.hall.tests.factories import MONDAY, Hall

from .cases import CITIZEN_ID, SYSTEM, worker

CODE = "91350100M000100Y43"
NAME = {"slug": "企业名称", "label": "企业叫什么名字"}
TABLE: list[Any] = [{"name": "身份证明", "form": "copy"}]
# part, days, questions, materials
PARTS: dict[str, tuple[int, list[Any], list[Any]]] = {
    "登记": (
        1,
        [NAME, {"slug": "从业人数", "label": "从业人数", "kind": "number", "least": "1"}],
        [*TABLE, {"name": "公司章程"}],
    ),
    "刻章": (
        2,
        [
            {"slug": "单位名称", "label": "刻哪个名称"},
            {"slug": "统一社会信用代码", "label": "代码", "kind": "credit_code"},
        ],
        TABLE,
    ),
    "税务": (1, [NAME], TABLE),
    "社保": (1, [{"slug": "从业人数", "label": "参保人数", "kind": "number", "least": "1"}], []),
    "开户": (1, [NAME], [{"name": "开户申请", "is_deferrable": True}]),
}


@dataclass
class Five:
    """Five organs with an item each, and a bundle of them."""

    hall: Hall
    bundle: Bundle
    versions: dict[str, Version] = field(default_factory=dict)
    workers: dict[str, Actor] = field(default_factory=dict)
    lead: Actor = SYSTEM

    def said(self, **more: Any) -> BundleSubmission:
        given: dict[str, Any] = {
            "bundle_id": self.bundle.pk, "key": "k1", "name": "王小明", "phone": "13800001234", "citizen_id": CITIZEN_ID,
            "channel": m.Channel.WINDOW, "facts": {"企业名称": "明湖小馆", "从业人数": "3"},
            "materials": {name: Given() for name in ("身份证明", "公司章程", "开户申请")},
        }  # fmt: skip
        return BundleSubmission(**{**given, **more})

    def submitted(self, **more: Any) -> Submitted:
        return bundles.submit_bundle(self.said(**more), by=SYSTEM, at=MONDAY)

    def states(self, done: Submitted) -> dict[str, str]:
        return dict(BundlePart.objects.filter(case=done.matter_id).values_list("slug", "state"))

    def of(self, done: Submitted, slug: str) -> UUID:
        found = BundlePart.objects.get(case=done.matter_id, slug=slug).matter_id
        assert found
        return found

    def decide(
        self, done: Submitted, slug: str, outcome: str = "approved", *, number: str = "", issue: bool = True
    ) -> None:
        by, pk = self.workers[slug], self.of(done, slug)
        m.act(pk, "accept", {}, by=by, at=MONDAY)
        m.act(pk, "examine", {"passes": True, "opinion": "符合"}, by=by, at=MONDAY)
        m.act(pk, "decide", {"outcome": outcome, "words": "依据法律"}, by=by, at=MONDAY)
        if issue and outcome == "approved":
            m.act(pk, "issue", {"number": number}, by=by, at=MONDAY)
        bundles.advance_stirred(at=MONDAY)


def definition(versions: dict[str, Version], **more: Any) -> dict[str, Any]:
    after = {"刻章": ["登记"], "税务": ["登记"], "社保": ["登记"], "开户": ["刻章"]}
    parts = [
        {"slug": slug, "item": version.item.code, "after": after.get(slug, []), "gives": "统一社会信用代码" if slug == "登记" else ""}
        for slug, version in versions.items()
    ]  # fmt: skip
    return {"parts": parts, "same": [{"part": "刻章", "question": "单位名称", "fact": "企业名称"}], **more}


def five_organs(place: Hall) -> Five:
    """A bundle of five items: one first, then three beside each other, then one after one of them."""
    load_case_defaults(by=SYSTEM)
    m.import_holidays(by=SYSTEM, at=MONDAY)
    found = Five(place, Bundle())
    for slug, (days, questions, materials) in PARTS.items():
        organ = Organ.objects.create(code=f"F{slug}", name=f"{slug}局", kind="department", valid_from=date(2020, 1, 1))
        item = place.item(f"{slug}事项", organ=organ)
        more: dict[str, Any] = {"promised_days": days, "questions": questions}
        more["result_paper"] = "hall-licence" if slug == "登记" else ""
        found.versions[slug] = place.published(item, materials=materials, **more)
        found.workers[slug] = worker(f"{slug}员", organ, may.ACCEPT, may.EXAMINE, may.DECIDE, may.ISSUE)
    found.lead = worker("牵头", place.city, may.ACCEPT)
    found.bundle = bundles.create_bundle(
        code="company", organ_id=place.city.pk, name="企业开办", topic="business", definition=definition(found.versions),
        by=place.admin, at=MONDAY,
    )  # fmt: skip
    bundles.publish_bundle(found.bundle.pk, by=place.admin, at=MONDAY)
    return found
