"""Borders and places for maps."""

import json
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import reverse

from zhitong.base.geometry import GAP
from zhitong.kernel.accounts.public import Actor, protection_of
from zhitong.kernel.territory import public as t
from zhitong.kernel.territory.tests.conftest import AT, BY, LINES, SQUARE, START
from zhitong.portal.web import maps

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    """A small district with ten grids."""
    return t.node(t.import_district("990101", LINES, SQUARE, by=BY, at=AT, on=START, grids=10).district)


def get(view, headers=None, **query):
    """The answer; the level of shapes stands in the address itself."""
    level = [query.pop("level")] if view is maps.shapes else []
    return view(RequestFactory().get("/", query, headers=headers or {}), *level)


def told(answer):
    return json.loads(answer.content)


def test_everything_is_public():
    assert {protection_of(pattern.callback).kind for pattern in maps.urlpatterns} == {"public"}


def test_shapes_are_given_once_until_they_change(district):
    first = get(maps.shapes, level="grid")
    assert first["Content-Type"] == "application/geo+json"
    assert len(told(first)["features"]) == 10
    again = get(maps.shapes, {"If-None-Match": first["ETag"]}, level="grid")
    assert (again.status_code, again.content) == (304, b"")
    t.rename(district.id, "乙区", by=Actor.system("测试"), at=AT)
    assert get(maps.shapes, {"If-None-Match": first["ETag"]}, level="grid").status_code == 200


def test_shapes_inside_one_division_by_id_or_code(district):
    street = t.by_code("990101002")
    by_id = told(get(maps.shapes, level="community", within=str(street.id)))
    assert by_id == told(get(maps.shapes, level="community", within="990101002"))
    assert [f["properties"]["name"] for f in by_id["features"]] == ["南山社区"]


def test_more_shapes_than_a_screen_holds_want_a_box(district, monkeypatch):
    monkeypatch.setattr(t, "MOST_IN_VIEW", 9)
    refused = get(maps.shapes, level="grid")
    assert (refused.status_code, told(refused)["code"], told(refused)["field"]) == (422, "too_many_shapes", "bbox")
    assert "10个区划" in told(refused)["message"]
    assert len(told(get(maps.shapes, level="grid", bbox="117,36,118,37", zoom="12"))["features"]) == 10
    street = t.by_code("990101002")
    assert get(maps.shapes, level="grid", within=str(street.id)).status_code == 200


def test_shapes_of_a_view_have_a_tag_of_their_own(district):
    view = {"level": "grid", "bbox": "117,36.5,117.02,36.52", "zoom": "17"}
    first = get(maps.shapes, **view)
    assert 0 < len(told(first)["features"]) < 10
    assert get(maps.shapes, {"If-None-Match": first["ETag"]}, **view).status_code == 304
    assert get(maps.shapes, {"If-None-Match": first["ETag"]}, **{**view, "zoom": "16"}).status_code == 200


def test_shapes_are_compressed(district):
    answer = get(maps.shapes, {"Accept-Encoding": "gzip"}, level="grid")
    assert answer["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("view", "query", "status", "code"),
    [
        (maps.shapes, {"level": "planet"}, 404, "unknown_level"),
        (maps.shapes, {"level": "grid", "within": str(uuid4())}, 404, "unknown_division"),
        (maps.shapes, {"level": "grid", "within": "\x00'"}, 404, "unknown_division"),
        (maps.shapes, {"level": "grid", "bbox": "1,2,3"}, 422, "bad_box"),
        (maps.shapes, {"level": "grid", "bbox": "3,2,1,4"}, 422, "bad_box"),
        (maps.shapes, {"level": "grid", "bbox": "nan,2,1,4"}, 422, "bad_box"),
        (maps.shapes, {"level": "grid", "zoom": "x"}, 422, "bad_box"),
        (maps.shapes, {"level": "grid", "datum": "mars"}, 422, "bad_box"),
        (maps.children, {"parent": "nowhere"}, 404, "unknown_division"),
        (maps.search, {"q": "x", "level": "planet"}, 404, "unknown_level"),
        (maps.locate, {}, 422, "bad_point"),
        (maps.locate, {"lon": "abc", "lat": "1"}, 422, "bad_point"),
        (maps.locate, {"lon": "nan", "lat": "1"}, 422, "bad_point"),
        (maps.locate, {"lon": "inf", "lat": "1"}, 422, "bad_point"),
        (maps.locate, {"lon": "117", "lat": "91"}, 422, "bad_point"),
    ],
)
def test_bad_questions_get_a_sentence(district, view, query, status, code):
    answer = get(view, **query)
    assert answer.status_code == status
    assert told(answer)["code"] == code
    assert told(answer)["message"].endswith("。")


def test_a_place_is_located(district):
    found = told(get(maps.locate, lon="117.05", lat="36.55"))["division"]
    assert found["level"] == "grid"
    assert found["label"].count("·") == 2
    assert told(get(maps.locate, lon="0", lat="0")) == {"division": None}
    assert told(get(maps.locate, lon=str(117.0 - GAP / 2), lat="36.55"))["division"] is not None


def test_children_are_listed_level_by_level(district):
    top = told(get(maps.children))["children"]
    assert [(d["code"], d["has_children"]) for d in top] == [("990101", True)]
    streets = told(get(maps.children, parent=top[0]["id"]))["children"]
    assert [d["name"] for d in streets] == ["东风路街道", "南山街道"]


def test_divisions_are_found_by_what_is_typed(district):
    found = told(get(maps.search, q="dflj"))["divisions"]
    assert found[0]["code"] == "990101001"
    assert told(get(maps.search, q="\x00"))["divisions"] == []
    only = told(get(maps.search, q="东风", level="community", within="990101001"))["divisions"]
    assert [d["code"] for d in only] == ["990101001001"]


def test_only_reading():
    assert maps.locate(RequestFactory().post("/")).status_code == 405


def test_the_pages_have_addresses():
    assert reverse("portal:territory_locate") == "/territory/locate"
