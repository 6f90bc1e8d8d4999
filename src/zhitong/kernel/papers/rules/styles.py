"""How a paragraph and a run look: what Word finds along the chain of styles, in points."""

from collections.abc import Callable, Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ON = {None, "1", "true", "on"}
LINES = 240
MOST_STYLES = 20


def points(text: str | None, default: float = 0.0) -> float:
    """Twentieths of a point as points."""
    try:
        return float(text) / 20 if text is not None else default
    except ValueError:
        return default


def number(text: str | None, default: float = 0.0) -> float:
    """A number, or the default where it is none."""
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default


def at(element: Any, name: str) -> str | None:
    """An attribute of the w: namespace."""
    value: str | None = element.get(W + name)
    return value


def is_on(element: Any) -> bool:
    """Whether a switch such as w:b is on."""
    return at(element, "val") in ON


class Styles:
    """The styles of one document."""

    def __init__(self, root: Any) -> None:
        self._by_id: dict[str, Any] = {}
        self._default: dict[str, str] = {}
        self._base: list[Any] = []
        if root is None:
            return
        for style in root.findall(W + "style"):
            key, kind = at(style, "styleId") or "", at(style, "type") or ""
            self._by_id[key] = style
            if at(style, "default") in {"1", "true", "on"}:
                self._default[kind] = key
        self._base = root.findall(f"{W}docDefaults/*/*")

    def chain(self, key: str | None, kind: str) -> list[Any]:
        """The style and what it is based on, the most general first."""
        found: list[Any] = []
        key = key if key in self._by_id else self._default.get(kind)
        while key in self._by_id and len(found) < MOST_STYLES:
            found.append(self._by_id[key])
            based = self._by_id[key].find(W + "basedOn")
            key = at(based, "val") if based is not None else None
        return found[::-1]

    def run(self, paragraph: Any, run: Any, table: str | None = None) -> dict[str, Any]:
        """The look of a run: size, fonts, bold, italic, underline, colour."""
        look: dict[str, Any] = {"size": 10.0, "font": "", "latin": "", "b": False, "i": False, "u": False}
        for properties in self._sources(paragraph, run, table):
            _read_run(properties, look)
        return look

    def _sources(self, paragraph: Any, run: Any, table: str | None) -> Iterator[Any]:
        yield from (one for one in self._base if one.tag == W + "rPr")
        own = paragraph.find(W + "pPr") if paragraph is not None else None
        for key, kind in ((table, "table"), (_key(own, "pStyle"), "paragraph")):
            if kind == "paragraph" or key:
                yield from (p for style in self.chain(key, kind) if (p := style.find(W + "rPr")) is not None)
        direct = run.find(W + "rPr") if run is not None else (own.find(W + "rPr") if own is not None else None)
        if key := _key(direct, "rStyle"):
            yield from (p for style in self.chain(key, "character") if (p := style.find(W + "rPr")) is not None)
        if direct is not None:
            yield direct

    def paragraph(self, paragraph: Any, table: str | None = None) -> dict[str, Any]:
        """Alignment, indents, spacing, borders of a paragraph; ``num`` where it is numbered."""
        look: dict[str, Any] = {
            "align": "left", "left": 0.0, "right": 0.0, "first": 0.0, "before": 0.0, "after": 0.0, "rule": "auto", "line": 1.0,
        }  # fmt: skip
        size = self.run(paragraph, None, table)["size"]
        own = paragraph.find(W + "pPr")
        sources = [one for one in self._base if one.tag == W + "pPr"]
        for key, kind in ((table, "table"), (_key(own, "pStyle"), "paragraph")):
            if kind == "paragraph" or key:
                sources += [p for style in self.chain(key, kind) if (p := style.find(W + "pPr")) is not None]
        for properties in [*sources, *([own] if own is not None else [])]:
            _read_paragraph(properties, look, size)
        return look


def _key(properties: Any, name: str) -> str | None:
    found = properties.find(W + name) if properties is not None else None
    return at(found, "val") if found is not None else None


def _read_run(properties: Any, look: dict[str, Any]) -> None:
    for one in properties:
        name = one.tag.removeprefix(W) if isinstance(one.tag, str) else ""
        if name == "sz":
            look["size"] = min(max(number(at(one, "val"), 20) / 2, 1), 400)
        elif name == "rFonts":
            look["font"] = at(one, "eastAsia") or look["font"]
            look["latin"] = at(one, "ascii") or look["latin"]
        elif name in ("b", "i", "strike", "vanish"):
            look[name] = is_on(one)
        elif name == "u":
            look["u"] = at(one, "val") not in (None, "none")
        elif name == "color":
            look["color"] = colour(at(one, "val"))
        elif name == "spacing":
            look["track"] = points(at(one, "val"))
        elif name == "vertAlign":
            look["script"] = {"superscript": "super", "subscript": "sub"}.get(at(one, "val") or "", "")


def colour(text: str | None) -> str:
    """#rrggbb, or "" for automatic."""
    return f"#{text.lower()}" if text and len(text) == 6 and all(c in "0123456789abcdefABCDEF" for c in text) else ""


ALIGN = {"center": "center", "right": "right", "end": "right", "both": "both", "distribute": "both"}


def _read_paragraph(properties: Any, look: dict[str, Any], size: float) -> None:
    for one in properties:
        name = one.tag.removeprefix(W) if isinstance(one.tag, str) else ""
        if name == "ind":
            _read_indent(one, look, size)
        elif name == "spacing":
            _read_spacing(one, look)
        elif name in _PLAIN:
            key, read = _PLAIN[name]
            look[key] = read(one)


def _read_indent(one: Any, look: dict[str, Any], size: float) -> None:
    """In characters where that is said (hundredths), else in twentieths of a point."""
    for side, names in (("left", ("left", "start")), ("right", ("right", "end"))):
        for name in names:
            look[side] = points(at(one, name), look[side])
            if chars := number(at(one, name + "Chars")):
                look[side] = chars / 100 * size
    if at(one, "firstLine") is not None or at(one, "hanging") is not None:
        look["first"] = points(at(one, "firstLine")) - points(at(one, "hanging"))
    if chars := number(at(one, "firstLineChars")) - number(at(one, "hangingChars")):
        look["first"] = chars / 100 * size


def _read_spacing(one: Any, look: dict[str, Any]) -> None:
    for side in ("before", "after"):
        look[side] = points(at(one, side), look[side])
        if lines := number(at(one, side + "Lines")):
            look[side] = lines / 100 * 15.6  # the grid of a Chinese page: 312 twentieths of a point
    if at(one, "line") is not None:
        look["rule"] = {"exact": "exact", "atLeast": "least"}.get(at(one, "lineRule") or "auto", "auto")
        amount = number(at(one, "line"), LINES)
        look["line"] = amount / LINES if look["rule"] == "auto" else amount / 20


SIDES = {"top": "top", "bottom": "bottom", "left": "left", "start": "left", "right": "right", "end": "right",
         "insideH": "inner_h", "insideV": "inner_v"}  # fmt: skip


def borders(element: Any) -> dict[str, Any]:
    """The lines around something by side: width in points and colour, or None where it is said that there is none."""
    found: dict[str, Any] = {}
    for one in element:
        side = SIDES.get(one.tag.removeprefix(W) if isinstance(one.tag, str) else "")
        if side:
            is_none = at(one, "val") in (None, "nil", "none")
            width = max(number(at(one, "sz"), 4) / 8, 0.25)
            found[side] = None if is_none else {"w": width, "color": colour(at(one, "color")) or "#000000"}
    return found


def _tabs(one: Any) -> list[tuple[float, str]]:
    return [(points(at(t, "pos")), at(t, "val") or "left") for t in one if at(t, "val") != "clear"]


_PLAIN: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "jc": ("align", lambda one: ALIGN.get(at(one, "val") or "", "left")),
    "pageBreakBefore": ("break", is_on),
    "keepNext": ("keep", is_on),
    "shd": ("fill", lambda one: colour(at(one, "fill"))),
    "pBdr": ("border", borders),
    "tabs": ("tabs", _tabs),
    "numPr": ("num", lambda one: (_key(one, "numId") or "0", int(number(_key(one, "ilvl"))))),
}
