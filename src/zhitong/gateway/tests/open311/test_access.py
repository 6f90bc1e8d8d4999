"""Who may do what: every operation of Open311 by every kind of caller, with a request of one's own and one of others.

The table is the rule: an address without a line fails, and so does a line without an address.
"""

import pytest

from tests.machine import machine
from zhitong.gateway.open311.urls import urlpatterns

from .conftest import App

pytestmark = pytest.mark.django_db
# Columns: nobody's key; a wrong key; a key that only raises (clerk); one that reads and raises (clerk: own work); one of
# a street office (its organ's); one of another street office; one of the whole district; one of the administrator, who
# reads no matters.  Cells: y yes; p public ones only; o public ones and those of one's reach; n 403; - 404.
TABLE = """
                        anybody wrong raises clerk worker elsewhere desk admin
discovery      GET      y       y     y      y     y      y         y    y
discovery_v2   GET      y       y     y      y     y      y         y    y
services       GET      y       n     y      y     y      y         y    y
definition     GET      y       n     y      y     y      y         y    y
requests       GET      y       n     y      y     y      y         y    y
request        GET      p       n     p      p     o      p         o    p
request_of_old GET      p       n     p      p     o      p         o    p
token          GET      p       n     p      p     o      p         o    p
requests       POST     n       n     y      y     y      y         y    n
nothing        GET      -       -     -      -     -      -         -    -
"""
PATHS = {
    "discovery": "discovery", "discovery_v2": "v2/discovery", "services": "v2/services", "nothing": "v2/anything",
    "definition": "v2/services/010101", "requests": "v2/requests", "request": "v2/requests/{0.number}",
    "request_of_old": "v2/request/{0.number}", "token": "v2/tokens/{0.id}",
}  # fmt: skip
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
SENT = {"service_code": "unsorted", "description": "路灯不亮。", "lat": "36.55", "long": "117.02"}


def test_the_table_names_every_address_and_no_other():
    assert {line[0] for line in LINES} == {pattern.name for pattern in urlpatterns}


@pytest.fixture
def callers(district):
    keys = {name: machine(district, name).secret for name in ("clerk", "worker", "elsewhere", "admin")}
    keys |= {"anybody": "", "wrong": "zt_wrong", "raises": machine(district, "clerk", "raise").secret}
    return {name: App(key) for name, key in keys.items()} | {"desk": App(machine(district, "dispatcher").secret)}


def test_each_caller_gets_what_the_table_says(district, callers):
    shown, hidden = district.passed(is_public=True), district.passed()
    wrong = []
    for route, method, *cells in LINES:
        for caller, cell in zip(HEAD, cells, strict=True):
            given = SENT if method == "POST" else {}
            found = [
                callers[caller].ask(f"/open311/{PATHS[route].format(one)}.json", method, **given).status_code
                for one in (shown, hidden)
            ]
            allowed = {"y": [200, 200], "o": [200, 200], "p": [200, 404], "n": [403, 403], "-": [404, 404]}[cell]
            if found != allowed:
                wrong.append(f"{caller} {method} {route}: {found}, the table says {cell}")
    assert not wrong, "\n".join(wrong)


def test_one_sees_what_one_has_raised_oneself(callers):
    number = callers["clerk"].raised(**SENT)["service_request_id"]
    assert callers["clerk"].ask(f"/open311/v2/requests/{number}.json").status_code == 200
    for other in ("anybody", "raises", "worker", "elsewhere", "admin"):
        assert callers[other].ask(f"/open311/v2/requests/{number}.json").status_code == 404


def test_a_session_opens_nothing(district):
    hidden = district.passed()
    client = district.client("dispatcher")
    assert client.get(f"/open311/v2/requests/{hidden.number}.json").status_code == 404
    assert client.post("/open311/v2/requests.json", SENT).status_code == 403
