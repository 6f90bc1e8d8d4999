"""What lies beneath the maps now: the administration's choice, else what the environment says, else our own shapes alone."""

from collections.abc import Iterator, Mapping

from django.conf import settings

from zhitong.base.ground import BadGround, Ground, make_ground
from zhitong.base.sealing import Unreadable
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.events.public import Kept
from zhitong.kernel.territory.public import GROUND_MARK, GroundChoice


def key_of(row: GroundChoice) -> str:
    """The provider's key in clear; empty where there is none, or its seal cannot be opened any more."""
    try:
        return keyring().open(bytes(row.sealed), GroundChoice.PLACE) if row.sealed else ""
    except Unreadable:
        return ""


def _build() -> Ground | None:
    row = GroundChoice.objects.first()
    if row is None:
        return None
    try:
        return make_ground(
            row.tiles, labels=row.labels, key=key_of(row), attribution=row.attribution, datum=row.datum, zoom=row.zoom
        )
    except BadGround:
        return None


_chosen: Kept[Ground | None] = Kept(GROUND_MARK, _build, most=2)


def current_ground() -> Ground:
    """As a page shows it that is made now."""
    return _chosen.get() or settings.MAP_GROUND


class MapGround(Mapping[str, str]):
    """The attributes of a map element, read when a page is made: a change shows without a restart."""

    def __getitem__(self, name: str) -> str:
        return current_ground().data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(current_ground().data)

    def __len__(self) -> int:
        return len(current_ground().data)

    def items(self) -> "list[tuple[str, str]]":  # type: ignore[override]
        """All of one moment."""
        return list(current_ground().data.items())
