"""Shapes out of files: GeoJSON, CSV with WKT or rings, a Shapefile in a zip.  Whatever was sent, a clear error or rows.

ESRI Shapefile Technical Description (1998); RFC 7946; OGC 06-103r4 (WKT).
"""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zhitong.base.geometry import Area, as_area, read_geojson
from zhitong.base.text import formula_text

MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CORNERS = 100_000
MOST_MEMBERS = 40
SAME = 1e-10  # square degrees: about a square metre
_CODE = ("code", "编码", "统一编码", "网格编码", "区划编码", "区划代码", "网格代码", "gb")
_NAME = ("name", "名称", "网格名称", "区划名称")
_SHAPE = ("wkt", "geometry", "geom", "shape", "ring", "边界", "坐标", "范围")
# A district's own software may write anything where a number of bytes belongs.
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    AttributeError,
    struct.error,
    EOFError,
    MemoryError,
)


class BadFile(ValueError):
    """The file as a whole cannot be taken; ``code`` says why: too_large, not_a_zip, no_shapefile, projected, not_json,
    no_columns, not_text, too_many, broken, unknown."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Row:
    """One shape of a file.  ``area`` is None with a ``problem``: no_shape, too_many_corners, swapped, not_degrees, crosses."""

    position: int
    code: str
    name: str
    area: Area | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns (or properties) are called in the file; empty means one of the usual names."""

    code: str = ""
    name: str = ""
    shape: str = ""


def read_file(name: str, content: bytes, columns: Columns | None = None) -> list[Row]:
    """The rows of a file, by what its name ends with (geojson, json, csv, zip).  BadFile for what is none."""
    if len(content) > MOST_BYTES:
        raise BadFile("too_large")
    ending = PurePosixPath(name.lower()).suffix
    readers = {".geojson": _geojson, ".json": _geojson, ".csv": _csv, ".txt": _csv, ".zip": _shapefile}
    if ending not in readers:
        raise BadFile("unknown", ending)
    try:
        rows = list(_counted(readers[ending](content, columns or Columns())))
    except BadFile:
        raise
    except (*_BROKEN, RecursionError, zipfile.BadZipFile, NotImplementedError, csv.Error) as error:
        raise BadFile("broken") from error
    return rows


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise BadFile("too_many")
        yield row


def _found(names: Mapping[str, Any], wanted: str, usual: tuple[str, ...]) -> str:
    """The column that is meant; empty for none."""
    if wanted:
        return wanted if wanted in names else ""
    lower = {str(name).strip().casefold(): name for name in names}
    return next((lower[one] for one in usual if one in lower), "")


def _row(position: int, properties: Mapping[str, Any], columns: Columns, area: Area | None, problem: str = "") -> Row:
    code = _text(properties.get(_found(properties, columns.code, _CODE)))
    name = _text(properties.get(_found(properties, columns.name, _NAME)))
    return Row(
        position,
        code.removeprefix("156") if len(code) in (9, 12) and code.startswith("156") else code,
        name,
        area,
        problem,
    )


def _text(value: Any) -> str:
    """A code may have been kept as a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else formula_text(str(value).strip())


def _area(geometry: Any) -> tuple[Area | None, str]:
    """The area of something like a GeoJSON geometry, and what is wrong with it."""
    try:
        return _sound(read_geojson(geometry))
    except (*_BROKEN, RecursionError):
        return None, "no_shape"


def _sound(shape: BaseGeometry) -> tuple[Area | None, str]:
    """A shape as an area, and what is wrong with it.  A border that touches itself is mended; one that crosses itself, so that nobody
    knows what was meant, is not."""
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        return None, "too_many_corners"
    if shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return None, "no_shape"
    west, south, east, north = shape.bounds
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):
        is_swapped = west >= -90 and east <= 90 and south >= -180 and north <= 180
        return None, "swapped" if is_swapped else "not_degrees"
    area = as_area(shape)
    return (area, "") if abs(area.area - shape.area) < SAME else (None, "crosses")


def _geojson(content: bytes, columns: Columns) -> Iterator[Row]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFile("not_json") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise BadFile("not_json")
    for position, feature in enumerate(features, start=1):
        told = feature if isinstance(feature, dict) else {}
        properties = told.get("properties")
        yield _row(position, properties if isinstance(properties, dict) else {}, columns, *_area(told.get("geometry")))


def _csv(content: bytes, columns: Columns) -> Iterator[Row]:
    csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))
    reader = csv.DictReader(io.StringIO(_decoded(content)), restkey="", restval="")
    heads = dict.fromkeys(reader.fieldnames or ())
    shape = _found(heads, columns.shape, _SHAPE)
    if not shape or not _found(heads, columns.code, _CODE):
        raise BadFile("no_columns")
    for row in reader:
        yield _row(reader.line_num, row, columns, *_written(row[shape] or ""))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("not_text")


def _written(text: str) -> tuple[Area | None, str]:
    """WKT, or one ring as "lon lat, lon lat, …" (or lon,lat;lon,lat;…), closed or not."""
    text = text.strip()
    try:
        return _sound(shapely.from_wkt(text) if text[:1].isalpha() else shapely.Polygon(_ring(text)))
    except (*_BROKEN, shapely.errors.GEOSException):
        return None, "no_shape"


def _ring(text: str) -> list[tuple[float, float]]:
    pairs = text.split(";") if ";" in text else [p for p in text.split(",") if p.strip()]
    found = []
    for pair in pairs:
        if pair.strip():
            lon, lat = pair.replace(",", " ").split()
            found.append((float(lon), float(lat)))
    return found


def _shapefile(content: bytes, columns: Columns) -> Iterator[Row]:
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise BadFile("not_a_zip") from error
    parts = _unpacked(packed)
    if b"PROJCS" in parts.get(".prj", b"")[:4096].upper():
        raise BadFile("projected")
    yield from _shapes(parts, columns)


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts of the one Shapefile by their endings; a zip that unpacks into too much is not unpacked."""
    members = [m for m in packed.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        raise BadFile("too_large")
    stems = {m.filename[:-4] for m in members if m.filename.lower().endswith(".shp")}
    if len(stems) != 1:
        raise BadFile("no_shapefile")
    stem = stems.pop()
    wanted = [
        m for m in members if m.filename[:-4] == stem and m.filename[-4:].lower() in (".shp", ".dbf", ".prj", ".cpg")
    ]
    parts, left = {}, MOST_UNPACKED
    for member in wanted:
        if member.flag_bits & 1:
            raise BadFile("not_a_zip")
        with packed.open(member) as file:
            parts[member.filename[-4:].lower()] = file.read(left + 1)
        left -= len(parts[member.filename[-4:].lower()])
        if left < 0:  # what the zip says of itself may be a lie
            raise BadFile("too_large")
    if ".dbf" not in parts:
        raise BadFile("no_shapefile")
    return parts


def _shapes(parts: Mapping[str, bytes], columns: Columns) -> Iterator[Row]:
    import shapefile

    for encoding in ("utf-8", "gb18030"):
        files = {name: io.BytesIO(parts[f".{name}"]) for name in ("shp", "dbf")}
        try:
            reader = shapefile.Reader(**files, encoding=encoding)
            records = [record.as_dict() for record in reader.iterRecords()]
            break
        except (UnicodeDecodeError, shapefile.ShapefileException):
            continue
    else:
        raise BadFile("broken")
    if len(records) > MOST_ROWS:
        raise BadFile("too_many")
    try:
        for position, (shape, record) in enumerate(zip(reader.iterShapes(), records, strict=True), start=1):
            yield _row(position, record, columns, *_of_shape(shape))
    except shapefile.ShapefileException as error:
        raise BadFile("broken") from error


def _of_shape(shape: Any) -> tuple[Area | None, str]:
    if len(getattr(shape, "points", ())) > MOST_CORNERS:
        return None, "too_many_corners"
    try:
        return _area(shape.__geo_interface__)
    except _BROKEN:
        return None, "no_shape"
