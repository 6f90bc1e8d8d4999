"""Choosing the tiles beneath the maps: checked, and the key sealed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.ground import BadGround, Ground, make_ground
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import key_of

_WRONG = {
    "needs_key": _("地址中有{key}，请填写密钥。"),
    "needs_places": _("地址须含{z}、{x}、{y}（或{TileMatrix}、{TileCol}、{TileRow}），此外只能有{key}。"),
    "bad_host": _("地址须以https://开头，写一台固定的主机，不能带占位符。"),
    "bad_datum": _("瓦片的坐标系只能是WGS-84或GCJ-02。"),
    "bad_zoom": _("最大级别为1到22。"),
}


def checked_ground(
    *, tiles: str, labels: str, key: str, attribution: str, datum: str, zoom: int
) -> tuple[Ground, str]:  # fmt: skip
    """What maps would show, and the key: the one that is kept where none was given.  Refused naming what is wrong."""
    kept = territory.GroundChoice.objects.first()
    known = key or (key_of(kept) if kept else "")
    try:
        return make_ground(
            tiles, labels=labels, key=known, attribution=attribution, datum=datum, zoom=zoom
        ), known  # fmt: skip
    except BadGround as error:
        field = "key" if error.code == "needs_key" else error.field
        raise Refused(f"ground_{error.code}", _WRONG[error.code], field=field) from error


def choose_ground(
    *, tiles: str, labels: str, key: str, attribution: str, datum: str, zoom: int, by: Actor, at: datetime
) -> None:  # fmt: skip
    """From now on these tiles lie beneath the maps."""
    _ground, known = checked_ground(
        tiles=tiles, labels=labels, key=key, attribution=attribution, datum=datum, zoom=zoom
    )
    sealed = keyring().seal(known, territory.GroundChoice.PLACE) if known else None
    territory.choose_ground(
        tiles=tiles, labels=labels, attribution=attribution, datum=datum, zoom=zoom, sealed=sealed, by=by, at=at
    )
