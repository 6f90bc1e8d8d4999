"""A client that is not ours talks to a running server."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from georeport import GeoReport

from tests.district import build
from tests.machine import machine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_finds_its_way(live_server, form):
    district = build()
    shown, hidden = district.met(is_public=True), district.met()
    root = requests.get(f"{live_server.url}/open311/discovery.json", timeout=10).json()["endpoints"][0]["url"]
    client = GeoReport(root, jurisdiction="xincheng.gov.cn", output_format=form)
    assert {one["service_code"] for one in client.get_service_list()} == {"unsorted", "010101"}
    definition = client.get_service_definition("010101")
    assert definition["service_code"] == "010101"
    found = client.get_service_request(shown.number)
    assert (found["status"], found["service_name"]) == ("open", "路灯照明")
    listed = client.get_service_requests(
        service_code="010101", status="open", start_date=(timezone.now() - timedelta(days=1)).isoformat()
    )
    numbers = {one["service_request_id"] for one in (listed if isinstance(listed, list) else [listed])}
    assert numbers == {shown.number}
    with pytest.raises(requests.HTTPError):
        client.get_service_request(hidden.number)


def test_an_app_raises_over_the_wire_and_reads_it_back(live_server):
    key = machine(build(), "clerk").secret
    sent = {
        "api_key": key, "service_code": "010101", "lat": "36.55", "long": "117.02", "description": "路灯不亮，请修。",
        "attribute[is_public]": "1",
    }  # fmt: skip
    answer = requests.post(f"{live_server.url}/open311/v2/requests.json", data=sent, timeout=10)
    number = answer.json()[0]["service_request_id"]
    found = GeoReport(f"{live_server.url}/open311/v2").get_service_request(number)
    assert found["description"] == "路灯不亮，请修。"
