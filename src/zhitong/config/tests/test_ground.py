"""Tiles beneath the maps, from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhitong.config.ground import ground

TIANDITU = (
    "https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk={key}"
)


def test_without_tiles_there_is_no_ground():
    assert (ground({}).data, ground({"ZHITONG_MAP_KEY": "x"}).origins) == ({}, ())


def test_tianditu_with_the_districts_key():
    found = ground({
        "ZHITONG_MAP_TILES": TIANDITU, "ZHITONG_MAP_LABELS": TIANDITU.replace("vec", "cva").replace("t0", "t1"),
        "ZHITONG_MAP_KEY": "a&b", "ZHITONG_MAP_ATTRIBUTION": "<天地图>",
    })  # fmt: skip
    assert found.origins == ("https://t0.tianditu.gov.cn", "https://t1.tianditu.gov.cn")
    assert found.data["data-tiles"].endswith("TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=a%26b")
    assert found.data["data-attribution"] == "&lt;天地图&gt;"
    assert found.data["data-ground-datum"] == "wgs84"


@pytest.mark.parametrize(
    "said",
    [
        {"ZHITONG_MAP_TILES": TIANDITU},
        {"ZHITONG_MAP_TILES": "https://a.example/{z}/{x}"},
        {"ZHITONG_MAP_TILES": "https://{s}.example/{z}/{x}/{y}"},
        {"ZHITONG_MAP_TILES": "javascript:{z}{x}{y}"},
        {"ZHITONG_MAP_TILES": "https://a.example; script-src *//{z}/{x}/{y}"},
        {"ZHITONG_MAP_TILES": "https://a.example/{z}/{x}/{y}", "ZHITONG_MAP_DATUM": "bd09"},
    ],
)
def test_what_cannot_be_is_said_at_start(said):
    with pytest.raises(ImproperlyConfigured):
        ground(said)


def test_only_its_host_enters_the_policy():
    found = ground({"ZHITONG_MAP_TILES": "https://tiles.example:8443/{z}/{x}/{y}.png", "ZHITONG_MAP_DATUM": "gcj02"})
    assert found.origins == ("https://tiles.example:8443",)
