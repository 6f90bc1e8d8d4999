"""The parts of a Word file: read with limits, and written so that the same parts are the same bytes."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime

MOST_PARTS, MOST_UNPACKED, MOST_PART = 300, 24 * 1024 * 1024, 12 * 1024 * 1024
FIRST = "[Content_Types].xml"


class NoWordFile(ValueError):
    """It cannot be opened, or is larger inside than any template needs to be; ``args[0]`` says which: broken, locked, bomb."""


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part by name.  What a part claims to be is not believed: reading stops where it gets too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if any(entry.flag_bits & 1 for entry in entries):
                raise NoWordFile("locked")
            if len(entries) > MOST_PARTS or len({entry.filename for entry in entries}) != len(entries):
                raise NoWordFile("bomb")
            return _read(packed, entries)
    except NoWordFile:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NoWordFile("broken") from error


def _read(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for entry in entries:
        with packed.open(entry) as part:
            found[entry.filename] = part.read(min(left, MOST_PART) + 1)
        left -= len(found[entry.filename])
        if left < 0 or len(found[entry.filename]) > MOST_PART:
            raise NoWordFile("bomb")
    return found


def packed(parts: Mapping[str, bytes], at: datetime) -> bytes:
    """A file of these parts; nothing in it depends on when or where it is written."""
    out = io.BytesIO()
    moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second - at.second % 2)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(parts, key=lambda name: (name != FIRST, name)):
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            file.writestr(entry, parts[name])
    return out.getvalue()


def settled(content: bytes, at: datetime) -> bytes:
    """The same file with its parts in order and under one moment."""
    return packed(parts_of(content), at)
