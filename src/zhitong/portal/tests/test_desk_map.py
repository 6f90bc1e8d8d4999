"""The map of the desk: points, streets, and when they have not changed."""

import json

from .desk import Desk, page, signed_in

PLACES, AREAS = "/desk/map/places.json", "/desk/map/areas.json"


def test_points_of_what_one_may_see(office: Desk) -> None:
    seen = office.passed(lon=117.0, lat=36.6)
    office.open(lon=117.1, lat=36.7)
    (feature,) = json.loads(signed_in(office.worker).get(PLACES).content)["features"]
    assert feature["geometry"]["coordinates"] == [117.0, 36.6]
    assert feature["properties"]["href"] == page(seen)
    assert feature["properties"]["grade"] == "on_time"
    assert len(json.loads(signed_in(office.dispatcher).get(PLACES).content)["features"]) == 2


def test_filters_and_nonsense(office: Desk) -> None:
    office.open(lon=117.1, lat=36.7)
    client = signed_in(office.dispatcher)
    assert json.loads(client.get(PLACES, {"grade": "late"}).content)["features"] == []
    assert len(json.loads(client.get(PLACES, {"grade": "?", "division": "x"}).content)["features"]) == 1
    assert client.get("/desk/map/", {"by": "nonsense", "stage": "x"}).status_code == 200


def test_only_what_is_in_view(office: Desk) -> None:
    seen = office.open(lon=117.1, lat=36.7)
    office.open(lon=117.5, lat=36.7)
    client = signed_in(office.dispatcher)
    (feature,) = json.loads(client.get(PLACES, {"bbox": "117,36.6,117.2,36.8"}).content)["features"]
    assert feature["properties"]["href"] == page(seen)
    for box in ("1,2,3", "a,b,c,d", "NaN,0,1,1"):
        assert client.get(PLACES, {"bbox": box}).status_code == 422


def test_not_sent_twice(office: Desk) -> None:
    matter = office.passed(lon=117.0, lat=36.6)
    client = signed_in(office.worker)
    for address in (PLACES, AREAS):
        tag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": f"W/{tag}"})
        assert (again.status_code, again.content) == (304, b"")
        assert "private" in again["Cache-Control"]
        assert signed_in(office.dispatcher).get(address, headers={"If-None-Match": tag}).status_code == 200
    office.act(matter, "note", office.worker, note="已联系")
    assert client.get(PLACES, headers={"If-None-Match": client.get(PLACES)["ETag"]}).status_code == 304
    tag = client.get(PLACES)["ETag"]
    office.passed(lon=117.0, lat=36.6)
    assert client.get(PLACES, headers={"If-None-Match": tag}).status_code == 200


def test_streets_and_the_table(office: Desk) -> None:
    office.passed(lon=117.0, lat=36.6)
    office.open(division_id=None)
    client = signed_in(office.dispatcher)
    assert json.loads(client.get(AREAS).content)["type"] == "FeatureCollection"
    body = client.get("/desk/map/").content.decode()
    assert "舜耕街道" in body
    assert "未定位到街道" in body


def test_only_for_those_who_may_see_matters(db: None, office: Desk, client) -> None:
    assert client.get("/desk/map/").status_code == 302
    assert client.get(PLACES).status_code == 302
