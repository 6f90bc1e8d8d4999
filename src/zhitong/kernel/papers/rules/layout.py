"""A Word file as a tree of blocks: pages, paragraphs, runs, tables, pictures, everything in points.

What the tree cannot say (text boxes, charts, …) is named in ``lost``, so that whoever uploads a template learns what the PDF leaves out.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .numbering import Numbering
from .styles import Styles, W, at, number, points
from .tables import table

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
EMU = 12_700  # in a point
PICTURES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}
INTO = {W + name for name in ("hyperlink", "ins", "smartTag", "sdtContent", "sdt", "fldSimple", "moveTo", "bdo", "dir")}
PLAIN = {"tab": {"t": "tab"}, "cr": {"t": "br"}, "noBreakHyphen": {"t": "t", "s": "\u2011"}}

Block = dict[str, Any]


@dataclass
class Tree:
    """What the page program draws."""

    page: dict[str, Any]
    body: list[Block] = field(default_factory=list)
    head: dict[str, list[Block]] = field(default_factory=dict)
    foot: dict[str, list[Block]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)


def layout(parts: Mapping[str, bytes]) -> Tree:
    """The tree of a Word file that was read with ``parts_of``.  Raises lxml's XMLSyntaxError and KeyError where it is none."""
    document = parse(parts["word/document.xml"])
    reading = Reading(parts, "word/document.xml")
    body = document.find(W + "body")
    section = body.find(W + "sectPr")
    if len(document.findall(f".//{W}sectPr")) > 1:
        reading.tree.lost.add("sections")
    reading.tree.page = _page(section)
    reading.tree.body = list(reading.blocks(body))
    for kind, place in (("headerReference", reading.tree.head), ("footerReference", reading.tree.foot)):
        for reference in section.findall(W + kind) if section is not None else ():
            if (path := reading.target(reference.get(R + "id"))) in parts:
                place[at(reference, "type") or "default"] = reading.other(path)
    if section is not None and section.find(W + "titlePg") is None:
        reading.tree.head.pop("first", None)
        reading.tree.foot.pop("first", None)
    return reading.tree


def parse(content: bytes) -> Any:
    """XML without entities, and without anything from elsewhere."""
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _page(section: Any) -> dict[str, Any]:
    """A4 with Word's margins where nothing is said."""
    size = section.find(W + "pgSz") if section is not None else None
    margin = section.find(W + "pgMar") if section is not None else None

    def of(element: Any, name: str, default: float) -> float:
        return points(at(element, name), default) if element is not None else default

    page = {"w": of(size, "w", 595.3), "h": of(size, "h", 841.9)}
    for side, default in (
        ("top", 72.0),
        ("bottom", 72.0),
        ("left", 90.0),
        ("right", 90.0),
        ("header", 42.5),
        ("footer", 42.5),
    ):
        page[side] = abs(of(margin, side, default))
    return page


@dataclass
class Reading:
    """One part of the file being read, with what all of them share."""

    parts: Mapping[str, bytes]
    path: str
    tree: Tree = field(default_factory=lambda: Tree({}))
    styles: Styles = field(init=False)
    numbering: Numbering = field(init=False)
    targets: dict[str, str] = field(init=False)
    field_depth: int = 0
    field_code: str = ""
    is_result: bool = False

    def __post_init__(self) -> None:
        self.styles = Styles(self._root("word/styles.xml"))
        self.numbering = Numbering(self._root("word/numbering.xml"))
        self.targets = self._targets(self.path)

    def _root(self, path: str) -> Any:
        return parse(self.parts[path]) if path in self.parts else None

    def _targets(self, path: str) -> dict[str, str]:
        folder, name = posixpath.split(path)
        root = self._root(f"{folder}/_rels/{name}.rels")
        return {
            one.get("Id"): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))).lstrip("/")
            for one in (root if root is not None else ()) if one.get("TargetMode") != "External"
        }  # fmt: skip

    def target(self, key: str | None) -> str:
        """The part that a relationship leads to."""
        return self.targets.get(key or "", "")

    def other(self, path: str) -> list[Block]:
        """The blocks of a header or footer; its pictures are found through its own relationships."""
        mine, self.targets = self.targets, self._targets(path)
        found = list(self.blocks(parse(self.parts[path])))
        self.targets = mine
        return found

    def blocks(self, parent: Any, table_style: str | None = None) -> Iterator[Block]:
        """Paragraphs and tables in order."""
        for one in parent:
            if one.tag == W + "p":
                yield self.paragraph(one, table_style)
            elif one.tag == W + "tbl":
                yield table(self, one)
            elif one.tag in INTO:
                yield from self.blocks(one, table_style)
            elif one.tag == W + "altChunk":
                self.tree.lost.add("chunk")

    def paragraph(self, paragraph: Any, table_style: str | None) -> Block:
        """A paragraph with its runs."""
        look = self.styles.paragraph(paragraph, table_style)
        label = self.numbering.label(look)
        runs = list(self._runs(paragraph, paragraph, table_style))
        empty = self.styles.run(paragraph, None, table_style)
        if label:
            runs.insert(0, {"t": "t", **self._seen(empty), "s": label})
        return {"t": "p", **look, "size": empty["size"], "runs": runs}

    @staticmethod
    def _seen(look: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in look.items() if value and key != "vanish"}

    def _runs(self, paragraph: Any, parent: Any, table_style: str | None) -> Iterator[Block]:
        for one in parent:
            if one.tag == W + "r":
                look = self.styles.run(paragraph, one, table_style)
                if not look.get("vanish"):
                    yield from self._run(one, self._seen(look))
            elif one.tag == W + "fldSimple":
                found = _page_field(at(one, "instr") or "")
                if found:
                    yield {**found, **self._seen(self.styles.run(paragraph, None, table_style))}
                else:
                    yield from self._runs(paragraph, one, table_style)
            elif one.tag in INTO:
                yield from self._runs(paragraph, one, table_style)

    def _run(self, run: Any, look: dict[str, Any]) -> Iterator[Block]:
        for one in self._flat(run):
            name = one.tag.removeprefix(W) if isinstance(one.tag, str) else ""
            if name == "fldChar":
                yield from self._field(at(one, "fldCharType") or "", look)
            elif name == "instrText":
                self.field_code += one.text or ""
            elif self.is_result:
                continue  # the number that Word last showed
            elif name == "t":
                yield {"t": "t", **look, "s": _blanks(one.text or "") if look.get("u") else one.text or ""}
            elif name in PLAIN:
                yield {**look, **PLAIN[name]}
            elif name == "br":
                yield {"t": "pb"} if at(one, "type") == "page" else {"t": "br"}
            elif name in ("drawing", "pict", "object"):
                yield from self._drawn(one)

    @staticmethod
    def _flat(run: Any) -> Iterator[Any]:
        """What is in a run; of alternatives the first, which is what Word of today shows."""
        for one in run:
            if one.tag == MC + "AlternateContent":
                choice = one.find(MC + "Choice")
                yield from choice if choice is not None else ()
            else:
                yield one

    def _field(self, part: str, look: dict[str, Any]) -> Iterator[Block]:
        if part == "begin":
            self.field_code, self.is_result = "", False
        elif part in ("separate", "end"):
            found = _page_field(self.field_code)
            if found:
                yield {**look, **found}
                self.field_code = ""
                self.is_result = part == "separate"
            if part == "end":
                self.is_result = False

    def _drawn(self, drawing: Any) -> Iterator[Block]:
        """A picture in the line, or beside it; anything else is named as lost."""
        blip = drawing.find(f".//{A}blip")
        frame = drawing.find(WP + "inline")
        frame = frame if frame is not None else drawing.find(WP + "anchor")
        path = self.target(blip.get(R + "embed")) if blip is not None else ""
        kind = PICTURES.get(posixpath.splitext(path)[1].lower())
        if frame is None or path not in self.parts or kind is None:
            if not any(str(one.get("id", "")).startswith("zt-watermark") for one in drawing.iter()):
                self.tree.lost.add("picture" if path else "drawing")
            return
        extent = frame.find(WP + "extent")
        name = f"{len(self.tree.pictures)}.{kind}"
        name = next((n for n, c in self.tree.pictures.items() if c == self.parts[path]), name)
        self.tree.pictures[name] = self.parts[path]
        size = {"w": number(extent.get("cx")) / EMU, "h": number(extent.get("cy")) / EMU}
        yield {"t": "img", "name": name, **size, **(_anchor(frame) if frame.tag == WP + "anchor" else {})}


def _anchor(frame: Any) -> dict[str, Any]:
    """A picture that floats, a seal over the signature: where it stands from its paragraph."""
    found: dict[str, Any] = {"float": True, "dx": 0.0, "dy": 0.0, "side": "left"}
    for name, axis in (("positionH", "dx"), ("positionV", "dy")):
        position = frame.find(WP + name)
        if position is None:
            continue
        offset, align = position.find(WP + "posOffset"), position.find(WP + "align")
        if offset is not None:
            found[axis] = number(offset.text) / EMU
        elif align is not None and axis == "dx" and align.text in ("left", "center", "right"):
            found["side"] = align.text
        found[f"{axis}_from"] = position.get("relativeFrom", "column")
    return found


def _blanks(text: str) -> str:
    """Blanks that are underlined neither vanish at the end of a line nor fall together."""
    return re.sub(r" {2,}|^ | $", lambda found: "\u00a0" * len(found[0]), text)


def _page_field(code: str) -> Block | None:
    """PAGE and NUMPAGES; other fields show what Word last made of them."""
    words = code.split()
    return {"PAGE": {"t": "page"}, "NUMPAGES": {"t": "pages"}, "SECTIONPAGES": {"t": "pages"}}.get(
        words[0].upper() if words else ""
    )
