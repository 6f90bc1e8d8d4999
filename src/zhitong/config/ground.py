"""What lies beneath the shapes on maps: tiles of a provider the district has chosen, read from the environment."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PLACES = {"{TileMatrix}": "{z}", "{TileCol}": "{x}", "{TileRow}": "{y}"}  # WMTS -> XYZ
_LEFT = re.compile(r"\{(?!z\}|x\}|y\})")


@dataclass(frozen=True, slots=True)
class Ground:
    """``data``: what a map element says of it, empty without tiles.  ``origins``: the hosts a browser may ask, exactly."""

    data: Mapping[str, str]
    origins: tuple[str, ...]


def ground(environment: Mapping[str, str]) -> Ground:
    """From ``ZHITONG_MAP_TILES`` and its like (docs/how-to/set-up-a-district.md).  ImproperlyConfigured says what is wrong."""
    tiles = environment.get("ZHITONG_MAP_TILES", "").strip()
    if not tiles:
        return Ground({}, ())
    key = environment.get("ZHITONG_MAP_KEY", "").strip()
    datum = environment.get("ZHITONG_MAP_DATUM", "wgs84").strip().lower()
    if datum not in {"wgs84", "gcj02"}:
        raise ImproperlyConfigured("ZHITONG_MAP_DATUM is wgs84 or gcj02")
    layers = {"data-tiles": _address(tiles, key, "ZHITONG_MAP_TILES")}
    if labels := environment.get("ZHITONG_MAP_LABELS", "").strip():
        layers["data-labels"] = _address(labels, key, "ZHITONG_MAP_LABELS")
    more = {
        "data-attribution": html.escape(environment.get("ZHITONG_MAP_ATTRIBUTION", "")),
        "data-ground-datum": datum,
        "data-tiles-to": environment.get("ZHITONG_MAP_ZOOM", "18"),
    }
    return Ground({**layers, **more}, tuple(sorted({_origin(one) for one in layers.values()})))


def _address(template: str, key: str, name: str) -> str:
    for wmts, xyz in _PLACES.items():
        template = template.replace(wmts, xyz)
    if "{key}" in template and not key:
        raise ImproperlyConfigured(f"{name} asks for a key: set ZHITONG_MAP_KEY")
    address = template.replace("{key}", quote(key, safe=""))
    if not all(place in address for place in ("{z}", "{x}", "{y}")) or _LEFT.search(address):
        raise ImproperlyConfigured(f"{name} needs {{z}}, {{x}} and {{y}}, and besides them only {{key}}")
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not re.fullmatch(r"[A-Za-z0-9.-]+(?::\d+)?", parts.netloc):
        raise ImproperlyConfigured(f"{name} begins with https:// and one host without placeholders")
    return address


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
