"""What lies beneath the shapes on maps: the tiles of a provider, checked so that a browser asks those hosts and no other."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_PLACES = {"{TileMatrix}": "{z}", "{TileCol}": "{x}", "{TileRow}": "{y}"}  # WMTS -> XYZ
_LEFT = re.compile(r"\{(?!z\}|x\}|y\})")
DATUMS = ("wgs84", "gcj02")
ZOOMS = range(1, 23)


class BadGround(ValueError):
    """``code``: needs_key, needs_places, bad_host, bad_datum or bad_zoom; ``field``: the name of what is wrong."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class Ground:
    """``data``: what a map element says of it, empty without tiles.  ``origins``: the hosts a browser may ask, exactly."""

    data: Mapping[str, str]
    origins: tuple[str, ...]


NO_GROUND = Ground({}, ())


def make_ground(
    tiles: str, *, labels: str = "", key: str = "", attribution: str = "", datum: str = "wgs84", zoom: int = 18
) -> Ground:
    """From addresses with {z}, {x} and {y} (or the names of WMTS) and {key}.  Raises `BadGround`."""
    if not tiles.strip():
        return NO_GROUND
    if datum not in DATUMS:
        raise BadGround("bad_datum", "datum")
    if zoom not in ZOOMS:
        raise BadGround("bad_zoom", "zoom")
    layers = {"data-tiles": _address(tiles.strip(), key, "tiles")}
    if labels.strip():
        layers["data-labels"] = _address(labels.strip(), key, "labels")
    more = {"data-attribution": html.escape(attribution), "data-ground-datum": datum, "data-tiles-to": str(zoom)}
    return Ground({**layers, **more}, tuple(sorted({_origin(one) for one in layers.values()})))


def _address(template: str, key: str, field: str) -> str:
    for wmts, xyz in _PLACES.items():
        template = template.replace(wmts, xyz)
    if "{key}" in template and not key:
        raise BadGround("needs_key", field)
    address = template.replace("{key}", quote(key, safe=""))
    if not all(place in address for place in ("{z}", "{x}", "{y}")) or _LEFT.search(address):
        raise BadGround("needs_places", field)
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadGround("bad_host", field) from error
    if parts.scheme not in {"https", "http"} or not re.fullmatch(r"[A-Za-z0-9.-]+(?::\d+)?", parts.netloc):
        raise BadGround("bad_host", field)
    return address


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
