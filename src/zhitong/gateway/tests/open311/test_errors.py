"""Whoever refuses, it is said as the standard says it."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from .conftest import App
from .shapes import check

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("v2/requests", "DELETE", 405),
        ("v2/services", "POST", 405),
        ("v2/requests/1", "PUT", 405),
        ("v2/nothing", "GET", 404),
        ("v2/requests/a/b", "GET", 404),
        ("v3/services", "GET", 404),
        ("v2/tokens/1", "POST", 404),
    ],
)
def test_what_is_not_there_is_said_in_the_format_asked_for(anybody, path, method, status):
    for language, end in (("zh-CN", "。"), ("en", ".")):
        anybody.language = language
        assert anybody.refused(path, status, method).endswith(end)


def test_without_a_format_it_is_xml(anybody):
    answer = anybody.ask("/open311/v2/services")
    assert answer.status_code == 404
    assert ElementTree.fromstring(answer.content).tag == "errors"


def test_a_wrong_key_is_403_also_where_none_is_needed(anybody):
    assert App("zt_nonsense").refused("v2/requests", 403)
    assert App("zt_nonsense").refused("v2/services", 403)


def test_wrong_keys_are_limited_by_address(anybody):
    codes = [App(f"zt_{n}").ask("/open311/v2/requests.json").status_code for n in range(31)]
    assert codes == [403] * 30 + [429]


def test_without_a_key_one_asks_no_more_often_than_one_may(anybody, monkeypatch):
    monkeypatch.setattr("zhitong.gateway.open311.callers.A_MINUTE", 2)
    answers = [anybody.ask("/open311/v2/services.json") for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Retry-After" in answers[2]


def test_a_host_that_is_not_ours(anybody):
    for form in ("json", "xml"):
        answer = Client(headers={"Host": "elsewhere.example"}).get(f"/open311/v2/services.{form}")
        assert answer.status_code == 400
        if form == "json":
            check("errors", json.loads(answer.content))
        else:
            assert ElementTree.fromstring(answer.content).find("error/code").text == "400"


def test_what_nobody_expected_has_a_reference(anybody, monkeypatch, caplog):
    def broken(*_given):
        raise ZeroDivisionError("of 13800138000")

    monkeypatch.setattr("zhitong.gateway.open311.reading.find", broken)
    answer = anybody.ask("/open311/v2/requests.json")
    assert answer.status_code == 500
    (said,) = json.loads(answer.content)
    assert said["description"].split()[-1] in caplog.text
    assert "13800138000" not in said["description"]


def test_a_jurisdiction_that_is_not_ours(anybody, settings):
    assert anybody.get("services", "v2/services", jurisdiction_id="elsewhere.gov")  # none is set: any will do
    settings.OPEN311_JURISDICTION = "xincheng.gov.cn"
    assert anybody.get("services", "v2/services", jurisdiction_id="xincheng.gov.cn")
    assert anybody.get("services", "v2/services", jurisdiction_id="")
    assert "elsewhere.gov" in anybody.refused("v2/services", 404, jurisdiction_id="elsewhere.gov")
    assert "elsewhere.gov" in anybody.refused("v2/requests", 404, "POST", jurisdiction_id="elsewhere.gov")


def test_pages_of_others_may_ask(anybody):
    answer = anybody.client.options("/open311/v2/requests.json")
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS"
    answer = anybody.ask("/open311/v2/requests.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


def test_characters_that_no_xml_may_hold(anybody, district, monkeypatch):
    raised = district.open(is_public=True)
    type(raised.matter).objects.filter(pk=raised.id).update(text="路灯\x0b不亮 <b>&]]>\ufffe")
    answer = anybody.ask(f"/open311/v2/requests/{raised.number}.xml")
    found = ElementTree.fromstring(answer.content).find("request/description")
    assert found.text == "路灯不亮 <b>&]]>"
