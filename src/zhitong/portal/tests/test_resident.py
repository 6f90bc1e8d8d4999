"""The resident's home."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "我要反映"), ("en", "Raise an appeal")])
def test_home_leads_to_raising_and_tracking(client: Client, language: str, word: str) -> None:
    client.cookies["django_language"] = language
    shown = client.get("/").content.decode()
    assert word in shown
    for address in ("/appeals/new", "/appeals/track", "/appeals/public/", "/appeals/public/map", "/hall/"):
        assert f'href="{address}"' in shown
    assert "sessionid" not in client.cookies


def test_how_personal_information_is_handled(client: Client) -> None:
    assert "个人信息保护法" in client.get("/privacy").content.decode()
