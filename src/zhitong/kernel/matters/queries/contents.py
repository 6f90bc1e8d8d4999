"""Where the contents of files lie."""

from pathlib import Path

from django.conf import settings


def place_of(digest: bytes, *, preview: bool = False) -> Path:
    """Where the content of that digest is kept."""
    return place_in(digest.hex()[:2], digest, preview=preview)


def place_in(folder: str, digest: bytes, *, preview: bool = False) -> Path:
    """The same in a folder of its own."""
    return Path(settings.MEDIA_ROOT) / folder / (digest.hex() + (".preview" if preview else ""))
