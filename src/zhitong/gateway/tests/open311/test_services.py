"""What may be raised, and where one learns of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.district import BY
from zhitong.kernel.organisation import public as organisation

pytestmark = pytest.mark.django_db


def test_discovery_leads_to_the_interface(anybody):
    found = anybody.get("discovery", "discovery")
    (endpoint,) = found["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["type"] == "production"
    assert "新城区" in found["contact"]
    assert anybody.get("discovery", "v2/discovery") == found
    anybody.language = "en"
    assert "access token" in anybody.get("discovery", "discovery")["key_service"]


def test_the_district_says_whom_to_ask(anybody, settings):
    settings.OPEN311_CONTACT = "热线12345"
    assert anybody.get("discovery", "discovery")["contact"] == "热线12345"


def test_the_changeset_moves_when_a_service_changes(anybody, district):
    before = anybody.get("discovery", "discovery")["changeset"]
    later = timezone.now() + timedelta(minutes=5)
    organisation.change_category(district.category.pk, name="路灯与照明", by=BY, at=later)
    after = anybody.get("discovery", "discovery")
    assert after["changeset"] > before
    assert after["endpoints"][0]["changeset"] == after["changeset"]


def test_services_are_the_lowest_headings_and_one_for_whoever_does_not_know(anybody):
    found = {one["service_code"]: one for one in anybody.get("services", "v2/services")}
    assert set(found) == {"unsorted", "010101"}
    assert found["010101"]["service_name"] == "路灯照明"
    assert found["010101"]["group"] == "城市管理 / 市政设施"
    assert {one["type"] for one in found.values()} == {"realtime"}
    anybody.language = "en"
    assert {one["service_name"] for one in anybody.get("services", "v2/services")} == {
        "Other or unsure",
        "Street lights",
    }


def test_keywords_help_to_find_a_service(anybody, district):
    organisation.change_category(district.category.pk, keywords="路灯 不亮  灯杆", by=BY, at=timezone.now())
    found = {one["service_code"]: one for one in anybody.get("services", "v2/services")}
    assert found["010101"]["keywords"] == "路灯,不亮,灯杆"
    assert found["unsorted"]["keywords"] is None


def test_a_heading_out_of_use_is_no_service(anybody, district):
    organisation.change_category(district.category.pk, is_active=False, by=BY, at=timezone.now())
    assert "010101" not in {one["service_code"] for one in anybody.get("services", "v2/services")}
    assert "010101" in anybody.refused("v2/services/010101", 404)


@pytest.mark.parametrize("code", ["010101", "unsorted"])
def test_a_definition_asks_what_the_form_asks(anybody, code):
    found = anybody.get("definition", f"v2/services/{code}")
    asked = {one["code"]: one for one in found["attributes"]}
    assert found["service_code"] == code
    assert [one["order"] for one in found["attributes"]] == list(range(1, len(asked) + 1))
    assert asked["danger"]["variable"] is False
    assert "110" in asked["danger"]["description"]
    kinds = [value["key"] for value in asked["subkind"]["values"]]
    assert kinds[0] == "report"
    assert "petition" not in kinds  # not raised on the portal
    assert asked["subkind"]["datatype_description"] == "不填为“问题反映”"
    assert [value["key"] for value in asked["is_public"]["values"]] == ["0", "1"]


def test_an_unknown_service_is_not_found(anybody):
    assert "nonsense" in anybody.refused("v2/services/nonsense", 404)
    assert "0101" in anybody.refused("v2/services/0101", 404)  # a heading with others below it
