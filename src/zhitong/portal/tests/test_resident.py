"""The resident's home."""

from typing import Any

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


@pytest.mark.parametrize(
    ("own", "language", "shown"),
    [
        (("", ""), "zh-hans", "反映诉求、办事服务，一网直通"),
        (("", ""), "en", "Appeals and services, straight through"),
        (("示范区政务服务", "Model District Services"), "zh-hans", "示范区政务服务"),
        (("示范区政务服务", "Model District Services"), "en", "Model District Services"),
        (("示范区政务服务", ""), "en", "示范区政务服务"),
    ],
)
def test_what_the_portal_is_for_speaks_of_all_of_it_or_in_the_districts_words(
    client: Client, settings: Any, own: tuple[str, str], language: str, shown: str
) -> None:
    settings.TAGLINE, settings.TAGLINE_EN = own
    client.cookies["django_language"] = language
    head = client.get("/").content.decode().split("</header>", 1)[0]
    assert f"<small>{shown}</small>" in head
