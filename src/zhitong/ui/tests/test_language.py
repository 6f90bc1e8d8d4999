"""Chinese unless somebody chose otherwise."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_browser_in_english_still_gets_chinese() -> None:
    page = Client(headers={"accept-language": "en-GB,en;q=0.9"}).get("/accounts/sign-in/")
    assert page["Content-Language"] == "zh-hans"


def test_the_choice_counts() -> None:
    client = Client()
    client.post("/language/", {"language": "en"})
    assert client.get("/accounts/sign-in/")["Content-Language"] == "en"
