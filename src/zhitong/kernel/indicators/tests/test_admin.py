"""The administration defines indicators by new versions only."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators import public as indicators

ADD = "/admin/indicators/indicator/add/"
FORM = {
    "slug": "closed_twice", "name": "两次办结", "formula": '{"sum": "appeal.again"}', "unit": "count", "direction": "less",
    "sort": "300", "valid_from": "2026-03-01", "is_shown": "on",
}  # fmt: skip


@pytest.fixture
def client(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An administrator in a browser."""
    user = get_user_model().objects.create(
        username="admin", is_staff=True, is_superuser=True, must_change_password=False
    )
    system = Actor.system("管理员")
    monkeypatch.setattr("zhitong.kernel.accounts.web.protection.actor_for", lambda *a, **k: system)
    monkeypatch.setattr("zhitong.kernel.accounts.queries.actor_for", lambda *a, **k: system)
    client = Client()
    client.force_login(user, backend="zhitong.kernel.accounts.web.backend.AccountBackend")
    return client


def change(row: indicators.Indicator) -> str:
    return f"/admin/indicators/indicator/{row.pk}/change/"


def test_a_first_version(client: Client) -> None:
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, FORM)
    assert answer.status_code == 302, answer.content.decode()
    row = indicators.Indicator.objects.get()
    assert (row.slug, row.version, row.formula) == ("closed_twice", 1, {"sum": "appeal.again"})


def test_a_change_is_a_new_version(client: Client) -> None:
    client.post(ADD, FORM)
    row = indicators.Indicator.objects.get()
    page = client.get(change(row))
    assert page.context["adminform"].form.initial["valid_from"] == timezone.localdate() + timedelta(days=1)
    assert "appeal.opened" in page.content.decode()
    said = {**FORM, "name": "再次办结", "formula": json.dumps({"count": "appeal.again"}), "valid_from": "2026-06-01"}
    said.pop("slug")
    answer = client.post(change(row), said)
    assert answer.status_code == 302, answer.content.decode()
    found = [(r.version, r.name, r.valid_from) for r in indicators.Indicator.objects.order_by("version")]
    assert found == [(1, "两次办结", date(2026, 3, 1)), (2, "再次办结", date(2026, 6, 1))]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"formula": "{"}, "formula"), ({"formula": '{"sum": "no.such"}'}, "没有名为“no.such”的计量"), ({"formula": "7"}, "只能写一种运算"),
        ({"unit": ""}, "unit"), ({"valid_from": "soon"}, "valid_from"), ({"slug": "not a slug"}, "slug"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_beside_its_field(client: Client, wrong: dict[str, Any], said: str) -> None:
    answer = client.post(ADD, {**FORM, **wrong})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not indicators.Indicator.objects.exists()


def test_the_same_slug_again_is_a_version_that_must_begin_later(client: Client) -> None:
    client.post(ADD, FORM)
    answer = client.post(ADD, FORM)
    assert "起用日期应晚于" in str(answer.context["errors"]), answer.context["errors"]
    assert client.post(ADD, {**FORM, "valid_from": "2026-07-01"}).status_code == 302
    assert indicators.Indicator.objects.count() == 2


def test_nothing_is_deleted(client: Client) -> None:
    client.post(ADD, FORM)
    row = indicators.Indicator.objects.get()
    assert client.post(f"/admin/indicators/indicator/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/indicators/indicator/").status_code == 200
