"""Where the files of papers lie: apart from what people send."""

from pathlib import Path

from django.conf import settings

from ..models import Paper


def place_of(digest: bytes) -> Path:
    """Where the file with that SHA-256 is kept."""
    return Path(settings.MEDIA_ROOT) / "papers" / digest.hex()[:2] / digest.hex()


def kept(paper: Paper, ending: str) -> Path | None:
    """The file of a paper, ``docx`` or ``pdf``, as it is kept; None until the worker has made it."""
    digest = getattr(paper, ending)
    place = place_of(bytes(digest)) if digest else None
    return place if place is not None and place.exists() else None
