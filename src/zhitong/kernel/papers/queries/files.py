"""Where the files of papers lie: apart from what people send."""

from pathlib import Path

from django.conf import settings


def place_of(digest: bytes) -> Path:
    """Where the file with that SHA-256 is kept."""
    return Path(settings.MEDIA_ROOT) / "papers" / digest.hex()[:2] / digest.hex()
