"""The icons of npm's ``@tabler/icons``, drawn inside the page so that they take its colours."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

_BOUNDS = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def _folder() -> Path:
    return Path(settings.ROOT) / "node_modules" / "@tabler" / "icons" / "icons"


@lru_cache(maxsize=512)
def shapes(name: str, is_filled: bool = False) -> str:
    """The inside of an icon's SVG; a plain circle when the npm packages are not installed.

    Raises KeyError for a name the installed set does not have.
    """
    if not _folder().is_dir():
        return '<circle cx="12" cy="12" r="8"/>'
    file = _folder() / ("filled" if is_filled else "outline") / f"{name}.svg"
    if not name.replace("-", "").isalnum() or not file.is_file():
        raise KeyError(f"no icon {name!r}")
    text = file.read_text(encoding="utf-8")
    inside = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    return " ".join(inside.replace(_BOUNDS, "").split())
