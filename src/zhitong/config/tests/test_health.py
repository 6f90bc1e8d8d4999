import pytest
from django.db import OperationalError, connection
from django.test import Client


@pytest.mark.django_db
def test_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_headers_that_protect(client: Client) -> None:
    answer = client.get("/healthz")
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_language_is_remembered(client: Client, language: str) -> None:
    answer = client.post("/language/", {"language": language, "next": "/healthz"})
    assert answer.status_code == 302
    assert client.get("/healthz")["Content-Language"] == language
