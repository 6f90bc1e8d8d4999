"""What lies beneath the shapes on maps, read from the environment; the administration's own choice goes before it."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

from zhitong.base.ground import BadGround, Ground, make_ground

_NAMES = {
    "tiles": "ZHITONG_MAP_TILES",
    "labels": "ZHITONG_MAP_LABELS",
    "datum": "ZHITONG_MAP_DATUM",
    "zoom": "ZHITONG_MAP_ZOOM",
}
_WRONG = {
    "needs_key": "{name} asks for a key: set ZHITONG_MAP_KEY",
    "needs_places": "{name} needs {{z}}, {{x}} and {{y}}, and besides them only {{key}}",
    "bad_host": "{name} begins with https:// and one host without placeholders",
    "bad_datum": "{name} is wgs84 or gcj02",
    "bad_zoom": "{name} is a number from 1 to 22",
}


def ground(environment: Mapping[str, str]) -> Ground:
    """From ``ZHITONG_MAP_TILES`` and its like (docs/how-to/set-up-a-district.md).  ImproperlyConfigured says what is wrong."""
    zoom = environment.get("ZHITONG_MAP_ZOOM", "18").strip()
    try:
        return make_ground(
            environment.get("ZHITONG_MAP_TILES", ""), labels=environment.get("ZHITONG_MAP_LABELS", ""),
            key=environment.get("ZHITONG_MAP_KEY", "").strip(), attribution=environment.get("ZHITONG_MAP_ATTRIBUTION", ""),
            datum=environment.get("ZHITONG_MAP_DATUM", "wgs84").strip().lower(), zoom=int(zoom) if zoom.isdecimal() else 0,
        )  # fmt: skip
    except BadGround as error:
        raise ImproperlyConfigured(_WRONG[error.code].format(name=_NAMES[error.field])) from error
