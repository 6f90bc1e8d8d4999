"""Where an appeal lies: inside the district, or where its street says."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.district import District, build
from zhitong.kernel.matters.public import Matter

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = {"lon": "117.05", "lat": "36.55"}, {"lon": "118.9", "lat": "36.55"}


@pytest.fixture
def district(db: None) -> District:
    return build()


def said(**more: str) -> dict[str, str]:
    return {"subkind": "report", "text": "门口的路灯三天不亮，晚上看不清。", **more}


def test_a_point_outside_is_asked_about_once_and_nothing_is_lost(district: District, client: Client) -> None:
    new = reverse("appeals:new")
    answer = client.post(new, said(**OUTSIDE))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "不在本区范围内" in body
    assert "门口的路灯三天不亮" in body
    assert not Matter.objects.exists()
    street = str(district.streets["street"])
    assert client.post(new, said(**OUTSIDE, division=street)).status_code == 302
    assert str(Matter.objects.get().division_id) == street


def test_a_point_inside_is_taken(district: District, client: Client) -> None:
    assert client.post(reverse("appeals:new"), said(**INSIDE)).status_code == 302
    assert Matter.objects.get().division_id is not None
