"""What ships: three bundles over the catalogue that ships, and a fourth by configuration alone."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.lines.hall.actions.defaults import load_bundles
from zhitong.lines.hall.models import Bundle, BundleVersion, Version
from zhitong.lines.hall.queries.bundles import problems_of_bundle, whole
from zhitong.lines.hall.rules import validity

from .test_guide import page, shipped

__all__ = ["shipped"]
pytestmark = pytest.mark.usefixtures("shipped")
FOURTH = {
    "code": "retire", "name": "退休一件事", "organ": "人力资源和社会保障局", "topic": "insurance", "everyday": "退休手续", "lead": "一次办好。",
    "definition": {"parts": [
        {"slug": "退休", "item": "000070140010001"}, {"slug": "医保", "item": "000200150010001", "after": ["退休"]},
    ]},
}  # fmt: skip


@pytest.mark.parametrize(("code", "parts", "abreast"), [("company", 5, 4), ("restaurant", 4, 3), ("newborn", 4, 2)])
def test_bundles_that_ship_can_be_applied_for(client: Client, code: str, parts: int, abreast: int) -> None:
    now = timezone.now()
    version = BundleVersion.objects.select_related("bundle").get(bundle__code=code, ended_at=None)
    one = whole(version.defined, timezone.localdate(now))
    assert problems_of_bundle(version.bundle, now) == []
    assert (len(one.versions), one.absent, one.for_persons) == (parts, [], True)
    assert max(map(len, one.levels)) == abreast
    assert len(one.form.questions) < one.asked_before
    assert page(client.get(f"/hall/bundles/{code}/apply")).count("<form") >= 1


def test_a_fourth_by_configuration_alone(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "bundles.json"
    file.write_text(json.dumps([FOURTH], ensure_ascii=False), encoding="utf-8")
    (made,) = load_bundles(by=Actor.system("测试"), at=timezone.now(), path=file)
    assert problems_of_bundle(made, timezone.now()) == []
    assert "退休一件事" in page(client.get("/hall/bundles/retire/"))
    assert Bundle.objects.count() == 4


def test_every_term_that_ships_can_be_read() -> None:
    terms = [(one.valid_for, one.form) for one in Version.objects.exclude(valid_for="")]
    assert len(terms) > 15
    assert [validity.faults(*one) for one in terms] == [[]] * len(terms)
