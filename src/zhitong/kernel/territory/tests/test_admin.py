"""The admin site: it finds divisions, and writes through actions."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, Actor, load_default_roles

from .. import public as t
from .conftest import kinds, of

BEFORE = date(2025, 12, 1)
SYSTEM = Actor.system("测试")


@pytest.fixture
def root(client, db):
    """Somebody who may do everything, signed in."""
    load_default_roles(by=SYSTEM, at=timezone.now())
    account = Account.objects.create_superuser("root", "correct-horse-7")
    client.force_login(account, "zhitong.kernel.accounts.web.backend.AccountBackend")
    return account


def url(page, *args):
    return reverse(f"admin:territory_division_{page}", args=args)


def entered(division_id, **changes):
    """What the form sends for a division, with changes."""
    row = t.Division.objects.get(id=division_id)
    history = {
        f"{prefix}-{name}_FORMS": count
        for prefix, count in (("versions", row.versions.count()), ("shapes", row.shapes.count()))
        for name, count in (("TOTAL", count), ("INITIAL", count))
    }
    told = {**history, "code": row.code, "name": row.name, "name_en": row.name_en, "kind": row.kind, "on": ""}
    return {**told, "level": row.level, "parent": str(row.parent_id or ""), **changes}


def test_divisions_are_listed_and_found(client, root, district):
    t.rename(of("990101002").id, "南岭街道", by=SYSTEM, at=timezone.now())
    for typed in ("990101002", "南岭", "南山街道", "nljd"):
        page = client.get(url("changelist"), {"q": typed}).content.decode()
        assert "990101002" in page
        assert "西河村" not in page
    assert "西河村" in client.get(url("changelist"), {"level__exact": "community"}).content.decode()


def test_ended_divisions_are_shown_when_asked_for(client, root, district):
    village = of("990101001002")
    t.end_division(village.id, by=SYSTEM, at=timezone.now())
    assert "西河村" not in client.get(url("changelist")).content.decode()
    assert "西河村" in client.get(url("changelist"), {"state": "ended"}).content.decode()
    assert "西河村" in client.get(url("changelist"), {"state": "any"}).content.decode()
    assert client.get(url("change", village.id)).status_code == 200


def test_the_parent_is_chosen_by_typing(client, root, district):
    asked = {"term": "dflj", "app_label": "territory", "model_name": "division", "field_name": "parent"}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [found["text"] for found in answer["results"]] == ["东风路街道"]


def test_a_division_is_added(client, root, district):
    told = {
        "code": "990101003",
        "name": "北苑街道",
        "name_en": "",
        "level": "street",
        "kind": "base",
        "on": "2026-01-05",
    }
    answer = client.post(url("add"), {**told, "parent": str(district.id)})
    assert answer.status_code == 302
    new = of("990101003")
    assert new.valid_from == date(2026, 1, 5)
    assert kinds(new.id) == ["territory.created"]


def test_everything_about_a_division_is_changed_from_a_day_on(client, root, shaped):
    community, to = of("990101001001"), of("990101002")
    told = entered(
        community.id, name="新东风社区", code="990101002009", kind="dedicated", parent=str(to.id), on="2026-01-05"
    )
    assert client.post(url("change", community.id), told).status_code == 302
    after, before = t.node(community.id), t.node(community.id, BEFORE)
    assert (after.name, after.code, after.kind, after.parent_id) == ("新东风社区", "990101002009", "dedicated", to.id)
    assert before == community
    changed = [kind.removeprefix("territory.") for kind in kinds(community.id)[1:]]
    assert changed == ["kind_changed", "renamed", "renumbered", "moved"]
    page = client.get(url("change", community.id)).content.decode()
    assert "990101001001" in page


def test_nothing_changed_writes_nothing(client, root, district):
    assert client.post(url("change", district.id), entered(district.id)).status_code == 302
    assert kinds(district.id) == ["territory.created"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "990101002"}, "已被使用"),
        ({"name": ""}, "必填"),
        ({"code": "9 9"}, "编码由"),
        ({"on": "2999-01-01", "name": "丁"}, "不能晚于今天"),
        ({"parent": ""}, "请选择上级"),
        ({"on": "abc"}, "有效"),
    ],
)
def test_a_refusal_is_shown_and_what_was_typed_stays(client, root, district, changes, said):
    street = of("990101001")
    answer = client.post(url("change", street.id), entered(street.id, **changes))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert of("990101001") == street


def test_selected_divisions_are_ended_and_refusals_are_told(client, root, district):
    chosen = [of("990101002001").id, of("990101001").id]
    told = {"action": "end_selected", "_selected_action": [str(i) for i in chosen]}
    page = client.post(url("changelist"), told, follow=True).content.decode()
    assert "下级区划" in page
    assert of("990101002001").valid_to is not None
    assert of("990101001").valid_to is None


def test_nothing_is_deleted(client, root, district):
    assert client.post(url("delete", district.id), {"post": "yes"}).status_code == 403


def test_levels_are_named(client, root, district):
    add = reverse("admin:territory_levelname_add")
    assert client.post(add, {"level": "street", "name": "镇街", "name_en": "Town"}).status_code == 302
    assert t.level_label("street") == "镇街"
    gone = reverse("admin:territory_levelname_delete", args=["street"])
    assert client.post(gone, {"post": "yes"}).status_code == 302
    assert t.level_label("street") == "街道（镇）"
