"""The health page in a real browser: says at once whether a browser works here at all."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_browser_opens_a_page(phone: Page) -> None:
    answer = phone.goto("/healthz")
    assert answer is not None
    assert answer.status == 200
    assert phone.inner_text("body").strip() == "ok"
