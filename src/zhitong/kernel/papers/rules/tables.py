"""Tables of a Word file: columns, rows, cells that span, the lines around them."""

from collections.abc import Sequence
from typing import Any, Protocol

from .styles import Styles, W, at, borders, colour, is_on, number, points

PADDING = {"left": 5.4, "right": 5.4, "top": 0.0, "bottom": 0.0}
SIDES = ("top", "bottom", "left", "right")


class Reader(Protocol):
    """What reads the blocks of a cell."""

    styles: Styles

    def blocks(self, parent: Any, table_style: str | None = None) -> Any: ...


def table(reader: Reader, element: Any) -> dict[str, Any]:
    """One table; cells that are merged downwards are one cell."""
    own = element.find(W + "tblPr")
    style = _of(own, "tblStyle", "val")
    lines, padding = _lines(reader.styles, own, style), _padding(reader.styles, own, style)
    rows = [_row(reader, row, style) for row in element.iter(W + "tr") if _is_own(row, element)]
    columns = max((sum(c["span"] for c in row["cells"]) + row["skip"] for row in rows), default=0)
    widths = _widths(element, rows, columns)
    _merge_down(rows)
    for y, row in enumerate(rows):
        for cell in row["cells"]:
            _settle(cell, lines, padding, (y, len(rows)), columns)
    return {
        "t": "tbl", "cols": widths, "align": {"center": "center", "right": "right", "end": "right"}.get(_of(own, "jc", "val") or "", "left"),
        "left": points(_of(own, "tblInd", "w")), "rows": rows, "inner_v": lines.get("inner_v"),
    }  # fmt: skip


def _widths(element: Any, rows: Sequence[dict[str, Any]], columns: int) -> list[float]:
    """Of a row in which every column has its own cell what its cells say; else what the grid says."""
    for row in rows:
        if len(row["cells"]) == columns and all(cell["w"] for cell in row["cells"]):
            return [cell["w"] for cell in row["cells"]]
    grid = [points(at(one, "w")) for one in element.findall(f"{W}tblGrid/{W}gridCol")]
    return [grid[i] if i < len(grid) and grid[i] else 60.0 for i in range(columns)]


def _is_own(row: Any, element: Any) -> bool:
    """Whether the row is of this table and not of one inside a cell."""
    parent = row.getparent()
    while parent is not None and parent.tag != W + "tbl":
        parent = parent.getparent()
    return parent is element


def _of(properties: Any, name: str, attribute: str) -> str | None:
    found = properties.find(W + name) if properties is not None else None
    return at(found, attribute) if found is not None else None


def _sources(styles: Styles, own: Any, style: str | None) -> list[Any]:
    """Table properties from the most general style to the table's own."""
    found = [p for one in styles.chain(style, "table") if (p := one.find(W + "tblPr")) is not None]
    return [*found, *([own] if own is not None else [])]


def _lines(styles: Styles, own: Any, style: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for source in _sources(styles, own, style):
        if (element := source.find(W + "tblBorders")) is not None:
            found |= borders(element)
    return found


def _padding(styles: Styles, own: Any, style: str | None) -> dict[str, float]:
    found = dict(PADDING)
    for source in _sources(styles, own, style):
        _read_padding(source.find(W + "tblCellMar"), found)
    return found


def _read_padding(element: Any, into: dict[str, float]) -> None:
    for one in element if element is not None else ():
        side = one.tag.removeprefix(W).replace("start", "left").replace("end", "right")
        if side in into:
            into[side] = points(at(one, "w"))


def _row(reader: Reader, row: Any, style: str | None) -> dict[str, Any]:
    own = row.find(W + "trPr")
    height = own.find(W + "trHeight") if own is not None else None
    head = own.find(W + "tblHeader") if own is not None else None
    cells = [_cell(reader, one, style) for one in _cells(row)]
    return {
        "h": points(at(height, "val")) if height is not None else 0.0,
        "exact": height is not None and at(height, "hRule") == "exact",
        "head": head is not None and is_on(head),
        "skip": int(number(_of(own, "gridBefore", "val"))), "cells": cells,
    }  # fmt: skip


def _cells(row: Any) -> Sequence[Any]:
    found = []
    for one in row:
        if one.tag == W + "tc":
            found.append(one)
        elif one.tag == W + "sdt":
            found += one.findall(f"{W}sdtContent/{W}tc")
    return found


def _cell(reader: Reader, cell: Any, style: str | None) -> dict[str, Any]:
    own = cell.find(W + "tcPr")
    merge = own.find(W + "vMerge") if own is not None else None
    lines = own.find(W + "tcBorders") if own is not None else None
    margins: dict[str, float] = dict.fromkeys(SIDES, -1.0)
    _read_padding(own.find(W + "tcMar") if own is not None else None, margins)
    return {
        "span": max(int(number(_of(own, "gridSpan", "val"), 1)), 1), "down": 1,
        "w": points(_of(own, "tcW", "w")) if _of(own, "tcW", "type") in (None, "dxa") else 0.0,
        "merge": "" if merge is None else (at(merge, "val") or "continue"),
        "valign": {"center": "horizon", "bottom": "bottom"}.get(_of(own, "vAlign", "val") or "", "top"),
        "fill": colour(_of(own, "shd", "fill")), "lines": borders(lines) if lines is not None else {},
        "pad": margins, "blocks": list(reader.blocks(cell, style)),
    }  # fmt: skip


def _merge_down(rows: list[dict[str, Any]]) -> None:
    """Cells that continue the one above go; that one is as much longer.  Places are counted in columns of the grid."""
    above: dict[int, dict[str, Any]] = {}
    for row in rows:
        x, kept = row["skip"], []
        for cell in row["cells"]:
            cell["x"] = x
            if cell["merge"] == "continue" and x in above and above[x]["span"] == cell["span"]:
                above[x]["down"] += 1
            else:
                kept.append(cell)
                above[x] = cell
            if cell["merge"] == "":
                above.pop(x, None)
            x += cell["span"]
        row["cells"] = kept


def _settle(
    cell: dict[str, Any], lines: dict[str, Any], padding: dict[str, float], place: tuple[int, int], columns: int
) -> None:
    """The lines of a cell: its own, else the table's, which differ at the edges."""
    y, height = place
    at_edge = {
        "top": y == 0, "bottom": y + cell["down"] >= height, "left": cell["x"] == 0, "right": cell["x"] + cell["span"] >= columns,
    }  # fmt: skip
    inner = {"top": "inner_h", "bottom": "inner_h", "left": "inner_v", "right": "inner_v"}
    for side in SIDES:
        cell["lines"].setdefault(side, lines.get(side if at_edge[side] else inner[side]))
        if cell["pad"][side] < 0:
            cell["pad"][side] = padding[side]
