"""The tiles beneath the maps, chosen on their page."""

from typing import Any

import pytest
from django.urls import reverse

from zhitong.kernel.register.public import rotate_keys
from zhitong.kernel.territory.public import GroundChoice
from zhitong.ui.public import current_ground

pytestmark = pytest.mark.django_db
PAGE = "portal:territory_ground"
TILES = "https://tiles.example:8443/{z}/{x}/{y}.png?k={key}"


def send(client: Any, do: str, **said: Any) -> Any:
    return client.post(
        reverse(PAGE), {"do": do, "source": "own", "tiles": TILES, "datum": "wgs84", "zoom": "17", **said}
    )


def sealed() -> bytes:
    kept = GroundChoice.objects.get().sealed
    assert kept
    return bytes(kept)


def test_without_one_maps_ask_nobody(admin: Any) -> None:
    page = admin.get(reverse(PAGE))
    assert "没有底图，只显示区划边界。" in page.content.decode()
    assert "https:" not in page["Content-Security-Policy"]


def test_the_key_is_called_what_it_is(admin: Any) -> None:
    assert "地图密钥" in admin.get(reverse(PAGE)).content.decode()
    admin.cookies["django_language"] = "en"
    page = admin.get(reverse(PAGE)).content.decode()
    assert "Map key" in page
    assert "Secret" not in page


@pytest.mark.parametrize(
    "name", ["portal:territory_draw", "portal:shapes_import", "portal:territory_ground", "portal:territory_check"]
)
def test_each_page_of_the_map_is_marked_in_the_menu(admin: Any, name: str) -> None:
    page = admin.get(reverse(name)).content.decode()
    assert f'href="{reverse(name)}" aria-current="page"' in page
    assert f'href="{reverse("portal:setup")}" aria-current="page"' not in page


def test_looked_at_kept_and_dropped(admin: Any) -> None:
    shown = send(admin, "preview", key="a b")
    assert 'data-tiles="https://tiles.example:8443/{z}/{x}/{y}.png?k=a%20b"' in shown.content.decode()
    assert shown["Content-Security-Policy"].count("https://tiles.example:8443") == 2
    assert not GroundChoice.objects.exists()
    assert send(admin, "save", key="a b").status_code == 302
    assert b"a b" not in sealed()
    again = admin.get(reverse(PAGE))
    assert "已加密存放" in again.content.decode()
    assert 'value="a b"' not in again.content.decode()
    for name in ("portal:territory_check", "portal:territory_draw"):
        page = admin.get(reverse(name))
        assert 'data-tiles-to="17"' in page.content.decode()
        assert "https://tiles.example:8443" in page["Content-Security-Policy"]
    assert "tiles.example" not in admin.get(reverse("portal:setup"))["Content-Security-Policy"]
    admin.post(reverse("portal:territory_ground_drop"))
    assert not GroundChoice.objects.exists()
    assert "tiles.example" not in admin.get(reverse("portal:territory_check"))["Content-Security-Policy"]


def test_the_key_stays_when_none_is_typed_and_is_sealed_anew(admin: Any, settings: Any) -> None:
    send(admin, "save", key="first")
    send(admin, "save", key="", attribution="某单位")
    assert current_ground().data["data-tiles"].endswith("k=first")
    before = sealed()
    settings.DATA_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", *settings.DATA_KEYS]
    assert rotate_keys() >= 1
    assert sealed() != before
    assert current_ground().data["data-tiles"].endswith("k=first")


def test_tianditu_needs_only_the_key(admin: Any) -> None:
    refused = send(admin, "save", source="vec", tiles="", key="")
    assert refused.status_code == 422
    assert "请填写密钥" in refused.content.decode()
    assert send(admin, "save", source="img", tiles="", key="k1").status_code == 302
    data = current_ground().data
    assert "LAYER=img" in data["data-tiles"]
    assert "LAYER=cia" in data["data-labels"]
    assert "TILEROW={y}&TILECOL={x}&tk=k1" in data["data-tiles"]
    assert data["data-ground-datum"] == "wgs84"


@pytest.mark.parametrize(
    "tiles",
    ["", "https://a.example/{z}/{x}", "https://{s}.example/{z}/{x}/{y}", "javascript:{z}{x}{y}", "https://[/{z}/{x}/{y}",
     "https://a.example; script-src *//{z}/{x}/{y}"],
)  # fmt: skip
def test_what_cannot_be_is_said_and_what_was_typed_stays(admin: Any, tiles: str) -> None:
    answer = send(admin, "save", tiles=tiles, attribution="某单位")
    assert answer.status_code == 422
    assert "某单位" in answer.content.decode()
    assert not GroundChoice.objects.exists()


def test_a_ground_in_gcj02_is_offered_and_bd09_is_not(admin: Any) -> None:
    send(admin, "save", tiles="https://a.example/{z}/{x}/{y}", datum="gcj02")
    assert 'data-ground-datum="gcj02"' in admin.get(reverse("portal:territory_check")).content.decode()
    assert send(admin, "save", tiles="https://a.example/{z}/{x}/{y}", datum="bd09").status_code == 422
